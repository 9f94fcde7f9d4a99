/** What an admin writes about one pair of files. */

import { z } from 'zod'

export const config = z.strictObject({
  /** Where `in.jsonl` and `out.jsonl` are. The channel's own folder in the data folder when left out. */
  folder: z.string().min(1).optional(),
  /** How often `in.jsonl` is looked at. */
  everySeconds: z.number().min(0.01).max(3_600).default(1),
})

export type FileConfig = z.output<typeof config>
