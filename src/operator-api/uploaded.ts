/** A file as `POST /api/attachments` named it: the shape in which it comes back. */

import { z } from 'zod'

export const file = z.strictObject({
  source: z.string().regex(/^file:[0-9a-f]{64}$/), kind: z.enum(['image', 'audio', 'video', 'file']), mimeType: z.string().max(200),
  name: z.string().max(200), bytes: z.number().int().min(0),
})
