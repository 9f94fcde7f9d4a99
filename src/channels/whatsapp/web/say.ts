/** Says things through the library's client, each under an id of ours, so that nothing is said twice. */

import type { Client, Library } from './library.ts'
import { queue, within } from './limits.ts'
import type { Person } from './people.ts'
import type { Answers, WireMessage } from './protocol.ts'

export interface Mouth {
  send(chat: string, message: WireMessage, id: string): Promise<Answers['send']>
  lookup(chat: string, id: string): Promise<Answers['lookup']>
}

/** WhatsApp's own yes is waited for, but not for as long as the gateway waits for ours. */
const patience = 8000

export function mouth(client: Client, library: Library, personOf: (chat: string) => Promise<Person>): Mouth {
  /** Given up by those who asked, perhaps, but still going. */
  const underWay = new Map<string, Promise<void>>()
  /** The page holds one next id at a time. */
  const inTurn = queue()
  const inPage = async (code: string): Promise<unknown> => client.pupPage?.evaluate(code)

  async function lookup(chat: string, id: string): Promise<Answers['lookup']> {
    const person = await personOf(chat)
    for (const name of new Set([chat, person.lid, person.phone])) {
      if (name && (await client.getMessageById(`true_${name}_${id}`))) return { found: true }
    }
    return { found: false }
  }

  async function send(chat: string, message: WireMessage, id: string): Promise<Answers['send']> {
    const exists = `window.WWebJS.getChat(${JSON.stringify(chat)}, { getAsModel: false }).then(Boolean, () => false)`
    if ((await inPage(exists)) !== true) return { sent: false, why: 'not on WhatsApp' }
    const ms = patience + (message.as === 'media' ? message.bytes.length / 50 : 0)
    try {
      if (!underWay.has(id) && !(await lookup(chat, id)).found) underWay.set(id, say(chat, message, id))
      await within(ms, underWay.get(id))
    } catch (error) {
      // Without WhatsApp's own yes: what the page has taken, it keeps and sends once it is online.
      if (!(await lookup(chat, id)).found) throw error
    }
    return { sent: true }
  }

  async function say(chat: string, message: WireMessage, id: string): Promise<void> {
    try {
      const [content, options] = contentOf(message, library)
      await inPage(`window.balcaoNextId = ${JSON.stringify(id)}; true`)
      // What the bot answers nobody has read.
      const sent = await client.sendMessage(chat, content, { sendSeen: false, linkPreview: false, waitUntilMsgSent: true, ...options })
      if (!sent) throw new Error('the page did not say what it sent')
    } finally {
      underWay.delete(id)
      const forget = `if (window.balcaoNextId === ${JSON.stringify(id)}) window.balcaoNextId = undefined; true`
      await inPage(forget).catch(() => undefined)
    }
  }

  return { lookup, send: (chat, message, id) => inTurn(() => send(chat, message, id)) }
}

function contentOf(message: WireMessage, { MessageMedia, Location }: Library): [unknown, object] {
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
      const { caption, mimeType, name, asDocument, asVoice } = message
      const bytes = Buffer.from(message.bytes)
      const media = new MessageMedia(mimeType, bytes.toString('base64'), name, bytes.length)
      return [media, { caption, sendMediaAsDocument: asDocument, sendAudioAsVoice: asVoice }]
    }
  }
}
