/** The words of the page in the operator's language; switching changes every one of them at once. */

import { createContext, useContext } from 'react'
import type { Clock } from './time.ts'
import { clockFor } from './time.ts'
import { en } from './words.en.ts'
import { pt } from './words.pt.ts'

export type Words = typeof pt
export type PageLanguage = 'pt' | 'en'

export interface Speech {
  language: PageLanguage
  words: Words
  clock: Clock
  locale: string
}

export const locales: Record<PageLanguage, string> = { pt: 'pt-PT', en: 'en-GB' }
const wordsOf: Record<PageLanguage, Words> = { pt, en }

export function speechFor(language: PageLanguage, timeZone: string): Speech {
  const words = wordsOf[language]
  const locale = locales[language]
  return { language, words, locale, clock: clockFor(locale, timeZone, words.time) }
}

export const SpeechContext = createContext<Speech>(speechFor('pt', 'Europe/Lisbon'))
export const useSpeech = () => useContext(SpeechContext)
export const useWords = () => useContext(SpeechContext).words

/** Departments and links carry both languages. */
export const inLanguage = (label: { pt: string; en: string }, language: PageLanguage) => label[language] || label.pt
