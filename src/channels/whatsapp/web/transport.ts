/** The linked device as a connection: what is sent goes to the browser, what it hears goes to the gateway. */

import { createHmac } from 'node:crypto'
import { Readable } from 'node:stream'
import { SendError, type ChannelCheck, type Connection, type Host } from '../../../core/channel.ts'
import type { WebConfig } from '../config.ts'
import { findBrowser } from './browser.ts'
import { pause } from '../../pause.ts'
import { inbox } from './inbox.ts'
import { live } from './life.ts'
import { recall } from './memory.ts'
import { messageId } from './message-id.ts'
import { pacer } from './pace.ts'
import type { WebPayload } from './payload.ts'
import type { WebRoute } from './person.ts'
import type { WireMessage } from './protocol.ts'
import type { WebRequest } from './render.ts'
import { noBrowser } from './words.ts'

const second = 1000
const largestDownload = 100 * 1024 * 1024

export async function connect(config: WebConfig, host: Host<WebPayload>): Promise<Connection<WebRequest>> {
  const memory = await recall(host)
  const arrivals = inbox(host)
  const pace = pacer(config, host, memory)
  const idKey = createHmac('sha256', config.encryptionKey.reveal()).update('message ids').digest('hex')
  const life = live(config, host, memory, arrivals, idKey)

  function online() {
    const found = life.online()
    if (!found) throw new SendError('unreachable', { pt: 'o dispositivo WhatsApp não está ligado', en: 'the WhatsApp device is not connected' })
    return found
  }

  async function wire(say: WebRequest['say']): Promise<WireMessage> {
    if (say.as !== 'media') return say
    const { attachment, caption, asDocument } = say
    const { bytes, mimeType } = await host.open(attachment.source)
    return {
      as: 'media',
      bytes,
      mimeType,
      caption,
      asDocument,
      name: attachment.name ?? `ficheiro.${(mimeType.split(/[/;]/)[1] ?? 'bin').replace(/[^\w]/g, '')}`,
      asVoice: attachment.role === 'voice' && !asDocument,
    }
  }

  return {
    async send(request, { key, signal }) {
      const id = messageId(key, idKey)
      const { device, keyed } = online()
      const message = await wire(request.say)
      await pace.turn(signal)
      const done = await device
        .ask({ do: 'send', chat: request.chat, message, id }, { ms: 120 * second, signal })
        .catch((error: unknown) => {
          // Under an id that the page chose, a second attempt could be a second message.
          const unsure = error instanceof SendError && error.reason === 'ambiguous' && !keyed
          throw unsure ? new SendError('rejected', { pt: 'pode ter seguido ou não: confirme no telemóvel', en: 'it may have left or not: look at the phone' }) : error
        })
      void pace.save()
      if (!done.sent) throw new SendError('rejected', { pt: 'este número não tem WhatsApp', en: 'this number has no WhatsApp' })
      return { externalId: `out:${id}` }
    },
    async lookup(request, { key, signal }) {
      const { device, keyed } = online()
      if (!keyed) throw new SendError('ambiguous', { pt: 'a página não aceita os nossos identificadores', en: 'the page does not take ids of ours' })
      const id = messageId(key, idKey)
      const { found } = await device.ask({ do: 'lookup', chat: request.chat, id }, { ms: 30 * second, signal })
      return found ? { externalId: `out:${id}` } : undefined
    },
    async fetch(source, signal) {
      const id = /^web:((?:true|false)_[\w.@:-]+)$/.exec(source)?.[1]
      if (!id) throw new Error('not a WhatsApp media reference')
      const file = await online().device.ask(
        { do: 'download', id, maxBytes: largestDownload },
        { ms: 300 * second, signal },
      )
      if (!file) throw new Error('WhatsApp no longer has this file')
      const bytes = Buffer.from(file.bytes)
      return { body: Readable.from([bytes]), mimeType: file.mimeType, bytes: bytes.length }
    },
    async typing(route) {
      await online().device.ask({ do: 'type', chat: (route as WebRoute).chat }, { ms: 10 * second })
    },
    async markRead(route) {
      await online().device.ask({ do: 'see', chat: (route as WebRoute).chat }, { ms: 10 * second })
    },
    async react(route, externalId, emoji) {
      const [direction, own] = externalId.split(':')
      const id = `${direction === 'out'}_${(route as WebRoute).chat}_${own}`
      await online().device.ask({ do: 'react', id, emoji: emoji ?? '' }, { ms: 30 * second })
    },
    check: async () => checks(findBrowser(config), await life.state(), memory.paired),
    async close() {
      await life.close()
      await Promise.race([arrivals.idle(), pause(5 * second, new AbortController().signal)])
      memory.since = Math.max(memory.since ?? 0, arrivals.newest() ?? 0) || undefined
      arrivals.close()
      await memory.save()
    },
  }
}

const named = {
  browser: { pt: 'navegador', en: 'browser' },
  device: { pt: 'dispositivo associado', en: 'linked device' },
  risk: { pt: 'risco', en: 'risk' },
}

function checks(browser: string | undefined, state: string | undefined, paired: string | undefined): ChannelCheck[] {
  return [
    browser
      ? { name: named.browser, ok: true, detail: browser }
      : { name: named.browser, ok: false, detail: { pt: 'nenhum encontrado', en: 'none found' }, fix: noBrowser },
    state === 'CONNECTED'
      ? { name: named.device, ok: true, detail: { pt: `ligado como ${paired ?? '?'}`, en: `connected as ${paired ?? '?'}` } }
      : {
          name: named.device,
          ok: false,
          detail: state ?? { pt: 'não está a correr', en: 'not running' },
          fix: {
            pt: 'Veja o estado do canal; se mostrar um código QR, leia-o com o telemóvel.',
            en: 'See the state of the channel; scan the QR code if it shows one.',
          },
        },
    {
      name: named.risk,
      ok: true,
      detail: {
        pt: 'um cliente não oficial: o WhatsApp pode banir este número sem aviso',
        en: 'an unofficial client: WhatsApp may ban this number without warning',
      },
    },
  ]
}
