/** Numbers that tell who somebody is, or pay in their name: NIF, IBAN, payment card, citizen card. By their check digits. */

import { isNif } from './nif.ts'

/** Something that people should not send without a second thought. */
export const looksSensitive = (text: string) => withCover(text) !== text

/** Such numbers within a text, all but the end of each covered. */
export function withCover(text: string): string {
  return text
    .replace(/\bPT50(?: ?\d){21}\b/gi, covered)
    .replace(/\b(?:\d[ .-]?){9}[A-Z]{2}\d\b/gi, (found) => (isCitizenCard(found) ? covered(found) : found))
    .replace(/\b(?:\d[ .-]?){8,18}\d\b/g, (found, at: number, whole: string) => {
      const isSaidToBePhone = () => isPhone(found.replace(/\D/g, ''), whole.slice(0, at), whole.slice(at + found.length))
      return isPersonal(found.replace(/\D/g, '')) && !isSaidToBePhone() ? covered(found) : found
    })
}

/** Its last three signs are enough to tell it from another. */
export const covered = (value: string) => value.replace(/[\p{L}\d](?=(?:[^\p{L}\d]*[\p{L}\d]){3})/gu, '•')

/** Facts of a citizen that are such a number by their name. */
export const isCoveredFact = (name: string) => /^(nif|niss|iban|cc|cart[aã]o)/i.test(name)

/** Many a landline number would do for a NIF, and only the words around it tell; with the country before it, it is none. */
function isPhone(digits: string, before: string, after: string): boolean {
  if (/^00351[239]\d{8}$/.test(digits)) return true
  if (!/^(?:2[1-9]|30)\d{7}$/.test(digits)) return false
  // Since the number before it, in the same sentence; in doubt it stays covered.
  const said = before.slice(-60).split(/\d[\d .-]{4,}|[.!?;]\s+(?=\p{Lu})|\n/u).at(-1) ?? ''
  // What follows may name the next number, and then says nothing of this one.
  const named = /^[^\d\n]{0,25}/.exec(after)?.[0] ?? ''
  const isNamedAfter = taxWords.test(named) && !/^\d/.test(after.slice(named.length))
  return phoneWords.test(said) && !taxWords.test(said) && !isNamedAfter
}
const phoneWords = /(?<!\p{L})(?:tel|telef|telf|tlf|tlm|telefones?|telem[oó]ve(?:l|is)|contac?tos?|contactar|ligar|ligue[mi]?|liguei|fixo|fax|phone|landline|call)(?!\p{L})/iu
const taxWords = /(?<!\p{L})(?:nif|nipc|contribuinte|fiscal|finan[cç]as|tax|vat)(?!\p{L})/iu

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
