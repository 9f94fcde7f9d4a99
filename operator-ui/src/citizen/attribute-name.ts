/** The known facts have a name in each language; the town's own are shown as they are. */

import { fold } from '../fold.ts'
import type { Words } from '../words.ts'

export function attributeName(key: string, words: Words): string {
  switch (key) {
    case 'name':
    case 'nome':
      return words.citizen.name
    case 'nif':
      return words.citizen.nif
    case 'email':
      return words.citizen.emailField
    case 'phone':
    case 'telefone':
      return words.citizen.phone
    case 'address':
    case 'morada':
      return words.citizen.address
    default: {
      const name = key.replace(/[_-]+/g, ' ')
      return name.charAt(0).toUpperCase() + name.slice(1)
    }
  }
}

/** What a person types as the name of a fact, as the gateway keeps it. */
export const attributeKey = (typed: string) =>
  fold(typed)
    .replace(/[^\w.-]+/g, '_')
    .slice(0, 60)
