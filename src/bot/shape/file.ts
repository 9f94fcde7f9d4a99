/** The shape of one file of config/bot. Any file may hold any of these sections. */

import { z } from 'zod'
import { Condition } from '../condition.ts'
import { Form } from './form.ts'
import { Name, Phrases, Ref, Text, languages } from './text.ts'

const Variant = z.strictObject({ when: Condition.optional(), say: Text })

export const Answer = z.strictObject({
  topic: Name.optional(),
  department: Name.optional(),
  question: Text,
  keywords: Phrases.optional(),
  examples: Phrases.optional(),
  /** One text, or variants: the first whose condition holds is said. */
  say: z.union([Text, z.array(Variant).min(1)]),
  /** From the catalogue in links.yaml. */
  links: z.array(Name).default([]),
  /** Offered as choices below. */
  offer: z.array(Ref).default([]),
  /** `helpful` asks «Isto ajudou?»; anything else happens at once. */
  then: z.union([z.literal('helpful'), Ref]).optional(),
  /** False: never found by what people write, only by a menu or another answer. */
  listed: z.boolean().default(true),
  /** True: said at once even when we are not sure. For what cannot wait, such as a fire. */
  urgent: z.boolean().default(false),
})
export type Answer = z.infer<typeof Answer>

export const Menu = z.strictObject({
  say: Text,
  options: z
    .array(z.strictObject({ label: Text, go: Ref, when: Condition.optional() }))
    .min(1)
    .max(10),
})
export type Menu = z.infer<typeof Menu>

export const Command = z.strictObject({
  phrases: Phrases.optional(),
  /** operator, video: who takes it. */
  department: Name.optional(),
  /** menu: which one. */
  menu: Name.optional(),
  /** Commands of your own: where they lead. */
  go: Ref.optional(),
  /** video: when nobody can take a call now. */
  closed: z
    .strictObject({
      say: Text,
      links: z.array(Name).default([]),
      offer: z.array(Ref).default([]),
      /** What is otherwise with one department. */
      departments: z
        .record(
          Name,
          z.strictObject({ say: Text.optional(), links: z.array(Name).optional(), offer: z.array(Ref).optional() }),
        )
        .default({}),
    })
    .optional(),
})
export type Command = z.infer<typeof Command>

export const Link = z.strictObject({
  label: Text,
  url: z.url({ protocol: /^https?$/, error: 'write a whole address, https://…' }),
  /** Shown in the operators' list of links too. */
  topic: Name.optional(),
})
export type Link = z.infer<typeof Link>

const HandoverTexts = z.strictObject({ open: Text.optional(), closed: Text.optional() })

const Rung = z.strictObject({
  say: Text,
  /** With the answers that come nearest, and a person, as choices. */
  suggest: z.boolean().default(false),
  menu: Name.optional(),
  handover: Name.optional(),
})

export const Survey = z.strictObject({
  ask: Text,
  comment: Text.optional(),
  thanks: Text,
  scale: z.literal(5).default(5),
  expiresAfter: z
    .string()
    .regex(/^\d{1,3}[hd]$/, 'write 24h or 3d')
    .default('24h'),
  departments: z
    .record(Name, z.strictObject({ ask: Text.optional(), comment: Text.optional(), thanks: Text.optional() }))
    .default({}),
})

export const RulebookFile = z.strictObject({
  version: z.literal(1).optional(),
  /** `full`: every text must be there. `partial`: answers and forms may be missing; then the first one is spoken. */
  languages: z.partialRecord(z.enum(languages), z.enum(['full', 'partial'])).optional(),
  /** Facts for texts: `{{ town.phone }}`. */
  town: z
    .object({ name: z.string().min(1), timezone: z.string().default('Europe/Lisbon') })
    .catchall(z.string('is a text: write it between quotes'))
    .optional(),
  settings: z
    .strictObject({
      /** Who takes what no rule gives to anybody else. */
      department: Name.default('geral'),
      /** Shown with the greeting. */
      menu: Name.optional(),
      /** What was written so many seconds ago still belongs to the question. */
      fragmentSeconds: z.int().min(0).max(120).default(20),
      maxSuggestions: z.int().min(1).max(3).default(3),
      invalidAnswers: z.int().min(1).max(10).default(3),
    })
    .optional(),
  texts: z.record(z.string(), Text).optional(),
  commands: z.record(Name, Command).optional(),
  menus: z.record(Name, Menu).optional(),
  answers: z.record(Name, Answer).optional(),
  forms: z.record(Name, Form).optional(),
  links: z.record(Name, Link).optional(),
  /** What operators and reports call each topic. */
  topics: z.record(Name, Text).optional(),
  fallback: z.array(Rung).min(1).optional(),
  handover: HandoverTexts.extend({ departments: z.record(Name, HandoverTexts).default({}) }).optional(),
  survey: Survey.optional(),
  /** Words that mean the same in this town: [[monos, monstros]]. */
  synonyms: z.partialRecord(z.enum(languages), z.array(z.array(z.string().min(1)).min(2))).optional(),
})
export type Survey = z.infer<typeof Survey>
export type RulebookFile = z.infer<typeof RulebookFile>
