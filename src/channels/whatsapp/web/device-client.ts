/** The library's client, told what to do and heard out in plain data. Lives in the process with the browser. */

import { trim, outline } from './trim.ts'
import { library, type Client, type Library, type Message } from './library.ts'
import { isOurs } from './message-id.ts'
import { isPerson } from './person.ts'
import type { WebPayload } from './payload.ts'
import type { Answers, Ending, Notice, Order, StartOptions, WireMessage } from './protocol.ts'

export interface Device {
  obey(order: Order): Promise<unknown>
  nameOf(error: unknown): { failed: 'unknown' | 'never'; detail: string }
  close(): Promise<void>
}

/** Not done, and known not to be. */
class NotDone extends Error {}

const sessionName = 'balcao'
const sizes = [50, 200, 1000]
/** Seconds after which a message whose event never came was missed. */
const late = 60
const now = (): number => Math.floor(Date.now() / 1000)

export function deviceOf(tell: (notice: Notice) => void): Device {
  let client: Client | undefined
  let wwebjs: Library | undefined
  let idKey = ''
  let me: string[] = []
  let isReady = false
  let ended = false
  let readyAt = 0
  const underWay = new Map<string, Promise<void>>()
  const people = new Map<string, Promise<WebPayload['person']>>()
  let turn: Promise<unknown> = Promise.resolve()

  /** Messages of one chat keep their order while their people are looked up. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }

  function end(ending: Ending, detail = ''): void {
    if (ended) return
    ended = true
    isReady = false
    tell({ tell: 'ending', ending, detail })
  }

  function ready(): Client {
    if (!client || !isReady) throw new NotDone('the device is not connected')
    return client
  }

  async function start(options: StartOptions): Promise<void> {
    idKey = options.idKey
    wwebjs = await library()
    const auth = new wwebjs.LocalAuth({ clientId: sessionName, dataPath: options.profileFolder })
    const made = new wwebjs.Client({
      authStrategy: auth,
      authTimeoutMs: 120_000,
      puppeteer: {
        headless: true,
        executablePath: options.executablePath,
        args: options.browserArguments,
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
      },
      ...(options.page
        ? {
            webVersion: options.page.version,
            webVersionCache: { type: 'local', path: options.page.folder, strict: true },
          }
        : { webVersionCache: { type: 'none' } }),
    })
    client = made
    auth.afterBrowserInitialized = async () => {
      tell({ tell: 'browser', pid: made.pupBrowser?.process()?.pid })
      // A browser that dies says nothing by the library's own events.
      made.pupBrowser?.on('disconnected', () => end('browser gone'))
    }
    listen(made)
    await made.initialize()
  }

  function listen(made: Client): void {
    made.on('qr', (qr: string) => tell({ tell: 'qr', qr }))
    made.on('change_state', (state: string) => tell({ tell: 'state', state }))
    made.on('disconnected', (reason: string) => end(endingOf(reason), String(reason)))
    made.on('ready', () => {
      void settle(made).then((keyed) => {
        isReady = true
        readyAt = now()
        tell({ tell: 'ready', me, keyed })
      })
    })
    made.on('message', (message: Message) => pass('message', message))
    made.on('message_create', (message: Message) => {
      if (message.id.fromMe && !isOurs(message.id.id, idKey)) pass('message_create', message)
    })
    made.on('message_ciphertext_failed', (message: Message) => pass('message_ciphertext_failed', message))
    made.on('message_revoke_everyone', (message: Message) => pass('message_revoke_everyone', message))
    made.on('message_edit', (message: Message, newBody: unknown) =>
      pass('message_edit', message, { newBody: String(newBody ?? '') }),
    )
    made.on('message_ack', (message: Message, ack: unknown) => {
      if (message.id.fromMe) pass('message_ack', message, { ack: Number(ack) })
    })
    made.on(
      'message_reaction',
      (reaction: { msgId?: unknown; senderId?: unknown; reaction?: unknown; timestamp?: unknown; id?: unknown }) => {
        const { id, msgId, senderId, reaction: emoji, timestamp } = reaction
        const whole = JSON.parse(
          JSON.stringify({ id, msgId, senderId, reaction: emoji, timestamp: Math.floor(Number(timestamp)) }),
        ) as object
        void inTurn(async () =>
          tellPayload({
            event: 'message_reaction',
            reaction: { ...whole },
            ...(await personOf(String(senderId))),
          }),
        )
      },
    )
  }

  /** Who we are, and whether the page takes our message ids. */
  async function settle(made: Client): Promise<boolean> {
    const own = await made.pupPage?.evaluate(ownNames).catch(() => undefined)
    me = [made.info?.wid?._serialized, ...(Array.isArray(own) ? own : [])]
      .filter((name): name is string => typeof name === 'string')
      .map((name) => name.replace(/:\d+@/, '@'))
    return (await made.pupPage?.evaluate(takeOurIds).catch(() => false)) === true
  }

  function pass(event: WebPayload['event'], message: Message, extra: Partial<WebPayload> = {}): void {
    void inTurn(async () => {
      const chat = String(message.id.remote)
      tellPayload(
        isPerson(chat)
          ? { event, message: trim(message), ...(await personOf(chat)), ...extra }
          : { event, message: outline(message) },
      )
    })
  }

  function tellPayload(payload: Omit<WebPayload, 'provider'>): void {
    tell({ tell: 'payload', payload: { provider: 'web', ...payload, me } })
  }

  async function personOf(chat: string): Promise<{ person?: NonNullable<WebPayload['person']> }> {
    const known = people.get(chat) ?? lookUp(chat)
    people.set(chat, known)
    const person = await known
    // Not known today is not unknown for ever.
    if (!person?.lid || !person.phone) people.delete(chat)
    if (people.size > 10_000) people.clear()
    return person ? { person } : {}
  }

  async function lookUp(chat: string): Promise<WebPayload['person']> {
    try {
      const [found] = (await within(5000, client?.getContactLidAndPhone([chat]))) ?? []
      return { ...(found?.lid && { lid: found.lid }), ...(found?.pn && { phone: found.pn }) }
    } catch {
      // WhatsApp may not tell; the name that the message came with must do.
      return undefined
    }
  }

  async function send(chat: string, message: WireMessage, id: string): Promise<Answers['send']> {
    const made = ready()
    const exists = await made.pupPage?.evaluate(
      `window.WWebJS.getChat(${JSON.stringify(chat)}, { getAsModel: false }).then(Boolean, () => false)`,
    )
    if (exists !== true) return { sent: false, why: 'not on WhatsApp' }
    // An earlier attempt that we gave up on may have gone out since, or may still be going.
    const ms = 15_000 + (message.as === 'media' ? message.bytes.length / 50 : 0)
    try {
      if (!underWay.has(id) && !(await lookup(chat, id)).found) underWay.set(id, say(made, chat, message, id))
      await within(ms, underWay.get(id))
    } catch (error) {
      // Without WhatsApp's own yes: what the page has taken, it keeps and sends once it is online.
      if (!(await lookup(chat, id)).found) throw error
    }
    return { sent: true }
  }

  async function say(made: Client, chat: string, message: WireMessage, id: string): Promise<void> {
    try {
      const [content, options] = await contentOf(message)
      await made.pupPage?.evaluate(`window.balcaoNextId = ${JSON.stringify(id)}; true`)
      const sent = await made.sendMessage(chat, content, { linkPreview: false, waitUntilMsgSent: true, ...options })
      if (!sent) throw new Error('the page did not say what it sent')
    } finally {
      underWay.delete(id)
      await made.pupPage
        ?.evaluate(`if (window.balcaoNextId === ${JSON.stringify(id)}) window.balcaoNextId = undefined; true`)
        .catch(() => undefined)
    }
  }

  async function contentOf(message: WireMessage): Promise<[unknown, object]> {
    const { MessageMedia, Location } = wwebjs ?? (await library())
    switch (message.as) {
      case 'text':
        return [message.text, { parseVCards: false }]
      case 'card':
        return [message.vcard, { parseVCards: true }]
      case 'location': {
        const { latitude, longitude, name, address } = message.location
        return [new Location(latitude, longitude, { name, address }), {}]
      }
      case 'media': {
        const bytes = Buffer.from(message.bytes)
        const media = new MessageMedia(message.mimeType, bytes.toString('base64'), message.name, bytes.length)
        return [
          media,
          { caption: message.caption, sendMediaAsDocument: message.asDocument, sendAudioAsVoice: message.asVoice },
        ]
      }
    }
  }

  async function lookup(chat: string, id: string): Promise<Answers['lookup']> {
    const made = ready()
    const { person } = await personOf(chat)
    for (const name of new Set([chat, person?.lid, person?.phone])) {
      if (name && (await made.getMessageById(`true_${name}_${id}`))) return { found: true }
    }
    return { found: false }
  }

  async function download(id: string, maxBytes: number): Promise<Answers['download']> {
    const message = await ready().getMessageById(id)
    const declared = Number((message?._data as { size?: unknown } | undefined)?.size ?? 0)
    if (declared > maxBytes) throw new NotDone(`file of ${declared} bytes is larger than ${maxBytes}`)
    const media = await message?.downloadMedia()
    if (!media) return undefined
    const bytes = Buffer.from(media.data, 'base64')
    if (bytes.length > maxBytes) throw new NotDone(`file is larger than ${maxBytes} bytes`)
    return { bytes, mimeType: media.mimetype }
  }

  /** Chats that moved since then, each as far back as it takes. */
  async function lookBack(since: number): Promise<Answers['look-back']> {
    let complete = true
    for (const chat of await ready().getChats()) {
      if (!isPerson(chat.id._serialized) || chat.isGroup) continue
      if ((chat.timestamp ?? 0) < since && !chat.unreadCount) continue
      const found = await backTo(since, (limit) => chat.fetchMessages({ limit }))
      complete &&= found.complete
      for (const message of found.messages) {
        if (message.id.fromMe && isOurs(message.id.id, idKey)) continue
        const event = message.id.fromMe ? 'message_create' : 'message'
        // What came in just now is found here too, and was not missed.
        const missed = message.timestamp < readyAt || now() - message.timestamp > late
        pass(event, message, missed ? { recovered: true } : {})
      }
    }
    await turn
    return { complete }
  }

  const orders: { [K in Order['do']]: (order: Extract<Order, { do: K }>) => Promise<unknown> } = {
    start: ({ options }) => start(options),
    send: (order) => inSendingTurn(() => send(order.chat, order.message, order.id)),
    lookup: (order) => lookup(order.chat, order.id),
    download: (order) => download(order.id, order.maxBytes),
    type: async (order) => {
      await (await ready().getChatById(order.chat)).sendStateTyping()
    },
    see: async (order) => {
      await ready().sendSeen(order.chat)
    },
    react: (order) => ready().sendReaction(order.id, order.emoji),
    state: async () => (isReady ? ((await client?.getState()) ?? 'UNKNOWN') : 'STARTING'),
    'look-back': ({ since }) => lookBack(since),
    close: async () => undefined,
  }
  let sending: Promise<unknown> = Promise.resolve()
  /** The page holds one next id at a time. */
  function inSendingTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = sending.then(work)
    sending = done.catch(() => undefined)
    return done
  }

  return {
    obey: (order) => (orders[order.do] as (order: Order) => Promise<unknown>)(order),
    nameOf: (error) => ({
      failed: error instanceof NotDone ? 'never' : 'unknown',
      detail: error instanceof NotDone ? error.message : kindOfFailure(error),
    }),
    async close() {
      ended = true
      isReady = false
      await client?.destroy()
    },
  }
}

/** Asks for more until what comes reaches back far enough, or nothing more comes. */
async function backTo(
  since: number,
  fetch: (limit: number) => Promise<Message[]>,
): Promise<{ messages: Message[]; complete: boolean }> {
  let messages: Message[] = []
  for (const limit of sizes) {
    messages = await fetch(limit)
    if (messages.length < limit || messages.some(({ timestamp }) => timestamp < since)) break
  }
  const wanted = messages.filter(({ timestamp }) => timestamp >= since).sort((a, b) => a.timestamp - b.timestamp)
  return { messages: wanted, complete: messages.length < (sizes.at(-1) ?? 0) || wanted.length < messages.length }
}

function endingOf(reason: string): Ending {
  if (reason === 'LOGOUT' || reason.startsWith('UNPAIRED')) return 'logged out'
  if (reason === 'CONFLICT') return 'taken over'
  if (reason.includes('TOS_BLOCK')) return 'banned'
  if (reason === 'DEPRECATED_VERSION') return 'outdated'
  return 'failed'
}

/** The page's words may quote a citizen: only what is known to be harmless is passed on. */
function kindOfFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return (
    /detached Frame|Session closed|Target closed|context was destroyed|timed out|did not say/i.exec(message)?.[0] ??
    (error instanceof Error ? error.name : 'unknown')
  )
}

function within<T>(ms: number, work: Promise<T> | undefined): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('timed out')), ms)
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer))
  })
}

const ownNames = `(() => {
  const user = window.require('WAWebUserPrefsMeUser')
  return [user.getMaybeMePnUser?.(), user.getMaybeMeLidUser?.()].map((name) => name?._serialized)
})()`

/** True if the page lets us name the next message. */
const takeOurIds = `(() => {
  const key = window.require('WAWebMsgKey')
  if (key.isBalcaos) return true
  const original = key.newId
  const ours = async (...args) => {
    const next = window.balcaoNextId
    window.balcaoNextId = undefined
    return next ?? original.apply(key, args)
  }
  key.newId = ours
  key.isBalcaos = key.newId === ours
  return key.isBalcaos
})()`
