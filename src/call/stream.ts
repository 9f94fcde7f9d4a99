/** The line to one call page: its state, sent whole whenever it differs. As long as it is open, the citizen is there. */

import type { Response } from 'express'
import type { Signals } from '../core/signals.ts'

export interface Streams {
  open(response: Response, conversationId: string, read: () => Promise<unknown>, seen: () => Promise<void>): void
  endAll(): void
}

const pingMs = 8_000
/** A move in the queue reaches everybody in it at once: not each with a query of their own a millisecond apart. */
const coalesceMs = 50

export function openStreams(signals: Signals): Streams {
  const ends = new Set<() => void>()
  return {
    open(response, conversationId, read, seen) {
      let sent = ''
      let reading = false
      let again = false
      let timer: NodeJS.Timeout | undefined
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache, no-store, no-transform', 'x-accel-buffering': 'no' })
      response.write(': open\n\n')

      const refresh = async () => {
        again = true
        if (reading) return
        reading = true
        try {
          while (again) {
            again = false
            const text = JSON.stringify(await read())
            if (text === sent || response.writableEnded) continue
            sent = text
            response.write(`data: ${text}\n\n`)
          }
        } catch {
          // The page comes again by itself.
          end()
        } finally {
          reading = false
        }
      }
      const soon = () => {
        timer ??= setTimeout(() => {
          timer = undefined
          void refresh()
        }, coalesceMs)
      }
      const unsubscribe = signals.subscribe((signal) => {
        if (signal.type === 'gap' || (signal.type === 'told' && signal.topic === 'call')) soon()
        else if (signal.type === 'changed' && signal.changes.some((change) => change.conversationId === conversationId)) soon()
      })
      const ping = setInterval(() => {
        response.write(': \n\n')
        void seen().catch(() => undefined)
      }, pingMs)
      ping.unref()
      const end = () => {
        clearInterval(ping)
        clearTimeout(timer)
        unsubscribe()
        ends.delete(end)
        response.end()
      }
      ends.add(end)
      response.once('close', end)
      void seen().catch(() => undefined)
      void refresh()
    },
    endAll() {
      for (const end of [...ends]) end()
    },
  }
}
