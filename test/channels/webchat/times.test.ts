/** When the town opens again, as it stands in a sentence. */

import { expect, test } from 'vitest'
import { opening } from '../../../src/channels/webchat/widget/times.ts'
import { words as en } from '../../../src/channels/webchat/widget/words/en.ts'
import { words as es } from '../../../src/channels/webchat/widget/words/es.ts'
import { words as fr } from '../../../src/channels/webchat/widget/words/fr.ts'
import { words as pt } from '../../../src/channels/webchat/widget/words/pt.ts'

const friday = new Date(2026, 10, 27, 13, 5)
const at = (day: number, hour = 9) => new Date(2026, 10, day, hour, 30)

test.each([
  ['pt', pt, 'hoje às 14:30', 'amanhã às 09:30', 'segunda-feira, 30 de novembro às 09:30'],
  ['en', en, 'today at 14:30', 'tomorrow at 09:30', 'Monday 30 November at 09:30'],
  ['es', es, 'hoy a las 14:30', 'mañana a las 09:30', 'lunes, 30 de noviembre, 09:30'],
  ['fr', fr, 'aujourd’hui à 14:30', 'demain à 09:30', 'lundi 30 novembre à 09:30'],
] as const)('%s: today and tomorrow are called that, any other day by its date', (language, words, today, tomorrow, monday) => {
  expect([at(27, 14), at(28), at(30)].map((opens) => opening(opens, friday, language, words))).toEqual([today, tomorrow, monday])
})
