/** Where a choice, a command or an answer leads: to an answer, a menu, a form, or to people. */

import type { HandOffReason } from '../core/model.ts'
import { holds } from './condition.ts'
import { startForm } from './form.ts'
import { departmentFor, departmentValues, handOff } from './hand-off.ts'
import { splitRef, textIn } from './shape/text.ts'
import { languageNames } from './words/index.ts'
import { distinct, facts, menuOffers, offerOf, person, say, word, write, type Turn } from './turn.ts'

/** Deep enough for any honest rulebook; `balcao check` finds circles, and this ends what it could not see. */
const mostHops = 5

/** False when there is no such place any more. */
export function lead(turn: Turn, ref: string, reason: HandOffReason): boolean {
  const { kind, id } = splitRef(ref)
  const { book } = turn
  if (++turn.hops > mostHops) {
    handOff(turn, undefined, 'bot-failed')
    return true
  }
  if (kind === 'answer' && Object.hasOwn(book.answers, id)) return sayAnswer(turn, id), true
  if (kind === 'menu' && Object.hasOwn(book.menus, id)) return sayMenu(turn, id), true
  if (kind === 'form' && Object.hasOwn(book.forms, id)) return startForm(turn, id), true
  if (kind === 'handover') return handOff(turn, id, reason), true
  if (kind === 'command') return command(turn, id, reason)
  return false
}

/** The commands of the engine, and those that the rulebook adds. */
export function command(turn: Turn, id: string, reason: HandOffReason = 'asked'): boolean {
  const { book } = turn
  const own = Object.hasOwn(book.commands, id) ? book.commands[id] : undefined
  turn.trace(`command.${id}`)
  if (id === 'operator') return handOff(turn, spokenOf(turn) ?? own?.department, reason), true
  if (id === 'video') return video(turn), true
  if (id === 'menu') return sayMenu(turn, own?.menu ?? book.settings.menu), true
  if (id === 'language') {
    say(
      turn,
      word(turn, 'language-ask'),
      book.languages.map((language) => ({ id: `language.${language}`, label: languageNames[language] })),
    )
    return true
  }
  if (id === 'stop') {
    say(turn, word(turn, 'stop'))
    turn.actions.push({ do: 'opt-out' })
    delete turn.memory.form
    return true
  }
  if (own?.go) return lead(turn, own.go, 'rule')
  // What the law gives citizens is never without an answer: people take care of it.
  if (id === 'gdpr-erase' || id === 'gdpr-access') return handOff(turn, own?.department, 'asked'), true
  return false
}

export function sayMenu(turn: Turn, id: string | undefined): void {
  const menu = id !== undefined && Object.hasOwn(turn.book.menus, id) ? turn.book.menus[id] : undefined
  if (id === undefined || !menu) return say(turn, word(turn, 'greeting-again'), [person(turn)])
  turn.trace(`menu.${id}`)
  say(turn, write(turn, menu.say), menuOffers(turn, id))
}

export function sayAnswer(turn: Turn, id: string): void {
  const answer = turn.book.answers[id]!
  turn.trace(`answer.${id}`)
  const { memory, language } = turn
  delete memory.helpful
  const said = Array.isArray(answer.say)
    ? (answer.say.find((variant) => holds(variant.when, facts(turn, answer.department))) ?? answer.say.at(-1)!).say
    : answer.say
  const lines = [write(turn, said)]
  if (textIn(said, language) === undefined) lines.unshift(word(turn, 'untranslated'))
  for (const link of answer.links) {
    const target = turn.book.links[link]
    if (target) lines.push(`${write(turn, target.label)}: ${target.url}`)
  }
  // Beside a form, the form's own question comes next: nothing else is offered.
  const isAside = memory.form !== undefined
  const offers = isAside ? [] : answer.offer.map((ref) => offerOf(turn, ref))
  if (answer.topic) {
    if (memory.topic !== answer.topic) turn.actions.push({ do: 'set-topic', topic: answer.topic })
    memory.topic = answer.topic
  }
  memory.department = answer.department
  if (answer.then === 'helpful' && !isAside) {
    lines.push(word(turn, 'helpful-ask'))
    offers.push({ id: 'helpful.yes', label: word(turn, 'yes') }, { id: 'helpful.no', label: word(turn, 'no') })
  }
  say(turn, lines.join('\n\n'), distinct(offers))
  turn.actions.push({ do: 'answered', answer: id })
  understood(turn)
  if (answer.then === 'helpful') {
    if (!isAside) memory.helpful = id
  } else if (answer.then && (!isAside || answer.then.startsWith('handover.'))) lead(turn, answer.then, 'rule')
}

/** From here on a new question may begin. */
export function understood({ memory }: Turn): void {
  memory.misses = 0
  memory.fragments = 0
  memory.recent = []
  delete memory.missedAt
}

/** Whose matter it is: of what the citizen asked last, else of the conversation as it came. */
const spokenOf = ({ memory, context }: Turn): string | undefined => memory.department ?? context.department ?? undefined

/** Who would take a video call. That colleagues of another department are there helps nobody. */
export const counterOf = (turn: Turn) => departmentFor(turn, spokenOf(turn) ?? turn.book.commands.video?.department)

function video(turn: Turn): void {
  const { book } = turn
  const own = book.commands.video
  const department = counterOf(turn)
  if (department?.takesCalls) {
    say(turn, word(turn, 'call-open'))
    turn.actions.push({ do: 'call', departmentId: department.id })
    return
  }
  const closed = { ...own?.closed, ...own?.closed?.departments[department?.id ?? ''] }
  const lines = [closed.say ? write(turn, closed.say, departmentValues(turn, department)) : word(turn, 'call-closed')]
  for (const link of closed.links ?? []) {
    const target = book.links[link]
    if (target) lines.push(`${write(turn, target.label)}: ${target.url}`)
  }
  say(turn, lines.join('\n\n'), distinct([...(closed.offer ?? []).map((ref) => offerOf(turn, ref)), person(turn)]))
}
