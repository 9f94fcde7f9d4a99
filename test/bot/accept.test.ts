import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accept } from '../../src/bot/forms/accept.ts'
import { readDate } from '../../src/bot/forms/dates.ts'
import { readIban, readNif, readNumber, readPostalCode } from '../../src/bot/forms/numbers.ts'
import { Step } from '../../src/bot/shape/form.ts'

const around = { today: '2026-11-23', attached: 'ficheiro' }
const answer = (step: Record<string, unknown>, text: string) =>
  accept(Step.parse({ id: 'x', ask: 'X?', ...step }), { text }, around)

describe('a NIF', () => {
  test.each(['123456789', '501 442 600', 'o meu nif é o 123.456.789.', 'PT123456789', '999999990'])(
    'is read from %s',
    (text) => {
      expect(readNif(text)).toMatch(/^\d{9}$/)
    },
  )
  test.each(['123456788', '12345678', '1234567890', '400000008', '', 'não sei'])('is not %s', (text) => {
    expect(readNif(text)).toBeUndefined()
  })
  test('with one digit changed is never taken', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 99_999_999 }),
        fc.nat(8),
        fc.integer({ min: 1, max: 9 }),
        (number, at, more) => {
          const eight = `2${String(number).padStart(8, '0').slice(1)}`
          const sum = [...eight].reduce((total, digit, index) => total + Number(digit) * (9 - index), 0) % 11
          const nif = `${eight}${sum < 2 ? 0 : 11 - sum}`
          expect(readNif(nif)).toBe(nif)
          // A check digit of 0 stands for two remainders: one slip in eleven of those goes unseen.
          if (sum < 2) return
          const slipped = [...nif].map((digit, index) => (index === at ? (Number(digit) + more) % 10 : digit)).join('')
          const rest =
            [...slipped.slice(0, 8)].reduce((total, digit, index) => total + Number(digit) * (9 - index), 0) % 11
          if (rest >= 2) expect(readNif(slipped)).toBeUndefined()
        },
      ),
    )
  })
})

test.each([
  ['4900-123', '4900-123'],
  ['4900 123 Viana', '4900-123'],
  ['cp 4900123', '4900-123'],
  ['4900', undefined],
  ['0123-456', undefined],
  ['14900-123', undefined],
])('the postal code of «%s» is %s', (text, code) => expect(readPostalCode(text)).toBe(code))

test.each([
  ['PT50 0002 0123 1234 5678 9015 4', 'PT50 0002 0123 1234 5678 9015 4'],
  ['iban pt50000201231234567890154', 'PT50 0002 0123 1234 5678 9015 4'],
  ['GB82 WEST 1234 5698 7654 32', 'GB82 WEST 1234 5698 7654 32'],
  ['PT50 0002 0123 1234 5678 9015 5', undefined],
  ['PT50 0002', undefined],
])('the IBAN of «%s» is %s', (text, iban) => expect(readIban(text)).toBe(iban))

test.each([
  ['12', 12],
  ['12,5', 12.5],
  ['1.234,50 €', 1234.5],
  ['-3', -3],
  ['1234 m3', 1234],
  ['12 ou 13', undefined],
  ['doze', undefined],
  ['9'.repeat(30), undefined],
])('the number of «%s» is %s', (text, number) => expect(readNumber(text)).toBe(number))

describe('a date', () => {
  // A Monday.
  test.each([
    ['hoje', '2026-11-23'],
    ['amanhã', '2026-11-24'],
    ['Depois de amanhã de manhã', '2026-11-25'],
    ['ontem', '2026-11-22'],
    ['sexta', '2026-11-27'],
    ['na próxima segunda-feira', '2026-11-30'],
    ['sábado', '2026-11-28'],
    ['12 de março', '2027-03-12'],
    ['12/03', '2027-03-12'],
    ['12-3-2027', '2027-03-12'],
    ['12.03.27', '2027-03-12'],
    ['1º de dezembro', '2026-12-01'],
    ['dia 5', '2026-12-05'],
    ['no dia 25', '2026-11-25'],
    ['daqui a 3 dias', '2026-11-26'],
    ['dentro de 2 semanas', '2026-12-07'],
    ['2026-12-24', '2026-12-24'],
    ['29 de fevereiro', '2028-02-29'],
    ['March 12th, 2027', '2027-03-12'],
    ['12 march', '2027-03-12'],
    ['tomorrow', '2026-11-24'],
    ['el martes', '2026-11-24'],
    ['15 août', '2027-08-15'],
    ['pasado mañana', '2026-11-25'],
  ])('«%s» is %s', (text, day) => expect(readDate(text, '2026-11-23')).toBe(day))

  test.each(['31/02', '32 de março', 'um dia destes', '', '12/13', '0/0', '99/99/9999', '12 de coisa'])(
    '«%s» is none',
    (text) => {
      expect(readDate(text, '2026-11-23')).toBeUndefined()
    },
  )

  test('that has been is found backwards', () => {
    expect(readDate('12 de março', '2026-11-23', { past: true })).toBe('2026-03-12')
    expect(readDate('sexta', '2026-11-23', { past: true })).toBe('2026-11-20')
  })

  test('written by us is read by us', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
        (date) => {
          const day = date.toISOString().slice(0, 10)
          const [year, month, dayOfMonth] = day.split('-')
          expect(readDate(`${dayOfMonth}/${month}/${year}`, '2026-11-23')).toBe(day)
        },
      ),
    )
  })

  test('is kept within its limits', () => {
    const step = { type: 'date', earliest: '+2d', latest: '+30d' }
    expect(answer(step, 'amanhã')).toEqual({ reason: 'invalid-early', limit: '2026-11-25' })
    expect(answer(step, '24/12/2027')).toEqual({ reason: 'invalid-late', limit: '2026-12-23' })
    expect(answer(step, 'sexta')).toEqual({ value: '2026-11-27', shown: '27/11/2026' })
  })
})

test('a telephone is kept as the world writes it, and shown as people do', () => {
  expect(answer({ type: 'phone' }, 'o meu é 912 345 678')).toEqual({ value: '+351912345678', shown: '912 345 678' })
  expect(answer({ type: 'phone' }, '+44 20 7946 0958')).toMatchObject({ value: '+442079460958' })
  expect(answer({ type: 'phone', mobile: true }, '253000111')).toEqual({ reason: 'invalid-mobile' })
  expect(answer({ type: 'phone' }, '12345')).toEqual({ reason: 'invalid-phone' })
})

test('an e-mail address is found within a sentence', () => {
  expect(answer({ type: 'email' }, 'é Ana.Silva@Exemplo.PT obrigada')).toMatchObject({ value: 'ana.silva@exemplo.pt' })
  expect(answer({ type: 'email' }, 'ana.silva arroba exemplo')).toEqual({ reason: 'invalid-email' })
})

test('a text is as long as it must be, and has words in it', () => {
  expect(answer({ type: 'text', min: 5 }, 'rua')).toEqual({ reason: 'invalid-text' })
  expect(answer({ type: 'text', max: 5 }, 'demasiado')).toEqual({ reason: 'invalid-long' })
  expect(answer({ type: 'text' }, '\u200b\u202e ')).toEqual({ reason: 'invalid-text' })
})

test('a place is a pin or an address; a file is a file of the right kind', () => {
  const place = Step.parse({ id: 'x', ask: 'X?', type: 'location' })
  expect(accept(place, { text: '', location: { latitude: 41.5, longitude: -8.4 } }, around)).toEqual({
    value: '41.50000,-8.40000',
    shown: '41.50000,-8.40000',
  })
  expect(answer({ type: 'location' }, 'Rua Nova, 3')).toMatchObject({ value: 'Rua Nova, 3' })
  const photo = Step.parse({ id: 'x', ask: 'X?', type: 'file', kinds: ['image'] })
  const attachment = { kind: 'file' as const, source: 'file:1', mimeType: 'application/pdf' }
  expect(accept(photo, { text: '', attachments: [attachment] }, around)).toEqual({ reason: 'invalid-file' })
  expect(accept(photo, { text: '', attachments: [{ ...attachment, kind: 'image' }] }, around)).toEqual({
    value: 'ficheiro',
    shown: 'ficheiro',
  })
})

test('no text makes any step fail', () => {
  const types = ['text', 'nif', 'postal-code', 'email', 'iban', 'location', 'phone', 'date', 'number', 'file', 'yes-no']
  fc.assert(
    fc.property(
      fc.constantFrom(...types),
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.string({ unit: fc.constantFrom(...'0123456789 /-.,+@PT') }),
      ),
      (type, text) => {
        expect(Object.keys(answer({ type }, text)).length).toBeGreaterThan(0)
      },
    ),
    { numRuns: 3000 },
  )
})
