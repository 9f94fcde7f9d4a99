/**
 * What every kind promises: the recorded payloads mean what they say, any other breaks nothing, and what fits can be
 * said.
 */

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AnyChannelKind, Capabilities } from '../../src/core/channel.ts'
import { fit } from '../../src/core/fit.ts'
import type { Attachment, Content, Field, MediaKind, Route } from '../../src/core/model.ts'
import { measure } from '../../src/core/split.ts'
import { configsOf } from './configs.ts'
import { asJson, type Case, casesOf, loaded, receivedAt } from './recorded.ts'

const linkOf = ({ source }: Attachment) => `https://balcao.example/f/${source.slice(5)}`

describe.each(loaded)('%s', (name, kind) => {
  const cases = casesOf(name)

  test.each(cases)('$name', ({ name: of, given, expect: events, source }) => {
    expect(asJson(kind.normalise(given, receivedAt))).toEqual(events)
    // A mail is its own source.
    if (!existsSync(`test/channels/${name}/cases/${of}.eml`)) expect(source).toMatch(/^https:\/\/|^docs\//)
  })

  test('is called what it is listed as', () => {
    expect(kind.name).toBe(name)
  })

  test('takes any payload without a throw, and says what it says in JSON', () => {
    const known = cases.map(({ given }) => given)
    const many = fc
      .tuple(fc.constantFrom(...known), fc.infiniteStream(fc.nat(9)), fc.infiniteStream(junk))
      .map(([given, dice, thrown]) => mutate(given, dice, thrown))
    const one = fc.tuple(fc.constantFrom(...known), fc.nat(), junk).map(([given, at, thrown]) => put(given, at, thrown))
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: one }, { weight: 4, arbitrary: many }, { weight: 1, arbitrary: junk }), (payload) => {
        const events = kind.normalise(payload, receivedAt)
        for (const event of events) {
          assert.equal(typeof event.type, 'string')
          if (event.type !== 'message.received') continue
          for (const word of [event.externalId, event.content.text, event.from.address])
            assert.equal(typeof word, 'string')
        }
        // PostgreSQL takes neither in a text.
        assert.doesNotMatch(JSON.stringify(events), /\\u0000|\\ud[89a-f]/i)
      }),
      { numRuns: 4_000 },
    )
  })

  test('what fits is within what it says it can carry, loses nothing, and can be rendered', () => {
    const configs = configsOf(kind)
    const routes = routesOf(kind, cases)
    for (const config of configs) {
      const can = kind.capabilities(config)
      const carries = (said: Content) => {
        const parts = fit(said, can, linkOf)
        for (const part of parts) {
          obeys(part, can)
          for (const route of routes) kind.render(part, route, config)
        }
        keeps(said, parts)
      }
      for (const { expect: events } of cases)
        for (const event of events) if (event.type === 'message.received') carries({ ...event.content, attachments: (event.content.attachments ?? []).map((file) => ({ bytes: 0, ...file })) })
      fc.assert(fc.property(content, carries), { numRuns: Math.ceil(10_000 / configs.length) })
    }
  })

  test.each(Object.entries(losses))('a fit that %s is caught', (_, lose) => {
    const can = kind.capabilities(configsOf(kind)[0])
    const { failed } = fc.check(fc.property(content, (said) => keeps(said, lose(fit(said, can, linkOf)))), { numRuns: 2_000, endOnFailure: true })
    expect(failed).toBe(true)
  })

  test('every figure has its source', () => {
    for (const config of configsOf(kind)) for (const page of kind.capabilities(config).source.split(' ')) expect(page).toMatch(/^https:\/\/\S+$|^docs\//)
  })
})

/** Each what a careless change of `fit` could do. */
const losses: Record<string, (parts: Content[]) => Content[]> = {
  'cuts a text at its end': (parts) => parts.map((part) => ({ ...part, text: part.text.slice(0, -1) })),
  'cuts a long text off': (parts) => parts.map((part) => ({ ...part, text: part.text.slice(0, 60) })),
  'sends only the first part': (parts) => parts.slice(0, 1),
  'breaks links': (parts) => parts.map((part) => ({ ...part, text: part.text.replaceAll('/servicos/', '/servicos/ ') })),
  'forgets the last choice': (parts) => parts.map((part) => ({ ...part, text: part.text.replace(/Não/g, ''), ...(part.choices && { choices: part.choices.slice(0, -1) }) })),
  'forgets files': (parts) => parts.map(({ attachments: _, ...part }) => ({ ...part, text: part.text.replaceAll('/f/', '/') })),
}

/** Those that citizens of the recorded payloads are answered by; and one of a broken row. */
function routesOf(kind: AnyChannelKind, cases: Case[]): Route[] {
  const events = cases.flatMap(({ given }) => kind.normalise(given, receivedAt))
  const routes = events.flatMap((event) => ('from' in event && event.from ? [JSON.stringify(event.from.route)] : []))
  return [...new Set(routes)]
    .slice(0, 4)
    .map((route) => JSON.parse(route) as Route)
    .concat({})
}

const deep = (levels: number): unknown => (levels === 0 ? 'x' : levels % 2 ? [deep(levels - 1)] : { a: deep(levels - 1) })
const junk = fc.oneof(
  { weight: 3, arbitrary: fc.anything({ withNullPrototype: true, withBigInt: false, maxDepth: 4 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      null, undefined, [], {}, '', '\0', '\ud800', 'constructor', '__proto__', -1, 1e300, Number.NaN,
      { toString: 1 }, { length: 1e9 }, 'x'.repeat(200_000), '\u202e'.repeat(1_000), '9'.repeat(400), deep(90),
    ),
  },
)

/** The same payload with one field changed. */
function put(given: unknown, at: number, value: unknown): unknown {
  const copy = structuredClone(given)
  const places = placesIn(copy)
  const place = places[at % places.length]
  if (place) place.in[place.name] = value
  return copy
}

function placesIn(value: unknown): { in: Record<string, unknown>; name: string }[] {
  if (typeof value !== 'object' || value === null) return []
  const here = value as Record<string, unknown>
  return Object.keys(here).flatMap((name) => [{ in: here, name }, ...placesIn(here[name])])
}

/** The same payload with some leaves replaced, removed or repeated. */
function mutate(value: unknown, dice: Iterator<number>, junk: Iterator<unknown>): unknown {
  if (dice.next().value === 0) return junk.next().value
  if (Array.isArray(value))
    return value.flatMap((item: unknown) => (dice.next().value === 1 ? [] : [mutate(item, dice, junk)]))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) =>
        dice.next().value === 1 ? [] : [[key, mutate(item, dice, junk)]],
      ),
    )
  }
  return value
}

const kindsOfMedia: Record<MediaKind, string[]> = {
  image: ['image/jpeg', 'image/png', 'image/svg+xml', 'image/gif'],
  audio: ['audio/ogg; codecs=opus', 'audio/mpeg', 'audio/x-wav'],
  video: ['video/mp4', 'video/webm'],
  file: ['application/pdf', 'application/x-msdownload', 'text/plain'],
}
const piece = fc.constantFrom(
  'palavra',
  'câmara',
  '€',
  'Não.',
  ' https://cm.example/servicos/agua?a=1&b=2 ',
  'www.cm.example',
  '👨‍👩‍👧‍👦',
  '🇵🇹',
  'שלום',
  '漢字',
  'e\u0301',
  '<b>',
  '&amp;',
  '*x*',
  '{{1}}',
  '\n',
  '\n\n',
  ' ',
  ' ',
  ' ',
  ' ',
)
const short = fc.string({ unit: piece, maxLength: 40 })
const text = fc.oneof(
  { weight: 12, arbitrary: short },
  { weight: 1, arbitrary: fc.tuple(short, fc.nat(60)).map(([words, times]) => words.repeat(times)) },
)
const attachment: fc.Arbitrary<Attachment> = fc
  .constantFrom(...(Object.keys(kindsOfMedia) as MediaKind[]))
  .chain((kind) =>
    fc.record({
      kind: fc.constant(kind),
      source: fc.nat().map((n) => `file:${n.toString(16).padStart(8, '0')}`),
      mimeType: fc.constantFrom(...kindsOfMedia[kind]),
      bytes: fc.constantFrom(0, 1_000, 6 * 1024 * 1024, 200 * 1024 * 1024),
      name: fc.constantFrom('recibo.pdf', 'a b.jpg', '"\r\n.exe', 'ção.png'),
    }),
  )
const content: fc.Arbitrary<Content> = fc.record(
  {
    text,
    attachments: fc.array(attachment, { maxLength: 4 }),
    choices: fc.uniqueArray(
      fc.record({
        id: fc.nat(99).map((n) => `choice-${n}`),
        label: fc.constantFrom(
          'Sim',
          'Não',
          'Águas e saneamento',
          'Uma opção que é muito mais comprida do que qualquer botão',
        ),
      }),
      { selector: ({ id }) => id, maxLength: 14 },
    ),
    location: fc.constantFrom(
      { latitude: 38.7, longitude: -9.1 },
      { latitude: 38.7, longitude: -9.1, name: 'Mercado', address: 'Praça' },
    ),
    field: fc.constant<Field>({
      id: 'a1', input: 'line', label: '*Nome* [aqui](https://cm.example) {{DATE(2026-01-01)}}', maxLength: 200, send: 'Enviar',
      leave: [{ id: 'leave:a1:back', label: 'Voltar' }, { id: 'leave:a1:cancel', label: 'Cancelar' }],
    }),
    contact: fc.constant({ name: 'Ana Sousa', phones: ['+351912345678'], emails: ['ana@example.pt'] }),
    subject: fc.constantFrom('O seu pedido', 'Re: água'),
  },
  { requiredKeys: ['text'] },
)

/** 10,000 contents are checked: vitest's own expect would take longer than what it checks. */
function obeys(part: Content, can: Capabilities): void {
  const { text: words, attachments = [], choices = [], field, location } = part
  assert.ok(!field || (can.fields && words.trim() !== ''), 'a field where none is shown')
  const long = measure(words, can.text.unit)
  assert.ok(long <= can.text.max, 'text is too long')
  if (attachments.length > 0) {
    assert.ok(attachments.length <= can.attachments!.perMessage, 'too many files')
    assert.ok(long <= can.attachments!.caption, 'caption is too long')
    for (const { kind, bytes, mimeType } of attachments) {
      const limit = can.attachments!.kinds[kind]
      assert.ok(limit && (bytes ?? 0) <= limit.maxBytes, `${kind} is too big or not carried`)
      assert.ok(!limit.mimeTypes || limit.mimeTypes.includes(mimeType.split(';')[0]!), `${mimeType} is not carried`)
    }
    const total = attachments.reduce((sum, { bytes = 0 }) => sum + bytes, 0)
    assert.ok(total <= (can.attachments!.maxTotalBytes ?? Infinity), 'files are too big together')
  }
  if (choices.length > 0) {
    assert.ok(choices.length <= can.choices!.max, 'too many choices')
    assert.ok(long <= (can.choices!.maxText ?? can.text.max), 'text beside choices is too long')
    assert.ok(words.trim() !== '', 'choices without text')
    for (const { label } of choices)
      assert.ok(measure(label, 'characters') <= can.choices!.maxLabel, 'label is too long')
  }
  assert.ok(!location || can.location, 'a place where none is carried')
}

function keeps(said: Content, parts: Content[]): void {
  const bare = (words: string) => words.replace(/\s+/g, '')
  const all = parts.map(({ text: words }) => words).join('\n')
  const everything = bare(all)
  assert.ok(everything.includes(bare(said.text)), 'words are lost')
  for (const [link] of said.text.matchAll(/https:\/\/cm\.example\S*?b=2/g))
    assert.ok(
      parts.some(({ text: words }) => words.includes(link)),
      'a link is cut',
    )
  for (const file of said.attachments ?? []) {
    const isCarried = parts.some(({ attachments }) => attachments?.some(({ source }) => source === file.source))
    assert.ok(isCarried || everything.includes(linkOf(file)), 'a file is lost')
  }
  for (const { id, label } of said.choices ?? []) {
    const isButton = parts.some(({ choices }) => choices?.some((one) => one.id === id && one.label === label))
    assert.ok(isButton || everything.includes(bare(label)), 'a choice is lost')
  }
  assert.ok(!said.location || parts.some(({ location }) => location) || all.includes(String(said.location.latitude)), 'a place is lost')
  for (const word of said.contact ? [said.contact.name, ...said.contact.phones, ...(said.contact.emails ?? [])] : [])
    assert.ok(everything.includes(bare(word)), 'a card is lost')
  assert.ok(!said.subject || parts.every(({ subject }) => subject === said.subject), 'the subject is lost')
}
