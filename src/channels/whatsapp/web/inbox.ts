/** Hands over what the device tells, one at a time and in order. The device does not repeat itself, so we do. */

import type { Host } from '../../../core/channel.ts'
import { fields, number } from '../../fields.ts'
import { pause } from '../../pause.ts'
import type { WebPayload } from './payload.ts'

const longest = 30_000

export interface Inbox {
  add(payload: WebPayload): void
  /** Resolves once all is stored, or closed. */
  idle(): Promise<void>
  /** Vendor's time of the newest message that is safely stored, in seconds. */
  newest(): number | undefined
  close(): void
}

export function inbox(host: Host<WebPayload>): Inbox {
  const waiting: WebPayload[] = []
  const closed = new AbortController()
  let newest: number | undefined
  let work: Promise<void> | undefined

  async function run(): Promise<void> {
    for (let tries = 0; waiting.length > 0 && !closed.signal.aborted; ) {
      const payload = waiting[0] as WebPayload
      try {
        await host.receive(payload)
        waiting.shift()
        tries = 0
        if (payload.event === 'message' || payload.event === 'message_create') {
          newest = Math.max(newest ?? 0, number(fields(payload.message)?.timestamp) ?? 0)
        }
      } catch (error) {
        if (tries === 0) host.log.error({ err: error }, 'whatsapp: could not store a message; trying again')
        await pause(Math.min(longest, 100 * 2 ** tries++) * (0.5 + host.random() / 2), closed.signal)
      }
    }
  }

  return {
    add(payload) {
      if (closed.signal.aborted) return
      waiting.push(payload)
      work ??= run().finally(() => {
        work = undefined
      })
    },
    async idle() {
      while (work) await work
    },
    newest: () => newest,
    close: () => closed.abort(),
  }
}
