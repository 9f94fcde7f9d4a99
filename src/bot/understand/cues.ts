/** Which part of a message asks, and which only tells. A letter tells much before it asks; a short message only asks. */

import type { Word } from './normalise.ts'

/** Said on the way to a question; what comes soon after is the question. */
const asking = new Set(
  'como onde quando quanto quanta quantos quantas qual quais que quero queria queriamos querem gostava gostaria gostavamos pretendo pretendia desejo desejava preciso precisava precisamos necessito posso podia poderia podem pode podiam poderiam saber pedir pedia peco solicitar solicito venho agradecia informar informem digam diga dizer-me ajudem ajudar tratar haver havera obrigatorio possivel direito marcar comunicar reclamar'.split(' '),
)

const reach = 9
const shortest = 18
const tells = 0.75
const asks = 1.1

/** One weight a word. */
export function clauseWeights(words: readonly Word[]): number[] {
  if (words.length < shortest) return words.map(() => 1)
  let left = 0
  let sentence = -1
  return words.map((word) => {
    if (word.sentence !== sentence) left = 0
    sentence = word.sentence
    if (word.question || left > 0) {
      left = asking.has(word.text) ? reach : left - 1
      return asks
    }
    if (asking.has(word.text)) left = reach
    return tells
  })
}
