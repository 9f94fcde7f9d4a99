/** The answers of a form, however nested, for people to read: `morada.rua: Rua Direita`, a line each. */

import { clean, type Fields, label, list } from './fields.ts'

const deepest = 8

export function answersIn(form: Fields, without: string[], within: string[] = []): string[] {
  if (within.length > deepest) return []
  return Object.entries(form).flatMap(([key, answer]) => {
    const name = label(key)
    if (!name || without.includes(key)) return []
    const path = [...within, name]
    const all: unknown[] = Array.isArray(answer) ? answer : [answer]
    const plain = all.flatMap((one) => (['string', 'number', 'boolean'].includes(typeof one) ? [clean(String(one))] : []))
    const inside = list(all).flatMap((one) => answersIn(one, without, path))
    return plain.length > 0 ? [`${path.join('.')}: ${plain.join(', ')}`, ...inside] : inside
  })
}
