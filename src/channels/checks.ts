/** One line of `balcao channel test`: asks, changes nothing, and never throws. */

import { type ChannelCheck, type Said, whyOf } from '../core/channel.ts'
import { BadCertificate } from './certificates.ts'

/** `named` gives an error words that can be shown. */
export const checksOf =
  (named: (error: unknown) => Error) =>
  async (name: Said, fix: Said, look: () => Promise<{ ok: boolean; detail: Said }>): Promise<ChannelCheck> => {
    try {
      const { ok, detail } = await look()
      return { name, ok, detail, ...(!ok && { fix }) }
    } catch (thrown) {
      const error = named(thrown)
      const certificate = error instanceof BadCertificate ? error : undefined
      return { name, ok: false, detail: certificate?.said ?? whyOf(error), fix: certificate?.words ?? fix }
    }
  }
