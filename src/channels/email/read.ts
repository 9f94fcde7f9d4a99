/** The mailbox by IMAP: every mail above the last UID that was stored, in order, then waits for the next. */

import { setTimeout as sleep } from 'node:timers/promises'
import type { ImapFlow } from 'imapflow'
import { z } from 'zod'
import type { Host } from '../../core/channel.ts'
import type { Config, Server } from './config.ts'
import type { State } from '../state.ts'
import { codeOf, failureOf, imapClient } from './imap-client.ts'
import type { Mail } from './mail.ts'
import type { AccessToken } from './oauth.ts'
import { headOf } from './parse.ts'
import type { Taker } from './take.ts'
import type { Timing } from './send.ts'

/** Never "unseen": people read this mailbox too. `since`: what is older than our first start is not ours to answer. */
const cursorShape = z.object({ uidValidity: z.string(), uid: z.number(), since: z.string() })
type Cursor = z.output<typeof cursorShape>

export interface Pauses {
  poll: number
  firstRetry: number
  lastRetry: number
  refused: number
}
export const usualPauses: Pauses = { poll: 120_000, firstRetry: 500, lastRetry: 60_000, refused: 300_000 }

const batch = 50
/** A mail that cannot be stored, or ends the connection, this often is set aside so that the next ones pass. */
const tries = 8
const headBytes = 64 * 1024

export function readMailbox({
  config,
  imap,
  host,
  state,
  taker,
  token,
  timing,
  pauses,
}: {
  config: Config
  imap: Server
  host: Host<Mail>
  state: State
  taker: Taker
  token: AccessToken | undefined
  timing: Timing
  pauses: Pauses
}): { close(): Promise<void> } {
  const stop = new AbortController()
  const stopped = (): boolean => stop.signal.aborted
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal: stop.signal }).catch(() => {})
  /** Which mail was on its way when a connection ended, and how often. */
  let blamed = { uid: 0, times: 0 }
  let client: ImapFlow | undefined
  let wakeUp = (): void => {}

  const run = async (): Promise<void> => {
    let failures = 0
    let wasRefused = false
    state.tell('connecting')
    while (!stopped()) {
      const began = host.now().getTime()
      try {
        await session(wasRefused)
        wasRefused = false
      } catch (error) {
        if (stopped()) break
        const failure = failureOf(error, imap, config.folder)
        const refused = failure.reason === 'misconfigured'
        // A token may have been withdrawn before its time: the first refusal asks for another at once.
        const isStale = refused && imap.oauth2 !== undefined && !wasRefused
        wasRefused = refused
        if (isStale) continue
        state.failed(failure)
        host.log.warn({ code: codeOf(error) }, 'mailbox connection ended')
        failures = host.now().getTime() - began > 60_000 ? 1 : failures + 1
        const longest = refused
          ? pauses.refused
          : Math.min(pauses.lastRetry, pauses.firstRetry * 2 ** Math.min(failures, 16))
        await pause(longest * (0.5 + host.random() / 2))
      }
    }
    state.tell('closed')
  }

  const session = async (fresh: boolean): Promise<void> => {
    const box = await imapClient(imap, token, timing, config.maxBytes, fresh)
    client = box
    // A dropped connection is told as an event first; without a listener it would end the process.
    let lost: Error | undefined
    const ended = new Promise<void>((resolve) => {
      box.on('error', (error: Error) => {
        lost = error
      })
      box.once('close', () => resolve())
      wakeUp = resolve
    })
    try {
      if (stopped()) return
      await box.connect()
      const connectedAt = Math.floor(host.now().getTime() / 1_000) * 1_000
      await readFrom(box, connectedAt, ended, () => lost)
    } finally {
      box.close()
    }
  }

  const readFrom = async (
    box: ImapFlow,
    connectedAt: number,
    ended: Promise<void>,
    lost: () => Error | undefined,
  ): Promise<void> => {
    let isNews = true
    let wake = (): void => {}
    box.on('exists', () => {
      isNews = true
      wake()
    })
    const opened = await box.mailboxOpen(config.folder)
    let cursor = await startingAt(opened.uidValidity.toString(), opened.uidNext)
    while (!stopped() && box.usable) {
      isNews = false
      const found = await box.search({ uid: `${cursor.uid + 1}:*` }, { uid: true })
      // A server may answer `n:*` with the last mail, below n.
      const uids = (found || []).filter((uid) => uid > cursor.uid).sort((a, b) => a - b)
      if (uids.length === 0) {
        state.tell('connected')
        if (isNews) continue
        const news = new Promise<void>((resolve) => {
          wake = resolve
        })
        const timer = new AbortController()
        // The next command ends the IDLE; waiting for it here would wait for ever.
        void box.idle().catch(() => {})
        await Promise.race([news, ended, sleep(pauses.poll, undefined, { signal: timer.signal }).catch(() => {})])
        timer.abort()
        continue
      }
      for (let at = 0; at < uids.length && !stopped(); at += batch) {
        cursor = await takeBatch(box, uids.slice(at, at + batch), cursor, connectedAt)
      }
    }
    if (!stopped()) throw lost() ?? new Error('the connection ended')
  }

  const startingAt = async (uidValidity: string, uidNext: number): Promise<Cursor> => {
    const known = cursorShape.safeParse(await host.cursor.load())
    if (known.success && known.data.uidValidity === uidValidity) return known.data
    const cursor = known.success
      ? // The server has renumbered the mailbox: all is read again, and what we have is known by its id.
        { uidValidity, uid: 0, since: known.data.since }
      : config.begin === 'all'
        ? { uidValidity, uid: 0, since: new Date(0).toISOString() }
        : { uidValidity, uid: Math.max(0, uidNext - 1), since: host.now().toISOString() }
    await host.cursor.save(cursor)
    return cursor
  }

  const takeBatch = async (box: ImapFlow, uids: number[], cursor: Cursor, connectedAt: number): Promise<Cursor> => {
    const stored: number[] = []
    let reached = cursor
    try {
      const facts = new Map<number, { size: number; at: Date | undefined }>()
      for (const { uid, size, internalDate } of await box.fetchAll(
        uids.join(','),
        { uid: true, size: true, internalDate: true },
        { uid: true },
      )) {
        const at = internalDate === undefined ? undefined : new Date(internalDate)
        facts.set(uid, { size: size ?? 0, at: at && !Number.isNaN(at.getTime()) ? at : undefined })
      }
      for (const uid of uids) {
        if (stopped()) break
        const fact = facts.get(uid)
        // Deleted meanwhile, or from before our time (seen again after a renumbering).
        if (fact && !isHistory(fact.at, reached)) {
          if (await takeOne(box, uid, fact, connectedAt)) stored.push(uid)
          else break
        }
        reached = { ...reached, uid }
      }
    } finally {
      if (reached.uid !== cursor.uid) await host.cursor.save(reached)
    }
    if (config.markSeen && stored.length > 0) {
      // Only a mark for people; what is stored is known by the cursor.
      await box.messageFlagsAdd(stored.join(','), ['\\Seen'], { uid: true }).catch(() => {})
    }
    return reached
  }

  /** False: we are stopping. Rejects when the connection ended. */
  const takeOne = async (
    box: ImapFlow,
    uid: number,
    { size, at }: { size: number; at: Date | undefined },
    connectedAt: number,
  ): Promise<boolean> => {
    if (blamed.uid === uid && blamed.times >= tries) {
      await untilStored(() =>
        host.receiveCorrupt(`${config.folder} uid ${uid}`, 'the server ends the connection when this mail is read'),
      )
      return true
    }
    blamed = blamed.uid === uid ? { uid, times: blamed.times + 1 } : { uid, times: 1 }
    const tooLarge = size > config.maxBytes
    const fetched = await box.fetchOne(
      String(uid),
      { uid: true, source: tooLarge ? { start: 0, maxLength: headBytes } : true },
      { uid: true },
    )
    blamed = { uid: 0, times: 0 }
    if (!fetched || fetched.source === undefined) {
      if (!box.usable) throw new Error('the connection ended')
      return true
    }
    const raw = fetched.source
    if (tooLarge)
      return untilStored(() => host.receiveCorrupt(headOf(raw), `larger than ${config.maxBytes} bytes (${size})`))
    const arrival = { ...(at && { at }), ...(at && at.getTime() < connectedAt && { recovered: true }) }
    for (let attempt = 1; attempt <= tries && !stopped(); attempt++) {
      try {
        await taker.take(raw, arrival)
        return true
      } catch (error) {
        host.log.warn({ uid, attempt, code: codeOf(error) }, 'mail could not be stored')
        await pause(Math.min(30_000, pauses.firstRetry * 2 ** (attempt - 1)))
      }
    }
    // When this can be stored and the mail could not, the mail is at fault, and those behind it must pass.
    return untilStored(() => host.receiveCorrupt(headOf(raw), 'refused by the gateway again and again'))
  }

  const untilStored = async (store: () => Promise<void>): Promise<boolean> => {
    for (let attempt = 0; !stopped(); attempt++) {
      try {
        await store()
        return true
      } catch {
        await pause(Math.min(30_000, pauses.firstRetry * 2 ** Math.min(attempt, 10)))
      }
    }
    return false
  }

  const done = run()
  return {
    async close() {
      stop.abort()
      wakeUp()
      client?.close()
      await done
    },
  }
}

const isHistory = (at: Date | undefined, cursor: Cursor): boolean =>
  at !== undefined && at.getTime() < Math.floor(Date.parse(cursor.since) / 1_000) * 1_000
