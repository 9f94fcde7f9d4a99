/** Work that may wait: again and again, and never more than a tenth of the time while there is a flood of messages. */

import { setTimeout as pause } from 'node:timers/promises'

export interface BackgroundWork {
  /** Does a piece; true: there is more. */
  work: () => Promise<boolean>
  /** Between two looks when there was nothing more. */
  everyMs: number
  isBusy: () => boolean
  onError: (error: Error) => void
}

const restPerWork = 9

export function keepAtIt({ work, everyMs, isBusy, onError }: BackgroundWork): { stop(): Promise<void> } {
  const ending = new AbortController()
  const { signal } = ending
  const rest = (ms: number) => pause(ms, undefined, { signal }).catch(() => undefined)

  async function run(): Promise<void> {
    await rest(everyMs)
    while (!signal.aborted) {
      const from = performance.now()
      const isMore = await work().catch((error: Error) => {
        onError(error)
        return false
      })
      const needed = isBusy() ? (performance.now() - from) * restPerWork : 0
      await rest(isMore ? needed : Math.max(everyMs, needed))
    }
  }

  const running = run()
  return {
    async stop() {
      ending.abort()
      await running
    },
  }
}
