/** A question of the citizen: answered, guessed at, or passed down the ladder towards a person. */

import type { Content } from '../core/model.ts'
import { handOff } from './hand-off.ts'
import { phraseKey } from './insight.ts'
import { lead } from './lead.ts'
import type { Offer } from './memory.ts'
import { splitRef } from './shape/text.ts'
import { changeLanguage, distinct, menuOffers, offerOf, person, say, word, write, type Turn } from './turn.ts'
import { fold } from './understand/normalise.ts'
import { understand, type Understanding } from './understand/understand.ts'

/** Enough for a question told in pieces; more would mix two of them. */
const mostFragments = 3
/** Somebody who writes again so soon after «não percebi» had not finished. */
const sameBreath = 8_000

export function question(turn: Turn, content: Content): void {
  const { memory, context } = turn
  const { text } = content
  if (!/[\p{L}\p{N}]/u.test(text)) {
    const isFile =
      (content.attachments?.length ?? 0) > 0 ||
      content.location !== undefined ||
      content.contact !== undefined ||
      content.unsupported !== undefined
    return say(turn, word(turn, isFile ? 'only-file' : 'acknowledged'))
  }
  if (nods.has(fold(text).replace(/[^a-z]/g, ''))) return say(turn, word(turn, 'acknowledged'))

  const now = context.now.getTime()
  const known = turn.insight.sentences.get(phraseKey(turn.language, text))
  if (known !== undefined && lead(turn, known, 'rule')) return
  const understood = inContext(turn, text, now)
  const { zone, candidates } = understood
  const [first] = candidates
  const cannotWait =
    zone === 'suggest' && first?.id.startsWith('answer.') && turn.book.answers[splitRef(first.id).id]?.urgent
  if ((zone === 'answer' || cannotWait) && first && lead(turn, first.id, 'rule')) return
  if (zone === 'none' && answersElsewhere(turn, text)) return
  delete memory.helpful
  memory.recent = [...memory.recent, { text: text.slice(0, 300), at: now }].slice(-mostFragments)

  const guesses = distinct(candidates.slice(0, turn.book.settings.maxSuggestions).map(({ id }) => offerOf(turn, id)))
  turn.actions.push({
    do: 'miss',
    text,
    suggested: zone === 'none' ? [] : guesses.map(({ id }) => id.replace(/^answer\./, '')),
  })
  const isSameBreath = memory.missedAt !== undefined && now - memory.missedAt < sameBreath
  memory.missedAt = now
  if (zone === 'none' && isSameBreath && memory.fragments === 0) {
    memory.fragments += 1
    return say(turn, word(turn, 'fragment'), memory.offered)
  }
  if (zone === 'suggest' && guesses.length > 0 && memory.misses < turn.book.fallback.length) {
    memory.misses += 1
    return say(turn, word(turn, 'suggest'), [...guesses, person(turn)])
  }
  nextRung(turn, zone === 'none' ? [] : guesses)
}

/** Certain in another language of the town, as of who writes on a phone that was set up in English: then that is theirs. Not by a word or two. */
function answersElsewhere(turn: Turn, text: string): boolean {
  const { memory, book, insight: { index } } = turn
  if (memory.languageChosen || (text.match(/\p{L}+/gu) ?? []).length < 3) return false
  for (const language of book.languages) {
    if (language === turn.language) continue
    const { zone, candidates: [first] } = understand(index, text, language)
    if (zone !== 'answer' || !first) continue
    changeLanguage(turn, language)
    return lead(turn, first.id, 'rule')
  }
  return false
}

/** Words that close nothing and ask nothing. */
const nods = new Set([
  'ok',
  'okay',
  'okey',
  'oki',
  'k',
  'lol',
  'ah',
  'ahah',
  'haha',
  'hum',
  'hmm',
  'pois',
  'fixe',
  'bem',
  'entendi',
  'percebi',
  'japercebi',
  'entendido',
  'tabem',
  'estabem',
  'tabom',
  'boa',
])

/** Alone, or together with what was written just before: whichever says more. */
function inContext(turn: Turn, text: string, now: number): Understanding {
  const {
    memory,
    insight: { index },
    language,
    book,
  } = turn
  const alone = understand(index, text, language)
  const before = memory.recent.filter(({ at }) => now - at <= book.settings.fragmentSeconds * 1000 && at <= now)
  if (alone.zone === 'answer' || before.length === 0) return alone
  const together = understand(index, [...before.map((each) => each.text), text].join(' '), language)
  const rank = ({ zone, candidates }: Understanding) =>
    (zone === 'answer' ? 2 : zone === 'suggest' ? 1 : 0) + (candidates[0]?.score ?? 0) / 2
  return rank(together) > rank(alone) ? together : alone
}

function nextRung(turn: Turn, guesses: Offer[]): void {
  const { memory, book } = turn
  const rung = book.fallback[memory.misses]
  turn.trace(`fallback.${Math.min(memory.misses, book.fallback.length) + 1}`)
  memory.misses += 1
  if (!rung) return handOff(turn, memory.department, 'not-understood')
  if (rung.handover) return handOff(turn, rung.handover, 'not-understood', write(turn, rung.say))
  const offers = [...(rung.suggest ? guesses : []), ...(rung.menu ? menuOffers(turn, rung.menu) : [])]
  say(turn, write(turn, rung.say), distinct([...offers, person(turn)]))
}
