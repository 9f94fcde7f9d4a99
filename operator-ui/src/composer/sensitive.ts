/** Numbers that people should not send without a second thought: NIF, IBAN, payment card. By their check digits. */

import { isNif } from '../nif.ts'

export function looksSensitive(text: string): boolean {
  for (const [candidate] of text.matchAll(/\b(?:\d[ .-]?){8,18}\d\b/g)) {
    const digits = candidate.replace(/\D/g, '')
    if (digits.length === 9 && isNif(digits) && !/^9[1236]/.test(digits)) return true
    if (digits.length >= 13 && digits.length <= 19 && isCard(digits)) return true
  }
  return /\bPT50(?:[ ]?\d){21}\b/i.test(text)
}

function isCard(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
