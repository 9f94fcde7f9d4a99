/** Waits, unless the channel is being closed. */

export function pause(ms: number, closed: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (closed.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      closed.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    timer.unref()
    closed.addEventListener('abort', done, { once: true })
  })
}

/** Doubles from half a second to a minute, never the same for two processes. */
export const backoffMs = (failures: number, random: () => number): number =>
  Math.min(60_000, 500 * 2 ** Math.min(failures, 10)) * (0.5 + random() / 2)
