/** The shape of a form: its steps, what each accepts, and where the answers go. */

import { z } from 'zod'
import { Condition } from '../condition.ts'
import { Name, Phrases, Ref, Text } from './text.ts'

const common = {
  id: Name,
  ask: Text,
  /** Short name, in summaries and when correcting. */
  label: Text.optional(),
  /** Said instead of the usual text when the answer will not do. */
  invalid: Text.optional(),
  when: Condition.optional(),
  optional: z.boolean().default(false),
  /** Keep the answer as an attribute of the citizen, e.g. nif. */
  remember: z
    .string()
    .regex(/^[a-z][a-zA-Z0-9_-]{0,39}$/)
    .optional(),
  /** Offer what we know already, e.g. citizen.email. */
  prefill: z
    .string()
    .regex(/^citizen\.[a-zA-Z][a-zA-Z0-9_-]{0,39}$/, 'write citizen.name or citizen.<attribute>')
    .optional(),
}
const Relative = z.string().regex(/^(today|[+-]\d{1,4}d|\d{4}-\d\d-\d\d)$/, 'write today, +30d, -5d or 2026-12-24')
const plain = <Type extends string>(type: Type) => z.strictObject({ ...common, type: z.literal(type) })

export const Step = z.discriminatedUnion('type', [
  z.strictObject({
    ...common,
    type: z.literal('text'),
    min: z.int().min(1).default(2),
    max: z.int().min(1).max(4000).default(2000),
  }),
  plain('nif'),
  plain('postal-code'),
  plain('email'),
  plain('iban'),
  plain('location'),
  plain('yes-no'),
  z.strictObject({ ...common, type: z.literal('phone'), mobile: z.boolean().default(false) }),
  z.strictObject({ ...common, type: z.literal('date'), earliest: Relative.optional(), latest: Relative.optional() }),
  z.strictObject({
    ...common,
    type: z.literal('number'),
    min: z.number().optional(),
    max: z.number().optional(),
    whole: z.boolean().default(false),
  }),
  z.strictObject({
    ...common,
    type: z.literal('choice'),
    choices: z
      .array(z.strictObject({ value: Name, label: Text, phrases: Phrases.optional(), when: Condition.optional() }))
      .min(2, 'a choice needs at least two'),
  }),
  z.strictObject({
    ...common,
    type: z.literal('file'),
    kinds: z
      .array(z.enum(['image', 'audio', 'video', 'file']))
      .min(1)
      .optional(),
  }),
])
export type Step = z.infer<typeof Step>

const Connection = z.strictObject({ connection: Name, path: z.string().startsWith('/', 'a path begins with /') })

export const Form = z.strictObject({
  title: Text,
  topic: Name.optional(),
  department: Name.optional(),
  /** How citizens ask for it; understood as an answer's are. */
  question: Text.optional(),
  keywords: Phrases.optional(),
  examples: Phrases.optional(),
  intro: Text.optional(),
  steps: z.array(Step).min(1),
  /** What is asked before sending. The usual text lists every answer. */
  confirm: Text.optional(),
  /** Letters before the receipt number. */
  receipt: z
    .string()
    .regex(/^[A-Z]{2,6}$/, 'two to six capital letters')
    .default('PED'),
  /** `inbox`: a note in the conversation. A connection: sent there, as often as it takes. */
  submit: z.union([z.literal('inbox'), Connection]).default('inbox'),
  /** Instead of sending: ask a connection now, and say what it answered. */
  look: z.strictObject({ ...Connection.shape, say: Text, failed: Text }).optional(),
  done: Text.optional(),
  then: Ref.optional(),
})
export type Form = z.infer<typeof Form>
