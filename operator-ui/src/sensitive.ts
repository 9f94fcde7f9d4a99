/** Numbers that tell who somebody is, or pay in their name: NIF, IBAN, payment card, citizen card. By their check digits. */

import { isNif } from './nif.ts'

/** Something that people should not send without a second thought. */
export const looksSensitive = (text: string) => withCover(text) !== text

/** Such numbers within a text, all but the end of each covered. */
export function withCover(text: string): string {
  return text
    .replace(/\bPT50(?: ?\d){21}\b/gi, covered)
    .replace(/\b(?:\d[ .-]?){9}[A-Z]{2}\d\b/gi, (found) => (isCitizenCard(found) ? covered(found) : found))
    .replace(/\b(?:\d[ .-]?){8,18}\d\b/g, (found) => (isPersonal(found.replace(/\D/g, '')) ? covered(found) : found))
}

/** Its last three signs are enough to tell it from another. */
export const covered = (value: string) => value.replace(/[\p{L}\d](?=(?:[^\p{L}\d]*[\p{L}\d]){3})/gu, '•')

/** Facts of a citizen that are such a number by their name. */
export const isCoveredFact = (name: string) => /^(nif|niss|iban|cc|cart[aã]o)/i.test(name)

function isPersonal(digits: string): boolean {
  if (digits.length === 9) return isNif(digits) && !/^9[1236]/.test(digits)
  return digits.length >= 13 && luhn([...digits].map(Number))
}

const isCitizenCard = (written: string) =>
  luhn([...written.toUpperCase().replace(/[^A-Z\d]/g, '')].map((sign) => Number.parseInt(sign, 36)))

/** From the end, every second value counts twice. */
function luhn(values: number[]): boolean {
  const sum = values.toReversed().reduce((total, value, index) => {
    const counted = value * (index % 2 === 0 ? 1 : 2)
    return total + (index % 2 === 1 && counted > 9 ? counted - 9 : counted)
  }, 0)
  return sum % 10 === 0
}
