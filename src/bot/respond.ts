/** The bot: a message, what is remembered and what is known → what to do. Pure, and it never throws. */

import type { BotContext, BotInput, BotState, BotTurn, Content, Responder } from '../core/model.ts'
import { askForm, answerForm, back, cancelForm, isLate, refit } from './form.ts'
import { submitGiven } from './form-given.ts'
import { isFormOffer } from './form-options.ts'
import { lookFailed, lookPatience, takeResult } from './form-send.ts'
import { clean } from './forms/accept.ts'
import { handOff, rescue } from './hand-off.ts'
import { insight } from './insight.ts'
import { command, lead } from './lead.ts'
import { fresh, remember, usualLanguage } from './memory.ts'
import { greet, mind } from './mind.ts'
import { question } from './question.ts'
import type { Rulebook } from './rulebook.ts'
import { languages } from './shape/text.ts'
import { changeLanguage, distinct, mark, offerOf, person, say, today, word, type Turn } from './turn.ts'
import { detectLanguage, namedLanguage } from './understand/language.ts'
import { findManner } from './understand/manners.ts'
import { matchChoice } from './understand/phrases.ts'
import { understand } from './understand/understand.ts'

/** The same reply so often in a row, and then something else. */
const mostEqual = 3
/** Nobody writes a command or an answer longer than this; a letter's question stands at one of its ends. */
const longest = 6000

export function createResponder(book: Rulebook, trace: (what: string) => void = () => {}): Responder {
  const known = insight(book)
  return (state: BotState, input: BotInput, context: BotContext): BotTurn => {
    const memory = remember(state, book.hash)
    const turn: Turn = {
      book,
      insight: known,
      context,
      memory,
      actions: [],
      hops: 0,
      trace,
      language: usualLanguage(memory, context.language, book.languages),
      get today() {
        return today({ book, context })
      },
    }
    memory.languageSeen = context.language
    try {
      take(turn, input)
      endLoops(turn)
    } catch (error) {
      turn.memory = fresh(book.hash)
      rescue(turn, error)
    }
    return { actions: turn.actions, state: turn.memory }
  }
}

function take(turn: Turn, input: BotInput): void {
  const { memory, book } = turn
  const change = memory.book === book.hash ? 'same' : refit(turn)
  memory.book = book.hash
  if (input.type === 'result') return takeResult(turn, input)
  if (input.type === 'start') return greet(turn)
  if (input.type === 'form') return submitGiven(turn, input.form, input.given)
  const half = longest / 2
  const { text } = input.content
  const short = text.length <= longest ? text : `${text.slice(0, half)}\n${text.slice(-half)}`
  return listen(turn, { ...input.content, text: clean(short) }, change)
}

function listen(turn: Turn, content: Content, change: 'gone' | 'changed' | 'same'): void {
  const {
    memory,
    insight: { manners },
  } = turn
  if (!memory.form) chooseLanguage(turn, content.text)
  memory.handedOff = false
  if (change === 'gone') say(turn, word(turn, 'form-gone'), distinct([offerOf(turn, 'command.menu'), person(turn)]))
  const manner = content.text.length <= 400 ? findManner(content.text, manners)?.name : undefined

  // Telegram's way to open a conversation without words.
  if (/^\/start\b/.test(content.text) && !memory.form) return greet(turn)
  if (isLate(turn, content)) return change === 'gone' ? undefined : late(turn)
  if (content.chosen !== undefined && press(turn, content.chosen)) return
  // «Corrigir» is a choice where it is offered, and «voltar» everywhere else.
  const isOffered =
    memory.form &&
    matchChoice(
      content.text,
      memory.offered.filter(({ id }) => isFormOffer(id)),
    ) !== undefined
  const isChosen =
    content.chosen !== undefined &&
    (isFormOffer(content.chosen) || memory.offered.some(({ id }) => id === content.chosen))
  if (memory.form && change === 'same' && (isChosen || (isOffered && (manner === 'back' || manner === 'cancel')))) {
    return answerForm(turn, content, manner, () => false)
  }
  if (manner !== undefined && obey(turn, manner)) return
  if (change === 'gone') return
  if (memory.waiting) return hold(turn, memory.waiting.at)
  const offered = memory.offered.filter(({ id }) => !isFormOffer(id))
  if (offered.length > 0) {
    const id = matchChoice(content.text, offered)
    if (id !== undefined && press(turn, id)) return
  }
  if (memory.form) {
    if (change === 'changed') return askForm(turn, word(turn, 'form-changed'))
    if (manner !== undefined && ['greet', 'thanks', 'bye', 'robot'].includes(manner) && mind(turn, manner))
      return resume(turn)
    return answerForm(turn, content, manner, (isCertain) => aside(turn, content.text, isCertain))
  }
  if (manner !== undefined && mind(turn, manner)) return
  const named = namedLanguage(content.text)
  if (named) return speak(turn, named)
  question(turn, content)
}

/** What was asked of a connection has not been answered. */
function hold(turn: Turn, since: number): void {
  if (turn.context.now.getTime() - since <= lookPatience) return say(turn, word(turn, 'look-waiting'))
  lookFailed(turn)
}

/** An old button, or the same one twice, changes nothing and is told so. */
function late(turn: Turn): void {
  const { memory } = turn
  if (memory.waiting) return hold(turn, memory.waiting.at)
  if (memory.form) return askForm(turn, word(turn, 'form-late'))
  say(turn, word(turn, 'form-over'), distinct([offerOf(turn, 'command.menu'), person(turn)]))
}

/** What wins everywhere, also inside a form. */
function obey(turn: Turn, manner: string): boolean {
  const { memory } = turn
  if (manner.startsWith('own:')) return command(turn, manner.slice('own:'.length))
  if (manner === 'cancel') {
    turn.trace('command.cancel')
    if (memory.form) cancelForm(turn)
    else say(turn, word(turn, 'cancel-nothing'), distinct([offerOf(turn, 'command.menu'), person(turn)]))
    return true
  }
  if (manner === 'back') {
    turn.trace('command.back')
    if (memory.form) back(turn)
    else command(turn, 'menu')
    return true
  }
  const id = commandOf[manner]
  return id !== undefined && command(turn, id)
}

const commandOf: Record<string, string> = {
  handover: 'operator',
  video: 'video',
  menu: 'menu',
  optout: 'stop',
  'gdpr-erase': 'gdpr-erase',
  'gdpr-access': 'gdpr-access',
}

/** A choice by its id. False when it is the form's, or of a time that is gone. */
function press(turn: Turn, id: string): boolean {
  const { memory } = turn
  if (id === 'helpful.yes' || id === 'helpful.no')
    return memory.helpful !== undefined && mind(turn, id === 'helpful.yes' ? 'yes' : 'no')
  const language = languages.find((each) => id === `language.${each}`)
  if (language) {
    speak(turn, language)
    return true
  }
  if (!/^(?:answer|menu|form|handover|command)\.[a-z0-9-]{1,48}$/.test(id)) return false
  const led = lead(turn, id, 'asked')
  if (led && memory.form && id.startsWith('answer.')) resume(turn)
  return led
}

/** A question beside the form: answered when we are sure of it, and the form goes on. */
function aside(turn: Turn, text: string, isCertain: boolean): boolean {
  const {
    insight: { index },
    language,
  } = turn
  // A word or two are an answer that will not do, rather than a question.
  if (!isCertain && text.trim().split(/\s+/).length < 3) return false
  const {
    zone,
    candidates: [first],
  } = understand(index, text, language)
  if (zone !== 'answer' || !first?.id.startsWith('answer.') || !lead(turn, first.id, 'rule')) return false
  resume(turn)
  return true
}

function resume(turn: Turn): void {
  if (turn.memory.form) askForm(turn, word(turn, 'form-resume'))
}

/** Clear signals change the language; what the citizen chose by name stays. */
function chooseLanguage(turn: Turn, text: string): void {
  const { memory, book } = turn
  if (memory.languageChosen || book.languages.length < 2) return
  const detected = detectLanguage(text, turn.language, book.languages)
  if (detected !== turn.language) changeLanguage(turn, detected)
}

function speak(turn: Turn, language: (typeof languages)[number]): void {
  const { memory, book } = turn
  turn.trace('command.language')
  if (!book.languages.includes(language)) return void command(turn, 'language')
  if (turn.context.language !== language) turn.actions.push({ do: 'set-language', language })
  Object.assign(memory, { language, languageChosen: true })
  turn.language = language
  say(turn, word(turn, 'language-set'), distinct([offerOf(turn, 'command.menu'), person(turn)]))
  resume(turn)
}

/** Two machines may talk to each other, or a person may be stuck: neither may go on for ever. */
function endLoops(turn: Turn): void {
  const { memory, actions } = turn
  const said = actions.flatMap((action) => (action.do === 'say' ? [action.content.text] : []))
  if (said.length === 0 || memory.handedOff) return
  const key = mark(said.join('\n'))
  memory.last = { key, times: memory.last.key === key ? memory.last.times + 1 : 1 }
  if (memory.last.times <= mostEqual) return
  turn.actions = actions.filter((action) => action.do !== 'say')
  memory.loops += 1
  if (memory.loops > 1) return handOff(turn, memory.department, 'not-understood')
  say(turn, word(turn, 'loop'), distinct([person(turn), offerOf(turn, 'command.menu')]))
  memory.last = { key: mark(word(turn, 'loop')), times: 1 }
}
