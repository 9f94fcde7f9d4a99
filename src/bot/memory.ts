/** What the bot remembers of a conversation, as JSON. What cannot be read is forgotten, never a reason to fail. */

import { z } from 'zod'
import type { BotState, Language } from '../core/model.ts'
import { languages } from './shape/text.ts'

const Slot = z.object({ type: z.string(), value: z.string(), shown: z.string() })
export type Slot = z.infer<typeof Slot>

const FormMemory = z.object({
  id: z.string(),
  slots: z.record(z.string(), Slot),
  skipped: z.array(z.string()),
  /** What was asked last: a step, or one of the two below. */
  asked: z.string(),
  /** A step that is being answered again. */
  correcting: z.string().optional(),
  invalid: z.number(),
})
export type FormMemory = z.infer<typeof FormMemory>
export const confirming = '?confirm'
export const choosing = '?which'

const Offer = z.object({ id: z.string(), label: z.string() })
export type Offer = z.infer<typeof Offer>

const MemoryShape = z.object({
  book: z.string(),
  language: z.enum(languages).optional(),
  /** Chosen by the citizen: signals do not change it any more. */
  languageChosen: z.boolean().optional(),
  /** What the conversation had when we last looked: when it differs, somebody else changed it. */
  languageSeen: z.enum(languages).optional(),
  greeted: z.boolean(),
  handedOff: z.boolean(),
  topic: z.string().optional(),
  department: z.string().optional(),
  /** What the last reply offered. */
  offered: z.array(Offer),
  /** The answer of which we asked whether it helped. */
  helpful: z.string().optional(),
  form: FormMemory.optional(),
  /** Finished forms: receipts count on. */
  receipts: z.number(),
  misses: z.number(),
  missedAt: z.number().optional(),
  fragments: z.number(),
  /** Not answered yet, newest last. */
  recent: z.array(z.object({ text: z.string(), at: z.number() })),
  waiting: z.object({ id: z.string(), form: z.string(), slots: z.record(z.string(), Slot), at: z.number() }).optional(),
  last: z.object({ key: z.string(), times: z.number() }),
  loops: z.number(),
})
export type Memory = z.infer<typeof MemoryShape>

export function remember(state: BotState, book: string): Memory {
  const read = MemoryShape.safeParse(state)
  if (read.success) return read.data
  const receipts = z.number().int().min(0).safeParse(state.receipts)
  return { ...fresh(book), ...(receipts.success && { receipts: receipts.data }) }
}

export function fresh(book: string): Memory {
  return {
    book,
    greeted: false,
    handedOff: false,
    offered: [],
    receipts: 0,
    misses: 0,
    fragments: 0,
    recent: [],
    last: { key: '', times: 0 },
    loops: 0,
  }
}

export function usualLanguage(memory: Memory, seen: Language, spoken: readonly Language[]): Language {
  const wanted = memory.languageSeen !== undefined && memory.languageSeen !== seen ? seen : (memory.language ?? seen)
  return spoken.includes(wanted) ? wanted : spoken[0]!
}

export function shownSlots(form: Pick<FormMemory, 'slots'>): Record<string, string> {
  return Object.fromEntries(Object.entries(form.slots).map(([id, slot]) => [id, slot.shown]))
}
