/** Since when messages may be missing: Meta repeats a webhook for a week, and what it gave up cannot be asked for. */

import type { Host } from '../../../core/channel.ts'
import { fields, word } from '../../fields.ts'

const repeatsMs = 7 * 24 * 3600 * 1000
const markEveryMs = 10 * 60 * 1000

export interface Watch {
  gapSince?: Date
  stop(): Promise<void>
}

/** Writes down now and then that this channel is there. */
export async function watchForGap(host: Pick<Host<never>, 'cursor' | 'now'>): Promise<Watch> {
  const seen = new Date(word(fields(await host.cursor.load())?.at) ?? Number.NaN)
  const mark = () => host.cursor.save({ at: host.now().toISOString() }).catch(() => undefined)
  await mark()
  const marking = setInterval(() => void mark(), markEveryMs)
  marking.unref()
  return {
    ...(host.now().getTime() - seen.getTime() > repeatsMs && { gapSince: seen }),
    async stop() {
      clearInterval(marking)
      await mark()
    },
  }
}
