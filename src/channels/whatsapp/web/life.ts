/** Keeps a browser alive: starts it, watches it, starts it again; and seals its session at the end. */

import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChannelState, Host } from '../../../core/channel.ts'
import type { WebConfig } from '../config.ts'
import { browserArguments, clearLocks, findBrowser } from './browser.ts'
import { startDevice, type Device } from './device.ts'
import { pause } from '../../pause.ts'
import type { Inbox } from './inbox.ts'
import type { Memory } from './memory.ts'
import type { WebPayload } from './payload.ts'
import type { Ending, Notice } from './protocol.ts'
import { seal, unseal } from './seal.ts'
import { endings, noBrowser, notOnline, scan, scanAgain, sealedOtherwise } from './words.ts'

export interface Life {
  /** The device, once it can be spoken through. */
  online(): { device: Device; keyed: boolean } | undefined
  /** WhatsApp's word for how it is, or undefined where there is no browser. */
  state(): Promise<string | undefined>
  close(): Promise<void>
}

const second = 1000
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

export function live(config: WebConfig, host: Host<WebPayload>, memory: Memory, arrivals: Inbox, idKey: string): Life {
  const closing = new AbortController()
  const profile = join(host.folder, 'session')
  const sealed = join(host.folder, 'session.sealed')
  let device: Device | undefined
  let online: { device: Device; keyed: boolean } | undefined
  let shown: string | undefined

  function report(state: ChannelState): void {
    // What still happens while it closes is nothing to act on.
    if (closing.signal.aborted && state.status !== 'closed') return
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
      if (ending === 'logged out') {
        await rm(profile, { recursive: true, force: true })
        await rm(sealed, { force: true })
      }
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
    const over = new AbortController()
    const current = startDevice((news) => {
      lasted ||= news.tell === 'ready'
      hear(current, news)
    })
    device = current
    if (closing.signal.aborted) void current.close()
    report({ status: 'connecting' })
    const { page } = config
    const options = { profileFolder: profile, executablePath, browserArguments: browserArguments(config), idKey }
    current
      .ask({ do: 'start', options: { ...options, ...(page && { page }) } }, { ms: 240 * second })
      .catch((error: unknown) => current.kill(error instanceof Error ? error.message : 'did not start'))
    void watch(current, over.signal)
    const { ending, detail } = await current.ended
    over.abort()
    online = undefined
    device = undefined
    return { ending, detail, lasted }
  }

  function hear(current: Device, news: Extract<Notice, { tell: 'payload' | 'qr' | 'state' | 'ready' }>): void {
    switch (news.tell) {
      case 'payload':
        return arrivals.add(news.payload)
      case 'qr':
        return report({ status: 'needs-attention', reason: memory.paired ? scanAgain : scan, qr: news.qr })
      case 'state':
        if (news.state === 'TIMEOUT' || news.state === 'OPENING') report({ status: 'degraded', reason: notOnline })
        else if (news.state === 'CONNECTED' && online) report({ status: 'connected' })
        return
      case 'ready':
        if (!news.keyed) host.log.warn('whatsapp: the page does not take our ids; a cut send cannot be looked up')
        online = { device: current, keyed: news.keyed }
        void paired(current, news.me[0])
    }
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
      memory.since = Math.max(memory.since ?? 0, arrivals.newest() ?? 0) || undefined
      await memory.save()
    }
  }

  // Before anything is waited for: whoever says nothing while it opens is taken to be connected.
  report({ status: 'connecting' })
  let broken: ChannelState['reason']
  const running = run().catch((error: unknown) => {
    host.log.error({ err: error }, 'whatsapp: the linked device cannot go on')
    broken = endings.failed
    report({ status: 'needs-attention', reason: broken })
  })

  return {
    online: () => online,
    state: async () => device?.ask({ do: 'state' }, { ms: 15 * second }).catch(() => 'not answering'),
    async close() {
      closing.abort()
      await device?.close()
      await running
      report({ status: 'closed', ...(broken && { reason: broken }) })
    },
  }
}
