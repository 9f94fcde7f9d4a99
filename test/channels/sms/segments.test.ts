/** What a text costs, and how it is written to cost less. */

import fc from 'fast-check'
import { SegmentedMessage } from 'sms-segments-calculator'
import { describe, expect, test } from 'vitest'
import { consentOf } from '../../../src/channels/sms/consent.ts'
import { partyOf } from '../../../src/channels/sms/numbers.ts'
import { smsCost } from '../../../src/channels/sms/segments.ts'
import { transliterate } from '../../../src/channels/sms/transliterate.ts'
import { smsSize } from '../../../src/core/sms-segments.ts'

test.each<[string, string, number, number]>([
  ['', 'GSM-7', 0, 160],
  ['a'.repeat(160), 'GSM-7', 1, 0],
  ['a'.repeat(161), 'GSM-7', 2, 145],
  ['€'.repeat(80), 'GSM-7', 1, 0],
  [`${'a'.repeat(152)}€${'a'.repeat(10)}`, 'GSM-7', 2, 141],
  ['ç'.repeat(70), 'UCS-2', 1, 0],
  ['ç'.repeat(71), 'UCS-2', 2, 63],
  ['à é è ù ì ò ñ ü Ç É'.repeat(8), 'GSM-7', 1, 8],
  ['Não', 'UCS-2', 1, 67],
  [`${'ç'.repeat(66)}👋${'ç'.repeat(3)}`, 'UCS-2', 2, 62],
])('%j', (text, encoding, segments, left) => {
  expect(smsSize(text)).toEqual({ encoding, segments, left })
})

test('as many as Twilio’s own calculator counts, for any text', () => {
  const letters = fc.string({
    unit: fc.constantFrom('a', 'Z', ' ', '€', '[', '~', '\n', 'ç', 'ã', '👋', '漢', 'é', '\f'),
    minLength: 1,
    maxLength: 400,
  })
  fc.assert(
    fc.property(letters, (text) => {
      const theirs = new SegmentedMessage(text, 'auto', false)
      expect(smsSize(text).encoding).toBe(theirs.encodingName)
      expect(smsSize(text).segments).toBe(theirs.segmentsCount)
    }),
    { numRuns: 500 },
  )
})

describe('transliteration', () => {
  test.each([
    ['Olá, já não há vagas às 9h — «amanhã»…', 'Ola, ja nao ha vagas às 9h - "amanha"...'],
    ['Ação de formação n.º 3 (1.ª edição)', 'Acao de formacao n.o 3 (1.a edicao)'],
    ['20 °C, 50 % × 2 ½ ≥ 3 €', '20 oC, 50 % x 2 1/2 >= 3 €'],
    ['Ça é à ñ', 'Ça é à ñ'],
    ['a\u0301 e\u0303', 'a e'],
  ])('%s', (text, cheap) => {
    expect(transliterate(text)).toBe(cheap)
    expect(smsSize(cheap).encoding).toBe('GSM-7')
  })
  test('what has no letter there stays, however dear', () => {
    expect(transliterate('Olá 👋 漢字 שלום')).toBe('Ola 👋 漢字 שלום')
    expect(smsCost('Olá 👋 👋', 'gsm7')).toMatchObject({ encoding: 'UCS-2', costly: ['👋'] })
  })
  test('the writer sees what makes it dear', () => {
    expect(smsCost('Não, João')).toMatchObject({ encoding: 'UCS-2', segments: 1, costly: ['ã'] })
    expect(smsCost('Não, João', 'gsm7')).toMatchObject({ encoding: 'GSM-7', sent: 'Nao, Joao', costly: [] })
  })
})

test('the numbers of one person are one address', () => {
  for (const written of [
    '912345678',
    '912 345 678',
    '351912345678',
    '+351912345678',
    '+351 912 345 678',
    '00351912345678',
    '00351 912-345-678',
    ' +351912345678 ',
  ]) {
    expect(partyOf(written, 'PT')).toEqual({ address: '+351912345678', phone: '+351912345678' })
  }
  expect(partyOf('', 'PT')).toBeUndefined()
  expect(partyOf('07911 123456', 'GB')!.address).toBe('+447911123456')
})

test('consent is a whole message, in any case and with any accent', () => {
  for (const word of ['stop', 'STOP!', 'Parar', 'PARAR.', 'Sair', 'unsubscribe'])
    expect(consentOf(word, undefined)).toBe('out')
  for (const word of ['start', 'Começar', 'COMEÇAR', 'recomecar', 'yes']) expect(consentOf(word, undefined)).toBe('in')
  for (const word of ['', 'não', 'cancelar', 'cancelar a reunião', 'stop it', 'a', 'sim', '👍'])
    expect(consentOf(word, undefined)).toBeUndefined()
})
