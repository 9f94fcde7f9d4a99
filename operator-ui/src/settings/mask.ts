/** What could tell who wrote it, put out of a question before it becomes part of the rulebook. A first go: a person reads it after. */

import { isNif } from '../nif.ts'

export type Found = 'email' | 'iban' | 'nif' | 'phone' | 'number' | 'name'

const gap = '…'
const run = "\\p{Lu}[\\p{L}'’-]+(?:\\s+(?:(?:d[aeo]s?|e)\\s+)?\\p{Lu}[\\p{L}'’-]+){0,5}"
const named = new RegExp(`(?<=\\b(?:[Cc]hamo-me|[Mm]eu nome é|[Ss]ou [oa]|[Mm]y name is|[Mm]e llamo|[Jj]e m[’']appelle|Sr\\.?ª?|Sra\\.?|D\\.|[Dd]ona|Dr\\.?ª?|Dra\\.?)\\s+)${run}`, 'gu')
const namedInSmall = /(?<=\b(?:chamo-me|meu nome [ée])\s+)(?!e\b|queria\b|quero\b|gostava\b)\p{Ll}[\p{L}'’-]+(?:\s+(?!e\b|queria\b|quero\b|gostava\b|preciso\b)\p{Ll}[\p{L}'’-]+)?/giu

export function masked(text: string): { text: string; found: Found[] } {
  const found = new Set<Found>()
  const out = (what: Found) => {
    found.add(what)
    return gap
  }
  const plain = text
    .replace(/\s+/g, ' ')
    .replace(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, () => out('email'))
    .replace(/\b[A-Z]{2}\d{2}(?: ?\d{4}){4,7}(?: ?\d{1,3})?\b/gi, () => out('iban'))
    .replace(/(?:\+|\b)\d(?:[ .-]?\d){5,}\b/g, (digits) => out(kindOf(digits)))
    .replace(named, () => out('name'))
    .replace(namedInSmall, () => out('name'))
    // What only led up to it says nothing any more.
    .replace(/(?:\bchamo-me|\b(?:e )?o meu nome [ée]|\bmeu nome [ée]|\bmy name is|\bnif|\btel[.\p{L}]*|\be-?mail)\s*:?\s*…[\s,.;:]*/giu, ' ')
    .replace(/\s+/g, ' ')
  return { text: plain.trim(), found: [...found] }
}

function kindOf(written: string): Found {
  const digits = written.replace(/\D/g, '').replace(/^(?:00)?351(?=\d{9}$)/, '')
  if (digits.length !== 9) return 'number'
  if (written.startsWith('+') || /^(?:9[1236]|2|3)/.test(digits) && !isNif(digits)) return 'phone'
  return /^9[1236]/.test(digits) ? 'phone' : isNif(digits) ? 'nif' : 'number'
}
