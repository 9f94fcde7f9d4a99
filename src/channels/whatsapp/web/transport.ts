/** The linked device: keeps a browser process alive, hears it out, and seals the session when it stops. */

import { createHmac } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { SendError, type ChannelState, type Connection, type Host } from '../../../core/channel.ts'
import type { WebConfig } from '../config.ts'
import { browserArguments, clearLocks, findBrowser } from './browser.ts'
import { startDevice, type Device } from './device.ts'
import { inbox, pause } from './inbox.ts'
import { recall } from './memory.ts'
import { messageId } from './message-id.ts'
import { pacer } from './pace.ts'
import type { WebPayload } from './payload.ts'
import type { WebRoute } from './person.ts'
import type { Ending, WireMessage } from './protocol.ts'
import type { WebRequest } from './render.ts'
import { seal, unseal } from './seal.ts'
import { endings, noBrowser, notOnline, scan, scanAgain, sealedOtherwise } from './words.ts'

const second = 1000
const largestDownload = 100 * 1024 * 1024
/** Clocks differ, and messages overtake each other. */
const margin = 10 * 60
/** Events get lost in the page now and then: looked back this often, in watchdog rounds. */
const rounds = 20
const longestWait = 5 * 60 * second
/** Not to be hammered at. */
const afterTrouble: Partial<Record<Ending, number>> = {
  'taken over': 60 * second,
  banned: 3600 * second,
  outdated: 600 * second,
}

export async function connect(config: WebConfig, host: Host<WebPayload>): Promise<Connection<WebRequest>> {
  const memory = await recall(host)
  const arrivals = inbox(host)
  const pace = pacer(config, host, memory)
  const closing = new AbortController()
  const profile = join(host.folder, 'session')
  const sealed = join(host.folder, 'session.sealed')
  const idKey = createHmac('sha256', config.encryptionKey.reveal()).update('message ids').digest('hex')
  let device: Device | undefined
  let online = false
  let keyed = false
  let shown: string | undefined

  function report(state: ChannelState): void {
    const said = JSON.stringify(state)
    if (said !== shown) host.report(state)
    shown = said
  }

  async function run(): Promise<void> {
    await mkdir(host.folder, { recursive: true, mode: 0o700 })
    const executablePath = findBrowser(config)
    if (!executablePath) return report({ status: 'needs-attention', reason: noBrowser })
    try {
      // A profile in the open is newer: it was left by a crash.
      if (!existsSync(profile) && existsSync(sealed)) await unseal(sealed, profile, config.encryptionKey)
    } catch (error) {
      host.log.error({ err: error }, 'whatsapp: the sealed session does not open')
      return report({ status: 'needs-attention', reason: sealedOtherwise })
    }
    for (let failures = 0; !closing.signal.aborted; ) {
      const { ending, detail, lasted } = await once(executablePath)
      if (closing.signal.aborted) break
      failures = lasted ? 0 : failures + 1
      if (ending !== 'closed') {
        host.log.warn({ ending, detail }, 'whatsapp: the device stopped')
        const mends = ending === 'browser gone' || ending === 'failed'
        report({ status: mends && failures < 5 ? 'degraded' : 'needs-attention', reason: endings[ending] })
      }
      if (ending === 'logged out') await forget()
      const wait = afterTrouble[ending] ?? Math.min(longestWait, 500 * 2 ** failures) * (0.5 + host.random() / 2)
      await pause(wait, closing.signal)
    }
    if (existsSync(profile)) await seal(profile, sealed, config.encryptionKey)
  }

  /** One life of the browser. */
  async function once(executablePath: string): Promise<{ ending: Ending; detail: string; lasted: boolean }> {
    let lasted = false
    await clearLocks(join(profile, 'session-balcao'))
    if (closing.signal.aborted) return { ending: 'closed', detail: '', lasted }
    const life = new AbortController()
    const current = startDevice((news) => {
      if (news.tell === 'payload') arrivals.add(news.payload)
      else if (news.tell === 'qr') {
        report({ status: 'needs-attention', reason: memory.paired ? scanAgain : scan, qr: news.qr })
      } else if (news.tell === 'state') {
        if (news.state === 'TIMEOUT' || news.state === 'OPENING') report({ status: 'degraded', reason: notOnline })
        else if (news.state === 'CONNECTED' && online) report({ status: 'connected' })
      } else {
        lasted = true
        online = true
        keyed = news.keyed
        if (!keyed) host.log.warn('whatsapp: the page does not take our message ids; a cut send cannot be looked up')
        void paired(current, news.me[0])
      }
    })
    device = current
    if (closing.signal.aborted) void current.close()
    report({ status: 'connecting' })
    current
      .ask(
        {
          do: 'start',
          options: {
            profileFolder: profile,
            executablePath,
            browserArguments: browserArguments(config),
            idKey,
            ...(config.page && { page: config.page }),
          },
        },
        { ms: 240 * second },
      )
      .catch((error: unknown) => current.kill(error instanceof Error ? error.message : 'did not start'))
    void watch(current, life.signal)
    const { ending, detail } = await current.ended
    life.abort()
    online = false
    device = undefined
    return { ending, detail, lasted }
  }

  async function paired(current: Device, name: string | undefined): Promise<void> {
    // Another account: what the last one had read says nothing.
    if (memory.paired !== name || memory.from === undefined) {
      memory.from = Math.floor(host.now().getTime() / second)
      memory.since = memory.from
    }
    memory.paired = name
    await memory.save()
    report({ status: 'connected' })
    await lookBack(current)
  }

  async function lookBack(current: Device): Promise<void> {
    const { since, from } = memory
    if (since === undefined || from === undefined) return
    try {
      const { complete } = await current.ask(
        { do: 'look-back', since: Math.max(from, since - margin) },
        { ms: 120 * second },
      )
      if (!complete) report({ status: 'connected', gapSince: new Date(since * second) })
    } catch (error) {
      host.log.warn({ err: error }, 'whatsapp: could not look back for missed messages')
    }
  }

  /** A browser can hang without a word. */
  async function watch(current: Device, over: AbortSignal): Promise<void> {
    for (let round = 1; ; round++) {
      await pause(config.watchdogSeconds * second, over)
      if (over.aborted) return
      try {
        const state = await current.ask({ do: 'state' }, { ms: 15 * second })
        if (state === 'STARTING') continue
      } catch {
        if (!over.aborted) current.kill('the browser did not answer the watchdog')
        return
      }
      // The first rounds catch what WhatsApp was still fetching when it said that it was ready.
      if (round <= 3 || round % rounds === 0) await lookBack(current)
      await remember()
    }
  }

  async function remember(): Promise<void> {
    memory.since = Math.max(memory.since ?? 0, arrivals.newest() ?? 0) || undefined
    await memory.save()
  }

  async function forget(): Promise<void> {
    await rm(profile, { recursive: true, force: true })
    await rm(sealed, { force: true })
  }

  function connected(): Device {
    if (!device || !online) throw new SendError('unreachable', 'o dispositivo WhatsApp não está ligado')
    return device
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

  const life = run().catch((error: unknown) => {
    host.log.error({ err: error }, 'whatsapp: the linked device cannot go on')
    report({ status: 'needs-attention', reason: endings.failed })
  })

  return {
    async send(request, { key, signal }) {
      const id = messageId(key, idKey)
      const current = connected()
      const message = await wire(request.say)
      await pace.turn(signal)
      const done = await current.ask({ do: 'send', chat: request.chat, message, id }, { ms: 120 * second, signal })
      void pace.save()
      if (!done.sent) throw new SendError('rejected', 'este número não tem WhatsApp')
      return { externalId: `out:${id}` }
    },
    async lookup(request, { key, signal }) {
      const current = connected()
      if (!keyed) throw new SendError('ambiguous', 'a página não aceita os nossos identificadores')
      const id = messageId(key, idKey)
      const { found } = await current.ask({ do: 'lookup', chat: request.chat, id }, { ms: 30 * second, signal })
      return found ? { externalId: `out:${id}` } : undefined
    },
    async fetch(source, signal) {
      const id = /^web:((?:true|false)_[\w.@:-]+)$/.exec(source)?.[1]
      if (!id) throw new Error('not a WhatsApp media reference')
      const file = await connected().ask(
        { do: 'download', id, maxBytes: largestDownload },
        { ms: 300 * second, signal },
      )
      if (!file) throw new Error('WhatsApp no longer has this file')
      const bytes = Buffer.from(file.bytes)
      return { body: Readable.from([bytes]), mimeType: file.mimeType, bytes: bytes.length }
    },
    async typing(route) {
      await connected().ask({ do: 'type', chat: (route as WebRoute).chat }, { ms: 10 * second })
    },
    async markRead(route) {
      await connected().ask({ do: 'see', chat: (route as WebRoute).chat }, { ms: 10 * second })
    },
    async react(route, externalId, emoji) {
      const [direction, own] = externalId.split(':')
      const id = `${direction === 'out'}_${(route as WebRoute).chat}_${own}`
      await connected().ask({ do: 'react', id, emoji: emoji ?? '' }, { ms: 30 * second })
    },
    async check() {
      const browser = findBrowser(config)
      const state = await device?.ask({ do: 'state' }, { ms: 15 * second }).catch(() => undefined)
      return [
        browser
          ? { name: 'browser', ok: true, detail: browser }
          : {
              name: 'browser',
              ok: false,
              detail: 'no Chromium or Chrome found',
              fix: 'Install chromium, or set executablePath.',
            },
        state === 'CONNECTED'
          ? { name: 'linked device', ok: true, detail: `connected as ${memory.paired ?? 'unknown'}` }
          : {
              name: 'linked device',
              ok: false,
              detail: state ?? 'not running',
              fix: 'See the state of the channel; scan the QR code if it shows one.',
            },
        { name: 'risk', ok: true, detail: 'an unofficial client: WhatsApp may ban this number without warning' },
      ]
    },
    async close() {
      closing.abort()
      await device?.close()
      await life
      await Promise.race([arrivals.idle(), pause(5 * second, new AbortController().signal)])
      memory.since = Math.max(memory.since ?? 0, arrivals.newest() ?? 0) || undefined
      arrivals.close()
      await memory.save()
    },
  }
}
