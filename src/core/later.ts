/** The one timer of the core, so that a test or the simulator can bring its own. */

/** Calls once, later, unless what it gives is called before. */
export type Later = (call: () => void, ms: number) => () => void

export const inRealTime: Later = (call, ms) => {
  const timer = setTimeout(call, ms).unref()
  return () => clearTimeout(timer)
}
