/** One line of `balcao channel test`: asks, changes nothing, and never throws. */

import type { ChannelCheck } from '../core/channel.ts'

/** `named` gives an error words that can be shown. */
export const checksOf =
  (named: (error: unknown) => Error) =>
  async (name: string, fix: string, look: () => Promise<{ ok: boolean; detail: string }>): Promise<ChannelCheck> => {
    const { ok, detail } = await look().catch((error: unknown) => ({ ok: false, detail: named(error).message }))
    return { name, ok, detail, ...(!ok && { fix }) }
  }
