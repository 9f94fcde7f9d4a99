/** «Em frente à escola», «na Rua do Cemitério»: where something is, not what it is about. */

import { isGlue } from './dictionary.ts'
import type { Word } from './normalise.ts'

const beside = new Set('junto lado frente perto pe atras tras beira proximo proxima esquina saida entrada caminho cima baixo traseiras defronte porta rua avenida largo travessa bairro estrada praceta beco urbanizacao'.split(' '))
const links = new Set('a ao aos as de do da dos das'.split(' '))
const reach = 2

/** Which words name a place; by their index. */
export function placeNames(words: readonly Word[]): ReadonlySet<number> {
  const places = new Set<number>()
  words.forEach(({ text, sentence }, at) => {
    if (!beside.has(text) || !links.has(words[at + 1]?.text ?? '')) return
    for (let next = at + 1; next <= at + 1 + reach; next += 1) {
      const word = words[next]
      if (!word || word.sentence !== sentence) return
      if (isGlue(word.text) || links.has(word.text)) continue
      places.add(next)
      return
    }
  })
  return places
}
