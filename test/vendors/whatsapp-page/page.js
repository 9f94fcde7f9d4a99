/*
 * A stand-in for WhatsApp's own page: it defines the modules that the library asks for, and gets its news from the server
 * beside it. Ours from the first line; nothing of WhatsApp's is in it. `SERVER` is put in when it is served.
 */

class Emitter {
  #told = []
  on(names, tell) {
    for (const name of names.split(' ')) this.#told.push({ name, tell })
    this.listened?.(names)
  }
  once(name, tell) {
    const first = (...args) => {
      this.off(name, first)
      tell(...args)
    }
    this.on(name, first)
  }
  off(name, tell) {
    this.#told = this.#told.filter((one) => one.name !== name || one.tell !== tell)
  }
  emit(name, ...args) {
    for (const one of [...this.#told]) if (one.name === name) one.tell(...args)
  }
}

class Wid {
  constructor(name) {
    const [user, server] = String(name?._serialized ?? name).split('@')
    this.user = user
    this.server = server
    this._serialized = `${user}@${server}`
  }
  isLid() {
    return this.server === 'lid'
  }
  isGroup() {
    return this.server === 'g.us'
  }
  isStatus() {
    return this._serialized === 'status@broadcast'
  }
  toString() {
    return this._serialized
  }
}
const plain = (wid) => ({ server: wid.server, user: wid.user, _serialized: wid._serialized })

let made = 0
class MsgKey {
  constructor({ fromMe, remote, to, id, selfDir }) {
    this.fromMe = fromMe ?? selfDir === 'out'
    this.remote = plain(new Wid(remote ?? to))
    this.id = id
    this._serialized = `${this.fromMe}_${this.remote._serialized}_${id}`
  }
  static async newId() {
    return `3EB0${String(++made).padStart(4, '0')}${Date.now().toString(16).toUpperCase().padStart(14, '0')}`
  }
}

class Model {
  constructor(fields) {
    Object.assign(this, fields)
  }
  serialize() {
    const copy = {}
    for (const [name, value] of Object.entries(this)) {
      if (typeof value === 'function' || name === 'msgs' || name === 'mediaData' || value === undefined) continue
      copy[name] = value instanceof Wid ? plain(value) : value instanceof MsgKey ? { ...value } : value
    }
    return copy
  }
}

class Msg extends Model {
  async downloadMedia() {
    this.mediaData.mediaStage = 'RESOLVED'
  }
  unsafe() {
    return this
  }
  msgContextInfo() {
    return { quotedStanzaID: this.id.id, quotedParticipant: plain(new Wid(this.from)) }
  }
}

class Msgs extends Emitter {
  #all = new Map()
  get(id) {
    return this.#all.get(id?._serialized ?? id)
  }
  getModelsArray() {
    return [...this.#all.values()]
  }
  async getMessagesById(ids) {
    return { messages: ids.map((id) => this.get(id)).filter(Boolean) }
  }
  put(message) {
    this.#all.set(message.id._serialized, message)
    const chat = Chat.of(message.id.remote)
    chat.list.push(message)
    chat.t = Math.max(chat.t ?? 0, message.t)
    if (!message.id.fromMe) chat.unreadCount++
  }
}

class Chats extends Emitter {
  #all = new Map()
  get(wid) {
    return this.#all.get(wid?._serialized ?? wid)
  }
  find(wid) {
    return this.of(wid)
  }
  getModelsArray() {
    return [...this.#all.values()]
  }
  of(wid) {
    const name = wid?._serialized ?? String(wid)
    if (!this.#all.has(name)) {
      const list = []
      this.#all.set(
        name,
        new Model({
          id: new Wid(name),
          list,
          unreadCount: 0,
          formattedTitle: name,
          mute: { expiration: 0 },
          msgs: { getModelsArray: () => [...list] },
          serialize() {
            return { id: plain(this.id), t: this.t, unreadCount: this.unreadCount, formattedTitle: name }
          },
          ...(name.endsWith('@g.us') && { groupMetadata: new Model({ participants: [] }) }),
        }),
      )
    }
    return this.#all.get(name)
  }
}

const Socket = Object.assign(new Emitter(), { state: 'OPENING', hasSynced: false })
const Conn = Object.assign(new Emitter(), {
  ref: 'ref-0',
  platform: 'android',
  serialize: () => ({ pushname: 'Câmara Municipal', platform: 'android' }),
})
const Cmd = Object.assign(new Emitter(), { refreshQR() {} })
const MsgCollection = new Msgs()
const Chat = new Chats()
const me = { pn: undefined, lid: undefined }
const people = []
const files = new Map()

const partner = (wid) => people.find((one) => one.phone === wid._serialized || one.lid === wid._serialized)
const post = (path, body) =>
  fetch(`${SERVER}${path}`, {
    method: 'POST',
    body: typeof body === 'string' || body instanceof Blob ? body : JSON.stringify(body),
  })

/** The page tells once that it has caught up, and only to who listens. */
let isHeard = false
function caughtUp() {
  if (Socket.hasSynced || !isHeard || Socket.state !== 'CONNECTED') return
  Socket.hasSynced = true
  setTimeout(() => Socket.emit('change:hasSynced'), 20)
}
Socket.listened = (name) => {
  isHeard ||= name === 'change:hasSynced'
  caughtUp()
}
function setState(state) {
  Socket.state = state
  Socket.emit('change:state', Socket, state)
  caughtUp()
}

function fromServer(message, isNewMsg) {
  const { stanza, chat, fromMe, ...fields } = message
  const model = new Msg({
    ...fields,
    id: new MsgKey({ fromMe, remote: chat, id: stanza }),
    from: fromMe ? plain(me.pn) : plain(new Wid(chat)),
    to: fromMe ? plain(new Wid(chat)) : plain(me.pn),
    isNewMsg,
    ...(fields.directPath && { mediaData: { mediaStage: 'INIT' } }),
  })
  MsgCollection.put(model)
  if (isNewMsg) MsgCollection.emit('add', model)
}

const news = {
  ref: ({ ref }) => {
    Conn.ref = ref
    Conn.emit('change:ref', Conn, ref)
  },
  async paired({ device }) {
    await keep(device)
    await load(device)
    setState('CONNECTED')
  },
  add: ({ message }) => fromServer(message, true),
  /** Known to the page, and told to nobody. */
  learn: ({ message }) => fromServer(message, false),
  edit({ id, body }) {
    const message = MsgCollection.get(id)
    const before = message.body
    message.body = body
    message.latestEditSenderTimestampMs = Date.now()
    MsgCollection.emit('change:body', message, body, before)
  },
  revoke({ id }) {
    const message = MsgCollection.get(id)
    message.type = 'revoked'
    message.body = ''
    MsgCollection.emit('change', message)
    MsgCollection.emit('change:type', message)
  },
  ack({ id, ack }) {
    const message = MsgCollection.get(id)
    message.ack = ack
    MsgCollection.emit('change:ack', message, ack)
  },
  react({ id, by, emoji }) {
    modules.WAWebAddonReactionTableMode.reactionTableMode.bulkUpsert([
      {
        id: new MsgKey({ fromMe: false, remote: by, id: `R${Date.now()}` }),
        reactionParentKey: { ...MsgCollection.get(id).id, remote: MsgCollection.get(id).id.remote._serialized },
        reactionTimestamp: Date.now(),
        reactionText: emoji,
        from: plain(new Wid(by)),
        read: false,
      },
    ])
  },
  state: ({ state }) => setState(state),
  async logout() {
    await keep('')
    Cmd.emit('logout')
    setTimeout(() => location.reload(), 200)
  },
  /** A page that hangs. */
  hang: () => {
    for (;;);
  },
}

/** A browser that is killed loses its localStorage of the last seconds; not this. */
const stored = new Promise((resolve) => {
  const asked = indexedDB.open('session', 1)
  asked.onupgradeneeded = () => asked.result.createObjectStore('kept')
  asked.onsuccess = () => resolve(asked.result)
})
async function keep(what, name = 'device') {
  const work = (await stored).transaction('kept', 'readwrite', { durability: 'strict' })
  work.objectStore('kept').put(what, name)
  await new Promise((resolve) => {
    work.oncomplete = resolve
  })
}
async function kept(name = 'device') {
  const asked = (await stored).transaction('kept').objectStore('kept').get(name)
  return new Promise((resolve) => {
    asked.onsuccess = () => resolve(asked.result)
  })
}

async function load(device) {
  const boot = await (await post('/boot', { device })).json()
  if (!boot.paired) return false
  me.pn = new Wid(boot.me.phone)
  me.lid = new Wid(boot.me.lid)
  people.push(...boot.people)
  for (const message of boot.messages) fromServer(message, false)
  for (const told of (await kept('unsent')) ?? []) {
    if (!boot.messages.some(({ stanza }) => stanza === told.stanza)) fromServer({ ...told, fromMe: true, t: Math.floor(Date.now() / 1000) }, false)
    void deliver(told)
  }
  return true
}

/** What is on its way is kept, and sent again until it is taken: also by the page's next life. */
const unsent = new Map()
async function deliver(told) {
  unsent.set(told.stanza, told)
  await keep([...unsent.values()], 'unsent')
  for (;;) {
    const reply = await post('/send', told).catch(() => undefined)
    if (reply) {
      const { ack } = await reply.json()
      unsent.delete(told.stanza)
      await keep([...unsent.values()], 'unsent')
      return ack
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

class OpaqueData {
  constructor(blob) {
    this.blob = blob
  }
  static async createFromData(blob) {
    return new OpaqueData(blob)
  }
  url() {
    return 'blob:opaque'
  }
  autorelease() {}
  formData() {
    return this.blob
  }
}

class MediaData {
  constructor(fields) {
    Object.assign(this, fields)
  }
  set(fields) {
    Object.assign(this, fields)
  }
  toJSON() {
    const { mediaBlob, ...rest } = this
    return rest
  }
}

const kindOf = (type, { asDocument, isPtt, asSticker }) =>
  asDocument
    ? 'document'
    : asSticker
      ? 'sticker'
      : isPtt
        ? 'ptt'
        : (['image', 'video', 'audio'].find((kind) => type.startsWith(kind)) ?? 'document')

const modules = {
  WAWebSocketModel: { Socket },
  WAWebCmd: { Cmd },
  WAWebConnModel: { Conn },
  WAWebOfflineHandler: { OfflineMessageHandler: { getOfflineDeliveryProgress: () => 100 } },
  WAWebAltDeviceLinkingApi: {},
  WABase64: { encodeB64: (bytes) => btoa(String.fromCharCode(...bytes)) },
  WAWebCompanionRegClientUtils: { DEVICE_PLATFORM: '1' },
  WAWebAdvSignatureApi: {},
  WAWebUserPrefsInfoStore: { waNoiseInfo: { get: async () => ({ staticKeyPair: { pubKey: new Uint8Array(32) } }) } },
  WAWebSignalStoreApi: {
    waSignalStore: { getRegistrationInfo: async () => ({ identityKeyPair: { pubKey: new Uint8Array(32) } }) },
  },
  WAWebUserPrefsMultiDevice: { getADVSecretKey: () => 'c2VjcmV0' },
  WAWebUserPrefsMeUser: { getMaybeMePnUser: () => me.pn, getMaybeMeLidUser: () => me.lid },
  WAWebCollections: {
    Msg: MsgCollection,
    Chat,
    Contact: { find: async () => new Model({}), getModelsArray: () => [] },
    GroupMetadata: { update: async () => undefined },
  },
  WAWebSyncGatingUtils: {},
  WAWebCallCollection: null,
  WAWebNonMessageDataRequestPlaceholderMessageResendUtils: { handlePlaceholderMsgsSeen() {} },
  WAWebWidFactory: {
    createWid: (name) => new Wid(name),
    createWidFromWidLike: (name) => new Wid(name),
    asUserWidOrThrow: (wid) => wid,
  },
  WAWebLidMigrationUtils: { toPn: (wid) => wid },
  WAWebChatGetters: { getIsNewsletter: () => false, getIsBroadcast: (chat) => chat.id.isStatus() },
  WALinkify: { findLink: () => undefined, findLinks: () => [] },
  WAWebMsgKey: MsgKey,
  WAWebGetEphemeralFieldsMsgActionsUtils: { getEphemeralFields: () => ({}) },
  WAWebStreamModel: { Stream: { markAvailable() {}, markUnavailable() {} } },
  WAWebUpdateUnreadChatAction: {
    async sendSeen({ chat }) {
      chat.unreadCount = 0
      await post('/seen', { chat: chat.id._serialized })
    },
  },
  WAWebApiContact: {
    getCurrentLid: (wid) => {
      const lid = partner(wid)?.lid
      return lid && new Wid(lid)
    },
    getPhoneNumber: (wid) => {
      const phone = partner(wid)?.phone
      return phone && new Wid(phone)
    },
    getAlternateUserWid: () => undefined,
  },
  WAWebQueryExistsJob: { queryWidExists: async (wid) => (partner(wid) ? { wid } : null) },
  WAWebFindChatAction: {
    async findOrCreateLatestChat(wid) {
      const { exists } = await (await post('/exists', { chat: wid._serialized })).json()
      if (!exists) throw new Error('No LID for user')
      return { chat: Chat.of(wid) }
    },
  },
  WAWebChatLoadMessages: { loadEarlierMsgs: async () => [] },
  WAWebChatStateBridge: { sendChatStateComposing: (wid) => post('/typing', { chat: wid._serialized }) },
  WAWebSendReactionMsgAction: {
    sendReactionToMsg: (message, emoji) => post('/reacted', { id: message.id._serialized, emoji }),
  },
  WAWebAddonReactionTableMode: { reactionTableMode: { bulkUpsert() {} } },
  WAWebAddonPollVoteTableMode: { pollVoteTableMode: { bulkUpsert() {} } },
  WAWebMsgReply: { canReplyMsg: () => true },
  WAWebVcardParsingUtils: { parseVcard: (text) => (text.startsWith('BEGIN:VCARD') ? text : undefined) },
  WAWebVcardGetNameFromParsed: { vcardGetNameFromParsed: (text) => /^FN:(.*)$/m.exec(text)?.[1] },
  WAWebSendMsgChatAction: {
    addAndSendMsgToChat(chat, fields) {
      const { to, from, ...rest } = fields
      const message = new Msg({ ...rest, from: plain(from), to: plain(to) })
      MsgCollection.put(message)
      MsgCollection.emit('add', message)
      const told = {
        stanza: message.id.id,
        chat: chat.id._serialized,
        type: message.type,
        body: message.body,
        caption: message.caption,
        filehash: message.filehash,
        filename: message.filename,
        mimetype: message.mimetype,
        lat: message.lat,
        lng: message.lng,
        loc: message.loc,
      }
      const sent = deliver(told).then((ack) => {
        message.ack = ack
        MsgCollection.emit('change:ack', message, ack)
      })
      return [Promise.resolve(), sent]
    },
  },
  WAWebMediaOpaqueData: OpaqueData,
  WAWebPrepRawMedia: {
    prepRawMedia: (opaque, params) => ({
      async waitForPrep() {
        const digest = await crypto.subtle.digest('SHA-256', await opaque.blob.arrayBuffer())
        const filehash = btoa(String.fromCharCode(...new Uint8Array(digest)))
        files.set(filehash, opaque.blob)
        return new MediaData({
          type: kindOf(opaque.blob.type, params),
          mimetype: opaque.blob.type,
          filename: opaque.blob.name,
          filehash,
          mediaBlob: opaque,
          size: opaque.blob.size,
        })
      },
    }),
  },
  WAWebMediaStorage: {
    getOrCreateMediaObject: (filehash) => ({
      filehash,
      type: 'media',
      size: files.get(filehash).size,
      contentInfo: {},
      consolidate() {},
    }),
  },
  WAWebMmsMediaTypes: { msgToMediaType: ({ type }) => type, castToV4: (type) => type },
  WAWebMediaDataUtils: { shouldUseMediaCache: () => false },
  WAWebMediaMmsV4Upload: {
    async uploadMedia({ mediaObject }) {
      await post(`/media?hash=${encodeURIComponent(mediaObject.filehash)}`, files.get(mediaObject.filehash))
      return {
        mediaEntry: {
          mmsUrl: 'mms',
          directPath: `/media?hash=${encodeURIComponent(mediaObject.filehash)}`,
          mediaKey: 'key',
          encFilehash: mediaObject.filehash,
        },
      }
    },
  },
  WAWebDownloadManager: {
    downloadManager: {
      async downloadAndMaybeDecrypt({ directPath }) {
        const reply = await fetch(`${SERVER}${directPath}`)
        if (!reply.ok) throw Object.assign(new Error('gone'), { status: reply.status })
        return reply.arrayBuffer()
      },
    },
  },
}
Socket.logout = () => post('/logout', {})

window.require = (name) => {
  if (!(name in modules)) throw new Error(`the stand-in has no module ${name}`)
  return modules[name]
}

const stream = new EventSource(`${SERVER}/news`)
stream.onmessage = ({ data }) => {
  const told = JSON.parse(data)
  news[told.do](told)
}
stream.onopen = async () => {
  if (window.Debug) return
  const device = await kept()
  Socket.state = device && (await load(device)) ? 'CONNECTED' : 'UNPAIRED'
  window.Debug = { VERSION: '2.3000.1' }
}
