/** Says that somebody knocked who was not let in: one line a minute, however many they are. */

import type { Host } from '../core/channel.ts'

export function countRefusals(host: Host<never>, said: string): (why?: string) => void {
  let saidAt = Number.NEGATIVE_INFINITY
  let count = 0
  return (why) => {
    count += 1
    const at = host.now().getTime()
    if (at - saidAt < 60_000) return
    host.log.warn({ count, address: host.publicUrl, ...(why !== undefined && { why }) }, said)
    saidAt = at
    count = 0
  }
}
