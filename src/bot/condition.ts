/** Conditions as data: what must be so for a variant, a step or an option. All keys of one must hold. */

import { z } from 'zod'
import type { BotContext, Language } from '../core/model.ts'
import { languages, Name } from './shape/text.ts'

const oneOrMore = <Item extends z.ZodType>(item: Item) => z.union([item, z.array(item).min(1)])
const Day = z.iso.date('write a day as 2026-12-24')

export interface Condition {
  hours?: 'open' | 'closed' | undefined
  department?: string | undefined
  calls?: 'open' | 'closed' | undefined
  channel?: string | string[] | undefined
  language?: Language | Language[] | undefined
  citizen?: 'new' | 'known' | undefined
  knows?: string | undefined
  slot?: Record<string, string | string[]> | undefined
  from?: string | undefined
  until?: string | undefined
  all?: Condition[] | undefined
  any?: Condition[] | undefined
  not?: Condition | undefined
}

export const Condition: z.ZodType<Condition> = z.strictObject({
  /** Of `department`, or of the rulebook's own department; so are calls. */
  hours: z.enum(['open', 'closed']).optional(),
  department: Name.optional(),
  calls: z.enum(['open', 'closed']).optional(),
  /** Kind of channel: sms, email, webchat … */
  channel: oneOrMore(z.string()).optional(),
  language: oneOrMore(z.enum(languages)).optional(),
  citizen: z.enum(['new', 'known']).optional(),
  /** An attribute of the citizen that we have. */
  knows: z.string().optional(),
  /** Answers of this form: step to value, or to one of several. */
  slot: z.record(Name, oneOrMore(z.string())).optional(),
  from: Day.optional(),
  until: Day.optional(),
  get all() {
    return z.array(Condition).min(1).optional()
  },
  get any() {
    return z.array(Condition).min(1).optional()
  },
  get not() {
    return Condition.optional()
  },
})

export interface Facts {
  context: BotContext
  language: Language
  /** Whose hours are meant when the condition names nobody. */
  department: string
  /** Local day, `2026-12-24`. */
  today: string
  slots: Readonly<Record<string, { value: string }>>
}

export function holds(condition: Condition | undefined, facts: Facts): boolean {
  if (condition === undefined) return true
  const { context } = facts
  const named = context.departments.find((each) => each.id === (condition.department ?? facts.department))
  if (condition.hours !== undefined && (named?.open ?? false) !== (condition.hours === 'open')) return false
  if (condition.calls !== undefined && (named?.takesCalls ?? false) !== (condition.calls === 'open')) return false
  if (condition.channel !== undefined && !includes(condition.channel, context.channel.kind)) return false
  if (condition.language !== undefined && !includes(condition.language, facts.language)) return false
  if (condition.citizen !== undefined && context.citizen.isNew !== (condition.citizen === 'new')) return false
  if (condition.knows !== undefined && !Object.hasOwn(context.citizen.attributes, condition.knows)) return false
  if (condition.from !== undefined && facts.today < condition.from) return false
  if (condition.until !== undefined && facts.today > condition.until) return false
  for (const [step, wanted] of Object.entries(condition.slot ?? {})) {
    const slot = Object.hasOwn(facts.slots, step) ? facts.slots[step] : undefined
    if (slot === undefined || !includes(wanted, slot.value)) return false
  }
  if (condition.all?.some((each) => !holds(each, facts))) return false
  if (condition.any && !condition.any.some((each) => holds(each, facts))) return false
  return !(condition.not && holds(condition.not, facts))
}

function includes(wanted: string | readonly string[], value: string): boolean {
  return typeof wanted === 'string' ? wanted === value : wanted.includes(value)
}

/** Every condition inside one, itself first: for checks. */
export function* conditionsIn(condition: Condition | undefined): Generator<Condition> {
  if (condition === undefined) return
  yield condition
  for (const inner of [...(condition.all ?? []), ...(condition.any ?? [])]) yield* conditionsIn(inner)
  yield* conditionsIn(condition.not)
}
