/** Nothing is lost on the way into a narrow channel: words, links, choices, files, places. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Capabilities } from '../../src/core/channel.ts'
import { fit } from '../../src/core/fit.ts'
import type { Attachment, Field } from '../../src/core/model.ts'
import { measure, split, type Unit } from '../../src/core/split.ts'

const linkOf = ({ source }: Attachment) => `https://balcao.example/f/${source}`

const can = (change: Partial<Capabilities> = {}): Capabilities => ({
  text: { max: 40, unit: 'utf16', markup: 'none' },
  choices: { max: 3, maxLabel: 10 },
  attachments: {
    kinds: { image: { maxBytes: 1000, mimeTypes: ['image/jpeg'] }, file: { maxBytes: 5000 } },
    perMessage: 1,
    caption: 20,
  },
  location: true,
  initiate: 'always',
  inbound: { edits: false, deletes: false, reactions: false, typing: false },
  outbound: { edits: false, deletes: false, reactions: false, typing: false },
  receipts: [],
  idempotent: 'none',
  source: 'https://example.org',
  ...change,
})
const photo: Attachment = { kind: 'image', source: 'a1', mimeType: 'image/jpeg', name: 'buraco.jpg', bytes: 900 }

describe('what fits goes as it is', () => {
  test('a short text is the very same object', () => {
    const content = { text: 'Bom dia.' }
    expect(fit(content, can(), linkOf)[0]).toBe(content)
  })
  test('nothing to say gives no message', () => {
    expect(fit({ text: '' }, can(), linkOf)).toEqual([])
    expect(fit({ text: ' \n' }, can(), linkOf)).toEqual([])
    expect(fit({ text: '', attachments: [], choices: [] }, can(), linkOf)).toEqual([])
  })
  test('a template is not touched', () => {
    const content = { text: 'x'.repeat(100), template: { name: 'aviso', language: 'pt_PT', parameters: [] } }
    expect(fit(content, can(), linkOf)).toEqual([content])
  })
})

describe('a field of a form', () => {
  const field: Field = { id: 'f', input: 'line', label: 'Nome', send: 'Enviar', leave: [] }
  test('stands below the last part, beside the choices, where the channel shows fields', () => {
    const choices = [{ id: 'skip', label: 'Saltar' }]
    const parts = fit({ text: `${'Bom dia. '.repeat(5)}Como se chama?`, field, choices }, can({ fields: true }), linkOf)
    expect(parts).toEqual([{ text: 'Bom dia. Bom dia. Bom dia. Bom dia.' }, { text: 'Bom dia. Como se chama?', choices, field }])
  })
  test('is left to its words elsewhere', () => {
    expect(fit({ text: 'Como se chama?', field }, can(), linkOf)).toEqual([{ text: 'Como se chama?' }])
  })
})

describe('long text is cut where a reader pauses', () => {
  const cut = (text: string, max = 40) => split(text, max, 'utf16')
  test('between paragraphs first', () => {
    expect(cut('Uma linha aqui em cima.\n\nOutra. Mais uma linha em baixo.')).toEqual([
      'Uma linha aqui em cima.',
      'Outra. Mais uma linha em baixo.',
    ])
  })
  test('then between lines, sentences, words', () => {
    expect(cut('Uma linha aqui em cima\noutra linha. E mais uma em baixo')).toEqual([
      'Uma linha aqui em cima',
      'outra linha. E mais uma em baixo',
    ])
    expect(cut('Uma frase curta acaba aqui. Esta segue na outra')).toEqual([
      'Uma frase curta acaba aqui.',
      'Esta segue na outra',
    ])
    expect(cut('palavra palavra palavra palavra palavra palavra')).toEqual([
      'palavra palavra palavra palavra palavra',
      'palavra',
    ])
  })
  test('a stub is not worth a message: a break near the beginning is passed over', () => {
    expect(cut('Olá.\n\npalavra palavra palavra palavra palavra')[0]).toBe('Olá.\n\npalavra palavra palavra palavra')
  })
  test('never inside a link that fits in a message', () => {
    const link = 'https://cm.example/a/b/c/d/e/f'
    expect(cut(`Veja por favor isto aqui ${link}`)).toEqual(['Veja por favor isto aqui', link])
    expect(cut(`${'x'.repeat(30)}${link}`)).toEqual(['x'.repeat(30), link])
  })
  test('a family of emoji, a flag and a piled accent stay whole', () => {
    const family = '👨‍👩‍👧‍👦'
    expect(cut(family.repeat(10), 25).every((piece) => piece.length % family.length === 0)).toBe(true)
    expect(cut('🇵🇹'.repeat(30), 10).join('')).toBe('🇵🇹'.repeat(30))
    expect(cut(`${'x'.repeat(39)}e\u0301`)).toEqual(['x'.repeat(39), 'e\u0301'])
  })
  test('a character longer than a message is cut between its code points', () => {
    const pile = `a${'\u0301'.repeat(100)}`
    expect(cut(pile).join('')).toBe(pile)
  })
  test('indentation of a line that begins a message is kept', () => {
    expect(cut(`${'x '.repeat(18)}\n    quatro espaços`)[1]).toBe('    quatro espaços')
  })
})

describe('choices', () => {
  test('as buttons when they fit, on the last text', () => {
    const choices = [
      { id: 'a', label: 'Águas' },
      { id: 'b', label: 'Obras' },
    ]
    const parts = fit({ text: `${'palavra '.repeat(6)}fim`, choices }, can(), linkOf)
    expect(parts.map((part) => part.choices)).toEqual([undefined, choices])
  })
  test('too many, too long or not shown by the channel: a numbered list with whole labels', () => {
    const many = ['A', 'B', 'C', 'D'].map((label) => ({ id: label, label }))
    expect(fit({ text: 'Qual?', choices: many }, can(), linkOf)).toEqual([{ text: 'Qual?\n\n1. A\n2. B\n3. C\n4. D' }])
    const long = [{ id: 'a', label: 'Uma opção comprida' }]
    expect(fit({ text: 'Qual?', choices: long }, can(), linkOf)).toEqual([{ text: 'Qual?\n\n1. Uma opção comprida' }])
    expect(fit({ text: 'Qual?', choices: many.slice(0, 1) }, can({ choices: null }), linkOf)).toEqual([
      { text: 'Qual?\n\n1. A' },
    ])
    expect(fit({ text: '', choices: many.slice(0, 1) }, can(), linkOf)).toEqual([{ text: '1. A' }])
  })
  test('the text beside them obeys its own limit', () => {
    const parts = fit(
      { text: 'Uma frase de trinta letras. Sim', choices: [{ id: 'a', label: 'A' }] },
      can({ choices: { max: 3, maxLabel: 10, maxText: 10 } }),
      linkOf,
    )
    expect(parts.at(-1)!.choices).toHaveLength(1)
    expect(parts.at(-1)!.text.length).toBeLessThanOrEqual(10)
    expect(parts.map(({ text }) => text).join(' ')).toBe('Uma frase de trinta letras. Sim')
  })
})

describe('files', () => {
  test('a short text is their caption, a long one goes before', () => {
    expect(fit({ text: 'O buraco', attachments: [photo] }, can(), linkOf)).toEqual([
      { text: 'O buraco', attachments: [photo] },
    ])
    const long = 'É este o buraco de que falei ontem'
    expect(fit({ text: long, attachments: [photo] }, can(), linkOf)).toEqual([
      { text: long },
      { text: '', attachments: [photo] },
    ])
  })
  test('with buttons they go first, so that the buttons are what is read last', () => {
    const choices = [{ id: 'a', label: 'Sim' }]
    expect(fit({ text: 'É este?', attachments: [photo], choices }, can(), linkOf)).toEqual([
      { text: '', attachments: [photo] },
      { text: 'É este?', choices },
    ])
  })
  test('a picture of another type goes as a file', () => {
    const gif: Attachment = { ...photo, mimeType: 'image/gif' }
    expect(fit({ text: '', attachments: [gif] }, can(), linkOf)).toEqual([
      { text: '', attachments: [{ ...gif, kind: 'file' }] },
    ])
  })
  test('too big, or of a kind not taken: its name and a link', () => {
    const big: Attachment = { ...photo, bytes: 6000 }
    expect(
      fit({ text: 'Veja', attachments: [big] }, can({ text: { max: 200, unit: 'utf16', markup: 'none' } }), linkOf),
    ).toEqual([{ text: 'Veja\n\n📎 buraco.jpg: https://balcao.example/f/a1' }])
    expect(
      fit(
        { text: '', attachments: [{ ...photo, name: 'a\nb' }] },
        can({ attachments: null, text: { max: 2, unit: 'sms-segments', markup: 'none' } }),
        linkOf,
      ),
    ).toEqual([{ text: 'a b: https://balcao.example/f/a1' }])
  })
  test('grouped by number and by total size', () => {
    const four = [1, 2, 3, 4].map((n) => ({ ...photo, source: `${n}` }))
    const both = can({
      attachments: { kinds: { image: { maxBytes: 1000 } }, perMessage: 3, maxTotalBytes: 2000, caption: 0 },
    })
    expect(fit({ text: '', attachments: four }, both, linkOf).map((part) => part.attachments!.length)).toEqual([2, 2])
  })
})

test('a place and a card become words where the channel has no shape for them', () => {
  const wide = can({ location: false, text: { max: 500, unit: 'utf16', markup: 'none' } })
  const [part] = fit(
    {
      text: 'Aqui',
      location: { latitude: 38.7, longitude: -9.1, name: 'Praça' },
      contact: { name: 'Ana', phones: ['+351912345678'], emails: ['a@b.pt'] },
    },
    wide,
    linkOf,
  )
  expect(part!.text).toBe(
    'Aqui\n\nPraça\nhttps://www.openstreetmap.org/?mlat=38.7&mlon=-9.1#map=18/38.7/-9.1\n\nAna\n+351912345678\na@b.pt',
  )
})
test('a subject is on every part', () => {
  const parts = fit({ text: 'palavra '.repeat(12), subject: 'Água' }, can(), linkOf)
  expect(parts.length).toBeGreaterThan(1)
  expect(parts.every(({ subject }) => subject === 'Água')).toBe(true)
})

describe('of any text, in any unit', () => {
  const units: Unit[] = ['utf16', 'characters', 'bytes', 'sms-segments']
  const text = fc.string({
    unit: fc.constantFrom(
      'a',
      'ç',
      '€',
      ' ',
      '\n',
      '. ',
      '👍',
      '👨‍👩‍👧',
      'e\u0301',
      'שלום',
      '漢',
      'https://a.pt/xyz',
      '\ud800',
    ),
    maxLength: 120,
  })
  test.each(units)('%s: every piece obeys, and only blanks are gone', (unit) => {
    fc.assert(
      fc.property(text, fc.integer({ min: unit === 'sms-segments' ? 1 : 40, max: 60 }), (long, n) => {
        const max = unit === 'sms-segments' ? 1 : n
        const pieces = split(long, max, unit)
        for (const piece of pieces) expect(measure(piece, unit)).toBeLessThanOrEqual(max)
        const bare = (words: string) => words.replace(/\s+/g, '')
        expect(bare(pieces.join(''))).toBe(bare(long))
      }),
      { numRuns: 500 },
    )
  })
  test('a link that fits is in one piece', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ' ', '漢', '\n'), maxLength: 60 }),
        fc.string({ unit: fc.constantFrom('b', '/'), minLength: 1, maxLength: 25 }),
        (before, path) => {
          const link = `https://c.pt/${path}`
          expect(split(`${before}${link} fim do texto e mais`, 40, 'utf16').some((piece) => piece.includes(link))).toBe(
            true,
          )
        },
      ),
      { numRuns: 500 },
    )
  })
})
