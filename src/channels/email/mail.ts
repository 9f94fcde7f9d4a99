/** A mail as the gateway keeps it: plain JSON, read once from the raw bytes by `parse`, then by `normalise`. */

import { z } from 'zod'

const mailbox = z.object({ address: z.string(), name: z.string().optional() })

export const mail = z.object({
  /** What makes receiving idempotent: the Message-ID and what the mail says, so that neither alone can hide another. */
  id: z.string().min(1),
  /** The whole original, in our own store. */
  raw: z.string().optional(),
  messageId: z.string().optional(),
  subject: z.string(),
  /** Exactly one when all is well. */
  from: z.array(mailbox),
  /** Why nobody can be named as the sender. */
  fromProblem: z.string().optional(),
  copies: z.array(mailbox),
  /** Which of our addresses it was written to. */
  alias: z.object({ address: z.string(), department: z.string().optional() }).optional(),
  references: z.array(z.string()),
  /** The mail of ours that it answers, by our own signature; `addressee`: its sender is who we wrote to. */
  answers: z.object({ id: z.string(), thread: z.string(), addressee: z.boolean() }).optional(),
  thread: z.string(),
  text: z.string(),
  quoted: z.string().optional(),
  html: z.string().optional(),
  attachments: z.array(
    z.object({
      kind: z.enum(['image', 'audio', 'video', 'file']),
      source: z.string(),
      mimeType: z.string(),
      name: z.string().optional(),
      bytes: z.number(),
      role: z.literal('inline').optional(),
    }),
  ),
  trust: z.record(z.string(), z.string()),
  /** Why it was taken for the work of a machine. */
  automatic: z.string().optional(),
  /** Known, and not for the conversation. */
  ignored: z.string().optional(),
  /** What a mail server says about a mail of ours. */
  report: z
    .object({
      id: z.string().optional(),
      key: z.string().optional(),
      state: z.enum(['failed', 'delivered', 'read']),
      reason: z.string().optional(),
    })
    .optional(),
  at: z.string().optional(),
  recovered: z.boolean().optional(),
})
export type Mail = z.output<typeof mail>
export type MailAttachment = Mail['attachments'][number]
