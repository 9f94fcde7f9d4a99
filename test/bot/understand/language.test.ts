import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Language } from '../../../src/core/model.ts'
import { detectLanguage, namedLanguage } from '../../../src/bot/understand/language.ts'

const { language, queries } = JSON.parse(readFileSync(new URL('../sets/faq.json', import.meta.url), 'utf8')) as {
  language: { text: string; lang: Language }[]
  queries: { text: string }[]
}

test('short texts in four languages are told apart, but for those that give one signal only', () => {
  const wrong = language.filter(({ text, lang }) => detectLanguage(text, 'pt') !== lang)
  expect(wrong.map(({ text }) => text)).toEqual(['sí, por favor'])
})

test('questions in Portuguese stay Portuguese', () => {
  expect(queries.filter(({ text }) => detectLanguage(text, 'pt') !== 'pt')).toEqual([])
})

test.each(['hello', 'ok', 'thanks', 'merci', 'hola', 'wifi', 'check-in', 'bus'])('one word («%s») flips nothing', (text) => {
  expect(detectLanguage(text, 'pt')).toBe('pt')
})

test('only languages that are offered are found', () => expect(detectLanguage('where is the town hall', 'pt', ['pt', 'es'])).toBe('pt'))

test('a citizen may name the language', () => {
  expect(namedLanguage('English')).toBe('en')
  expect(namedLanguage('em português')).toBe('pt')
  expect(namedLanguage('água')).toBeUndefined()
})
