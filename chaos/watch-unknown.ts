/** How long it takes until the inbox says of a message that nobody knows whether it arrived. */

import type { Pool } from '../src/core/store/pool.ts'

const everyMs = 500

/** Looks again and again; the end gives the longest, in milliseconds, from when a message was first seen as being sent. */
export function watchUnknown({ pool }: Pool): { end(): Promise<number> } {
  const since = new Map<string, number>()
  const settled = new Set<string>()
  let [longest, over] = [0, false]

  async function look(): Promise<void> {
    const { rows } = await pool.query<{ id: string; state: string }>(`select message_id::text as id, state from delivery where state in ('sending', 'unknown')`)
    const now = Date.now()
    for (const { id, state } of rows) {
      if (state === 'sending') {
        if (!since.has(id)) since.set(id, now)
      } else if (!settled.has(id)) {
        settled.add(id)
        longest = Math.max(longest, now - (since.get(id) ?? now))
      }
    }
    const sending = new Set(rows.filter(({ state }) => state === 'sending').map(({ id }) => id))
    for (const id of since.keys()) if (!sending.has(id)) since.delete(id)
  }

  const watching = (async () => {
    while (!over) {
      // While PostgreSQL is away nobody sees anything; the time goes on.
      await look().catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, everyMs))
    }
  })()
  return {
    async end() {
      over = true
      await watching
      await look()
      return longest
    },
  }
}
