/** One turn of the bot while it is being made: what is known, what is remembered, what is to be done. */

import type { Action, BotContext, Field, Language } from '../core/model.ts'
import { holds, type Facts } from './condition.ts'
import type { Insight } from './insight.ts'
import { interpolate, type Values } from './interpolate.ts'
import type { Memory, Offer } from './memory.ts'
import type { Rulebook } from './rulebook.ts'
import { splitRef, textIn, type Text } from './shape/text.ts'
import { fold } from './understand/normalise.ts'
import type { TextName } from './words/index.ts'
import { localDay } from './wording.ts'

export interface Turn {
  book: Rulebook
  insight: Insight
  context: BotContext
  memory: Memory
  language: Language
  today: string
  actions: Action[]
  /** How often one thing led to another in this turn. */
  hops: number
  /** Told what of the rulebook is used: for the coverage of transcripts. */
  trace(what: string): void
}

/** What a text needs to be written. */
export type Voice = Pick<Turn, 'book' | 'context' | 'language'>

export function write(turn: Voice, text: Text, values: Values = {}): string {
  const { book, context, language } = turn
  const template = textIn(text, language) ?? textIn(text, book.languages[0]) ?? Object.values(text)[0] ?? ''
  if (!template.includes('{{')) return template
  const known: Values = {
    town: book.town,
    links: Object.fromEntries(Object.entries(book.links).map(([id, link]) => [id, link.url])),
    citizen: { ...context.citizen.attributes, name: context.citizen.name },
    reference: context.reference,
    channel: { kind: context.channel.kind },
    now: context.now,
    ...values,
  }
  return interpolate(template, known, { language, timeZone: book.town.timezone, now: context.now })
}

export function word(turn: Voice, name: TextName, values?: Values): string {
  return write(turn, turn.book.texts[name], values)
}

export function say(turn: Turn, text: string, offers: Offer[] = [], field?: Field): void {
  const choices = offers.map(({ id, label }) => ({ id, label }))
  turn.actions.push({
    do: 'say',
    content: { text, ...(choices.length > 0 && { choices }), ...(field && { field }) },
  })
  turn.memory.offered = offers
}

/** A choice that leads somewhere, by the name of where it leads. undefined when it leads nowhere any more. */
export function offerOf(turn: Turn, ref: string, label?: Text): Offer | undefined {
  const { kind, id } = splitRef(ref)
  const { book } = turn
  const own = (entries: Record<string, unknown>) => Object.hasOwn(entries, id)
  const named = (text: Text | undefined) => ({ id: ref, label: write(turn, label ?? text ?? ref) })
  if (kind === 'answer') return own(book.answers) ? named(book.answers[id]!.question) : undefined
  if (kind === 'form') return own(book.forms) ? named(book.forms[id]!.title) : undefined
  if (kind === 'menu') return own(book.menus) ? named(book.texts.menu) : undefined
  if (kind === 'handover') return named(book.texts.person)
  if (id === 'operator') return named(book.texts.person)
  if (id === 'menu') return named(book.texts.menu)
  return label === undefined && id !== 'video' ? undefined : named(label ?? book.texts.video)
}

export const person = (turn: Turn): Offer => ({ id: 'command.operator', label: word(turn, 'person') })

/** Nothing twice, and never two with the same label: a number or a word must name one thing. */
export function distinct(offers: (Offer | undefined)[]): Offer[] {
  const kept: Offer[] = []
  for (const offer of offers) {
    if (offer && !kept.some(({ id, label }) => id === offer.id || fold(label) === fold(offer.label))) kept.push(offer)
  }
  return kept
}

export function facts(turn: Voice & Pick<Turn, 'today'>, department?: string, slots: Facts['slots'] = {}): Facts {
  return {
    context: turn.context,
    language: turn.language,
    today: turn.today,
    slots,
    department: department ?? turn.book.settings.department,
  }
}

export function menuOffers(turn: Turn, id: string): Offer[] {
  const menu = Object.hasOwn(turn.book.menus, id) ? turn.book.menus[id] : undefined
  return distinct(
    (menu?.options ?? [])
      .filter((option) => holds(option.when, facts(turn)))
      .map((option) => offerOf(turn, option.go, option.label)),
  )
}

export function today(turn: { book: Rulebook; context: BotContext }): string {
  return localDay(turn.context.now, turn.book.town.timezone)
}

/** Short, the same for the same text, and no secret: for ids and for noticing repetition. */
export function mark(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}

/** Not by the citizen's own word: that would be for good. */
export function changeLanguage(turn: Turn, language: Language): void {
  turn.language = language
  turn.memory.language = language
  turn.actions.push({ do: 'set-language', language })
}
