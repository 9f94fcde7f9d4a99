/**
 * Text in the alphabet that SMS sends cheaply. What has no letter there stays as it is: no word is lost for a price.
 */

import { isGsm7 } from '../../core/sms-segments.ts'

const written: Record<string, string> = {
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '‟': '"',
  '″': '"',
  '‘': "'",
  '’': "'",
  '‚': "'",
  '‛': "'",
  '′': "'",
  '`': "'",
  '´': "'",
  '–': '-',
  '—': '-',
  '‑': '-',
  '‒': '-',
  '−': '-',
  '­': '',
  '•': '-',
  '·': '-',
  '…': '...',
  '\t': ' ',
  '\u2028': '\n',
  '\u2029': '\n\n',
  '\u200b': '',
  '\u200c': '',
  '\ufeff': '',
  º: 'o',
  ª: 'a',
  '°': 'o',
  '²': '2',
  '³': '3',
  '¹': '1',
  '½': '1/2',
  '¼': '1/4',
  '¾': '3/4',
  '×': 'x',
  '÷': '/',
  '™': '(TM)',
  '©': '(c)',
  '®': '(R)',
  '→': '->',
  '←': '<-',
  '≥': '>=',
  '≤': '<=',
  '≠': '!=',
  '±': '+/-',
  '‰': 'o/oo',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  œ: 'oe',
  Œ: 'OE',
  þ: 'th',
  Þ: 'Th',
  ð: 'd',
  ı: 'i',
}

export function transliterate(text: string): string {
  return Array.from(text.normalize('NFC'), (character) => (isGsm7(character) ? character : cheaper(character))).join('')
}

function cheaper(character: string): string {
  const known = written[character]
  if (known !== undefined) return known
  if (/\p{Zs}/u.test(character)) return ' '
  const bare = character.normalize('NFD').replace(/\p{M}/gu, '')
  return bare !== '' && Array.from(bare).every(isGsm7) ? bare : character
}
