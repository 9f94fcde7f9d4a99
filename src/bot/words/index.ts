/** What the bot says of itself, in each language. */

import type { Language } from '../../core/model.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import { pt, type TextName } from './pt.ts'

export type { TextName } from './pt.ts'

export const words: Record<Language, Record<TextName, string>> = { pt, en, es, fr }

/** How each language calls itself. */
export const languageNames: Record<Language, string> = { pt: 'Português', en: 'English', es: 'Español', fr: 'Français' }
