/**
 * What municipal words mean: «conta de água», «fatura da água» and «boleto da água» are one concept.
 *
 * One concept a paragraph: `name: words that mean it | words that hint at it`; lines that go on are indented. `_` joins the words of an expression. `=` before a word keeps it from
 * standing for its family («passe» is not «passar»). `~` before a name: the concept goes with many answers, and says less. A word may stand in several concepts: the rulebook decides which of them matter.
 * Written for any town, from what towns do; not copied from a thesaurus.
 */

import { acts } from './acts.ts'
import { buildingsAndCommerce } from './buildings-commerce.ts'
import { courtesy } from './courtesy.ts'
import { elsewhere } from './elsewhere.ts'
import { neighbouring } from './neighbouring.ts'
import { papersAndCounter } from './papers-counter.ts'
import { schoolAndSocial } from './school-social.ts'
import { streetsAndAnimals } from './streets-animals.ts'
import { townLife } from './town-life.ts'
import { waterAndWaste } from './water-waste.ts'

export interface Concept {
  name: string
  /** `elsewhere`: what other bodies do. `courtesy`: what people say around a question. `act`: what is wanted, of whatever thing. */
  kind: 'municipal' | 'elsewhere' | 'courtesy' | 'act'
  isCommon: boolean
  entries: { words: string[]; exact: boolean; strength: number }[]
}

const means = 1
const hints = 0.5
const common = 0.65

export function readConcepts(source: string): Concept[] {
  return source
    .replace(/\n\s+/g, ' ')
    .split('\n')
    .filter((line) => line.includes(':'))
    .map((line) => {
      const [name = '', rest = ''] = line.split(/:(.*)/s)
      const [strong = '', weak = ''] = rest.split('|')
      const share = name.startsWith('~') ? common : 1
      return { name: name.replace('~', ''), kind: kindOf(name), isCommon: name.startsWith('~'), entries: [...entries(strong, means * share), ...entries(weak, hints * share)] }
    })
}

const kindOf = (name: string) => (name.startsWith('x_') ? 'elsewhere' : name.startsWith('q_') ? 'courtesy' : 'municipal')

/** «pô-lo» is read as «pô»; the shorter pronouns go with the articles. */
const pronoun = /-(?:lo|la|los|las|mo|ma)(?=_|$)/g

function entries(list: string, strength: number): Concept['entries'] {
  return list
    .split(/\s+/)
    .filter((entry) => entry !== '')
    .map((entry) => ({ words: (entry.includes('_') ? entry.replace(pronoun, '') : entry.replace(/^=/, '')).split(/[_-]/), exact: entry.startsWith('='), strength }))
}

export const portugueseConcepts: readonly Concept[] = [waterAndWaste, buildingsAndCommerce, papersAndCounter, streetsAndAnimals, schoolAndSocial, townLife, elsewhere, neighbouring, courtesy].flatMap(readConcepts)

export const portugueseActs: readonly Concept[] = readConcepts(acts).map((act) => ({ ...act, kind: 'act' }))
