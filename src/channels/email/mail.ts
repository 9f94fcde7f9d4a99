/** A mail as the gateway keeps it: plain JSON, read once from the raw bytes by `parse`, then by `normalise`. */

import { z } from 'zod'
import { clean } from '../fields.ts'

const text = z.string().transform(clean)
const mailbox = z.object({ address: text, name: text.optional() })

export const mail = z.object({
  /** What makes receiving idempotent: the Message-ID and what the mail says, so that neither alone can hide another. */
  id: text.pipe(z.string().min(1)),
  /** The whole original, in our own store. */
  raw: text.optional(),
  messageId: text.optional(),
  subject: text,
  /** Exactly one when all is well. */
  from: z.array(mailbox),
  /** Why nobody can be named as the sender. */
  fromProblem: text.optional(),
  copies: z.array(mailbox),
  /** Which of our addresses it was written to. */
  alias: z.object({ address: text, department: text.optional() }).optional(),
  references: z.array(text),
  /** The mail of ours that it answers, by our own signature; `addressee`: its sender is who we wrote to. */
  answers: z.object({ id: text, thread: text, addressee: z.boolean() }).optional(),
  thread: text,
  text,
  quoted: text.optional(),
  html: text.optional(),
  attachments: z.array(
    z.object({
      kind: z.enum(['image', 'audio', 'video', 'file']),
      source: text,
      mimeType: text,
      name: text.optional(),
      bytes: z.number(),
      role: z.literal('inline').optional(),
    }),
  ),
  trust: z.record(z.string().regex(/^[\w-]+$/), text),
  /** Why it was taken for the work of a machine. */
  automatic: text.optional(),
  /** Known, and not for the conversation. */
  ignored: text.optional(),
  /** What a mail server says about a mail of ours. */
  report: z
    .object({
      id: text.optional(),
      key: text.optional(),
      state: z.enum(['failed', 'sent', 'delivered', 'read']),
      // One language alone: of before.
      reason: z.union([text, z.object({ pt: text, en: text })]).optional(),
    })
    .optional(),
  at: text.optional(),
  recovered: z.boolean().optional(),
})
export type Mail = z.output<typeof mail>
export type MailAttachment = Mail['attachments'][number]
