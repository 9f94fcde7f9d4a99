/** Which words the chat speaks. Each language is a file of its own, fetched when it is wanted. */

import type { Language } from '../../../core/model.ts'
import type { Words } from './words/pt.ts'

export type { Words }

export const ownNames: Record<Language, string> = { pt: 'Português', en: 'English', es: 'Español', fr: 'Français' }
export const locales: Record<Language, string> = { pt: 'pt-PT', en: 'en-GB', es: 'es-ES', fr: 'fr-FR' }

/** Puts each value where the next {} stands. */
export function fill(text: string, ...values: (string | number)[]): string {
  return values.reduce<string>((filled, value) => filled.replace('{}', () => String(value)), text)
}
