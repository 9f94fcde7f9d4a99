/** How the line is while talking. Jitsi's frame tells pages nothing of it, so the way to the gateway stands for it: it is the citizen's own line in both. */

/** Above this many milliseconds there and back, people begin to talk over each other. */
const fairMs = 250
const poorMs = 700
const everyMs = 5_000
/** Poor this many times in a row, so for twenty seconds: a moment in a lift is not enough. */
const isPoorAfter = 4

export type How = 'good' | 'fair' | 'poor'

export const howIs = (ms: number | null, isSlow = false): How => (ms === null || ms > poorMs ? 'poor' : ms > fairMs || isSlow ? 'fair' : 'good')

export interface Line { stop(): void }

/** Tells `onPoor` once whenever it has been poor for long, and `onBetter` at the first answer in time after that. */
export function watchLine(measure: () => Promise<number | null>, { onPoor, onBetter }: { onPoor(): void; onBetter(): void }): Line {
  let poor = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let over = false
  const again = () => {
    timer = setTimeout(() => void measure().then((ms) => {
      if (over) return
      // No answer at all is a line that is cut, or a gateway that starts again: the page says so elsewhere.
      if (ms === null) return again()
      if (howIs(ms) === 'poor') {
        poor += 1
        if (poor === isPoorAfter) onPoor()
      } else {
        if (poor >= isPoorAfter) onBetter()
        poor = 0
      }
      again()
    }), everyMs)
  }
  again()
  return {
    stop() {
      over = true
      clearTimeout(timer)
    },
  }
}
