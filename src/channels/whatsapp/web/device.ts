/** The process with the browser, as the gateway sees it: orders in, answers and news out, and one end. */

import { fork, type ChildProcess } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { SendError, inBoth } from '../../../core/channel.ts'
import type { Answers, Ending, Notice, Order } from './protocol.ts'

export interface Device {
  ask<K extends Order['do']>(
    order: Extract<Order, { do: K }>,
    options: { ms: number; signal?: AbortSignal },
  ): Promise<Answers[K]>
  /** Why it ended; resolves once neither the process nor its browser is left. */
  ended: Promise<{ ending: Ending; detail: string }>
  close(): Promise<void>
  kill(why: string): void
}

type News = Exclude<Notice, { answer: number } | { tell: 'browser' } | { tell: 'ending' }>

const patience = 10_000

export function startDevice(told: (news: News) => void): Device {
  const child = spawn()
  let browserPid: number | undefined
  let last: { ending: Ending; detail: string } | undefined
  let count = 0
  const waiting = new Map<number, { done(value: unknown): void; fail(error: Error): void }>()

  child.on('message', (notice: Notice) => {
    if ('answer' in notice) {
      const waiter = waiting.get(notice.answer)
      waiting.delete(notice.answer)
      if ('failed' in notice)
        waiter?.fail(new SendError(notice.failed === 'never' ? 'unreachable' : 'ambiguous', inBoth(notice.detail)))
      else waiter?.done(notice.value)
      return
    }
    if (notice.tell === 'browser') browserPid = notice.pid
    else if (notice.tell === 'ending') {
      last ??= { ending: notice.ending, detail: notice.detail }
      // It leaves by itself; if it hangs, it is made to.
      setTimeout(() => child.kill('SIGKILL'), patience).unref()
      if (notice.ending !== 'closed') post(child, { id: ++count, order: { do: 'close' } })
    } else told(notice)
  })

  const ended = new Promise<{ ending: Ending; detail: string }>((resolve) => {
    child.on('error', () => undefined)
    child.once('close', (code, signal) => {
      for (const { fail } of waiting.values()) fail(new SendError('ambiguous', { pt: 'o navegador parou a meio', en: 'the browser stopped halfway' }))
      waiting.clear()
      // The browser leads a group of its own, which outlives a process that was killed.
      endGroup(browserPid)
      resolve(last ?? { ending: 'failed', detail: `exit ${signal ?? code}` })
    })
  })

  return {
    ended,
    ask(order, { ms, signal }) {
      return new Promise((resolve, reject) => {
        if (!child.connected) return reject(new SendError('unreachable', { pt: 'o navegador não está a correr', en: 'the browser is not running' }))
        const id = ++count
        const settle = (act: () => void): void => {
          waiting.delete(id)
          clearTimeout(timer)
          signal?.removeEventListener('abort', stop)
          act()
        }
        const stop = (): void => settle(() => reject(new SendError('ambiguous', { pt: 'o navegador não respondeu a tempo', en: 'the browser did not answer in time' })))
        const timer = setTimeout(stop, ms)
        signal?.addEventListener('abort', stop, { once: true })
        waiting.set(id, {
          done: (value) => settle(() => resolve(value as never)),
          fail: (error) => settle(() => reject(error)),
        })
        post(child, { id, order })
      })
    },
    async close() {
      post(child, { id: ++count, order: { do: 'close' } })
      const timer = setTimeout(() => child.kill('SIGKILL'), patience)
      await ended.finally(() => clearTimeout(timer))
    },
    kill(why) {
      last ??= { ending: 'failed', detail: why }
      child.kill('SIGKILL')
    },
  }
}

function spawn(): ChildProcess {
  const isSource = import.meta.url.endsWith('.ts')
  const entry = fileURLToPath(new URL(isSource ? './device-process.ts' : './device-process.js', import.meta.url))
  return fork(entry, [], {
    // From source, the process reads TypeScript as we do.
    execArgv: isSource ? ['--import', createRequire(import.meta.url).resolve('tsx')] : [],
    // Buffers travel as they are.
    serialization: 'advanced',
    // The library prints what it pleases, citizens' words among it.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
}

function post(child: ChildProcess, message: { id: number; order: Order }): void {
  if (child.connected) child.send(message, () => undefined)
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Gone already, as it should be.
  }
}
