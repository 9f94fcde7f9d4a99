/** Words that citizens read or write, in one language or several. */

import { z } from 'zod'
import type { Language } from '../../core/model.ts'

export const languages = ['pt', 'en', 'es', 'fr'] as const satisfies Language[]

const Sentence = z.string().trim().min(1, 'is empty').max(3000, 'is longer than 3000 characters')
const Phrase = z.string().trim().min(1, 'is empty').max(300, 'is longer than 300 characters')

/** One string is the same in every language, or the only language that there is. */
export const Text = z.union([
  Sentence,
  z.strictObject({
    pt: Sentence.optional(),
    en: Sentence.optional(),
    es: Sentence.optional(),
    fr: Sentence.optional(),
  }),
])
export type Text = z.infer<typeof Text>

/** What citizens may write. A bare list is in the first language of the rulebook. */
export const Phrases = z.union([
  z.array(Phrase),
  z.strictObject({
    pt: z.array(Phrase).optional(),
    en: z.array(Phrase).optional(),
    es: z.array(Phrase).optional(),
    fr: z.array(Phrase).optional(),
  }),
])
export type Phrases = z.infer<typeof Phrases>

export const Name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,47}$/, 'use small letters, digits and hyphens, at most 48')

/** Where to go next: `answer.x`, `menu.x`, `form.x`, `handover.department`, `command.operator`. */
export const Ref = z
  .string()
  .regex(
    /^(answer|menu|form|handover|command)\.[a-z0-9][a-z0-9-]{0,47}$/,
    'write answer.x, menu.x, form.x, handover.department or command.x',
  )
export type RefKind = 'answer' | 'menu' | 'form' | 'handover' | 'command'

export function splitRef(ref: string): { kind: RefKind; id: string } {
  const dot = ref.indexOf('.')
  return { kind: ref.slice(0, dot) as RefKind, id: ref.slice(dot + 1) }
}

export function phrasesIn(phrases: Phrases | undefined, language: Language, first: Language): string[] {
  if (phrases === undefined) return []
  if (Array.isArray(phrases)) return language === first ? phrases : []
  return phrases[language] ?? []
}

/** The text in that language; undefined where it must be taken from another one. */
export function textIn(text: Text, language: Language): string | undefined {
  return typeof text === 'string' ? text : text[language]
}
