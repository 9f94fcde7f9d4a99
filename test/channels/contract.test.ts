/** What every kind promises: the recorded payloads mean what they say, any other breaks nothing, and what fits can be said. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { kinds } from '../../src/channels/index.ts'
import type { AnyChannelKind, Capabilities } from '../../src/core/channel.ts'
import { fit } from '../../src/core/fit.ts'
import type { Attachment, Content, MediaKind, Route } from '../../src/core/model.ts'
import { measure } from '../../src/core/split.ts'
import { configsOf } from './configs.ts'

const root = path.resolve(import.meta.dirname, '../..')
const receivedAt = new Date('2026-05-28T10:00:00Z')
const built = Object.keys(kinds).filter((name) => existsSync(path.join(root, 'src/channels', name, 'index.ts')))
const loaded = await Promise.all(built.map(async (name): Promise<[string, AnyChannelKind]> => [name, await kinds[name]!()]))
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

interface Case { source: string; given: unknown; expect: unknown }
function casesOf(name: string): [string, Case][] {
  const folder = path.join(root, 'test/channels', name, 'cases')
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter((file) => file.endsWith('.json')).flatMap((file): [string, Case][] => {
    const read = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Partial<Case>
    // A mail is an .eml with its own test; what lies beside it is no payload.
    return 'given' in read && 'expect' in read && 'source' in read ? [[file.replace(/\.json$/, ''), read as Case]] : []
  })
}

describe.each(loaded)('%s', (name, kind) => {
  const cases = casesOf(name)

  test.runIf(cases.length > 0).each(cases)('%s', (_, { given, expect: events, source }) => {
    expect(asJson(kind.normalise(given, receivedAt))).toEqual(events)
    expect(source).toMatch(/^https:\/\//)
  })

  test('is called what it is listed as', () => {
    expect(kind.name).toBe(name)
  })

  test('takes any payload without a throw, and says what it says in JSON', () => {
    const whatever = fc.anything({ withNullPrototype: true, withBigInt: false, maxDepth: 4 })
    const known = cases.map(([, { given }]) => given)
    const mutated = known.length === 0 ? whatever : fc.tuple(fc.constantFrom(...known), fc.infiniteStream(fc.nat(9)), fc.infiniteStream(whatever))
      .map(([given, dice, junk]) => mutate(given, dice, junk))
    fc.assert(fc.property(fc.oneof({ weight: 4, arbitrary: mutated }, { weight: 1, arbitrary: whatever }), (payload) => {
      const events = kind.normalise(payload, receivedAt)
      expect(Array.isArray(events)).toBe(true)
      for (const event of events) {
        expect(typeof event.type).toBe('string')
        if (event.type === 'message.received') {
          expect(event.externalId).toBeTypeOf('string')
          expect(event.content.text).toBeTypeOf('string')
          expect(event.from.address).toBeTypeOf('string')
        }
      }
      // PostgreSQL takes neither in a text.
      expect(JSON.stringify(events)).not.toMatch(/\\u0000|\\ud[89a-f]/i)
    }), { numRuns: 1_000 })
  })

  test('what fits is within what it says it can carry, loses nothing, and can be rendered', () => {
    const configs = configsOf(kind)
    expect(configs, `${name} has no block in test/channels/configs.ts`).not.toEqual([])
    const routes = routesOf(kind, cases)
    for (const config of configs) {
      const can = kind.capabilities(config)
      fc.assert(fc.property(content, (said) => {
        const parts = fit(said, can, linkOf)
        for (const part of parts) {
          obeys(part, can)
          for (const route of routes) expect(() => kind.render(part, route, config)).not.toThrow()
        }
        keeps(said, parts)
      }), { numRuns: Math.ceil(10_000 / loaded.length / configs.length) })
    }
  })

  test('every figure has its source', () => {
    for (const config of configsOf(kind)) expect(kind.capabilities(config).source).toMatch(/^https:\/\/|^docs\//)
  })
})

/** Those that citizens of the recorded payloads are answered by; and one of a broken row. */
function routesOf(kind: AnyChannelKind, cases: [string, Case][]): Route[] {
  const events = cases.flatMap(([, { given }]) => kind.normalise(given, receivedAt))
  const routes = events.flatMap((event) => ('from' in event && event.from ? [JSON.stringify(event.from.route)] : []))
  return [...new Set(routes)].slice(0, 4).map((route) => JSON.parse(route) as Route).concat({})
}

/** The same payload with some leaves replaced, removed or repeated. */
function mutate(value: unknown, dice: Iterator<number>, junk: Iterator<unknown>): unknown {
  if (dice.next().value === 0) return junk.next().value
  if (Array.isArray(value)) return value.flatMap((item: unknown) => (dice.next().value === 1 ? [] : [mutate(item, dice, junk)]))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (dice.next().value === 1 ? [] : [[key, mutate(item, dice, junk)]])))
  }
  return value
}

const kindsOfMedia: Record<MediaKind, string[]> = {
  image: ['image/jpeg', 'image/png', 'image/svg+xml', 'image/gif'], audio: ['audio/ogg; codecs=opus', 'audio/mpeg', 'audio/x-wav'],
  video: ['video/mp4', 'video/webm'], file: ['application/pdf', 'application/x-msdownload', 'text/plain'],
}
const piece = fc.constantFrom(
  'palavra', 'câmara', '€', 'Não.', 'https://cm.example/servicos/agua?a=1&b=2', 'www.cm.example', '👨‍👩‍👧‍👦', '🇵🇹', 'שלום', '漢字', 'e\u0301',
  '<b>', '&amp;', '*x*', '{{1}}', '\n', '\n\n', ' ', ' ', ' ', ' ',
)
const text = fc.oneof(
  { weight: 8, arbitrary: fc.string({ unit: piece, maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: piece, minLength: 1_000, maxLength: 1_500, size: 'max' }) },
)
const attachment: fc.Arbitrary<Attachment> = fc.constantFrom(...(Object.keys(kindsOfMedia) as MediaKind[])).chain((kind) => fc.record({
  kind: fc.constant(kind), source: fc.stringMatching(/^file:[0-9a-f]{8}$/), mimeType: fc.constantFrom(...kindsOfMedia[kind]),
  bytes: fc.constantFrom(0, 1_000, 6 * 1024 * 1024, 200 * 1024 * 1024), name: fc.constantFrom('recibo.pdf', 'a b.jpg', '"\r\n.exe', 'ção.png'),
}))
const content: fc.Arbitrary<Content> = fc.record({
  text,
  attachments: fc.array(attachment, { maxLength: 4 }),
  choices: fc.uniqueArray(fc.record({ id: fc.stringMatching(/^[a-z]{1,8}$/), label: fc.constantFrom('Sim', 'Não', 'Águas e saneamento', 'Uma opção que é muito mais comprida do que qualquer botão') }),
    { selector: ({ id }) => id, maxLength: 14 }),
  location: fc.constantFrom({ latitude: 38.7, longitude: -9.1 }, { latitude: 38.7, longitude: -9.1, name: 'Mercado', address: 'Praça' }),
  contact: fc.constant({ name: 'Ana Sousa', phones: ['+351912345678'], emails: ['ana@example.pt'] }),
  subject: fc.constantFrom('O seu pedido', 'Re: água'),
}, { requiredKeys: ['text'] })

const linkOf = ({ source }: Attachment) => `https://balcao.example/f/${source.slice(5)}`

function obeys(part: Content, can: Capabilities): void {
  const { text: words, attachments = [], choices = [], location } = part
  expect(measure(words, can.text.unit)).toBeLessThanOrEqual(can.text.max)
  if (attachments.length > 0) {
    expect(attachments.length).toBeLessThanOrEqual(can.attachments!.perMessage)
    expect(measure(words, can.text.unit)).toBeLessThanOrEqual(can.attachments!.caption)
    for (const { kind, bytes, mimeType } of attachments) {
      const limit = can.attachments!.kinds[kind]!
      expect(bytes ?? 0).toBeLessThanOrEqual(limit.maxBytes)
      if (limit.mimeTypes) expect(limit.mimeTypes).toContain(mimeType.split(';')[0])
    }
    const total = attachments.reduce((sum, { bytes = 0 }) => sum + bytes, 0)
    expect(total).toBeLessThanOrEqual(can.attachments!.maxTotalBytes ?? Infinity)
  }
  if (choices.length > 0) {
    expect(choices.length).toBeLessThanOrEqual(can.choices!.max)
    expect(measure(words, can.text.unit)).toBeLessThanOrEqual(can.choices!.maxText ?? can.text.max)
    expect(words.trim()).not.toBe('')
    for (const { label } of choices) expect(measure(label, 'characters')).toBeLessThanOrEqual(can.choices!.maxLabel)
  }
  if (location) expect(can.location).toBe(true)
}

function keeps(said: Content, parts: Content[]): void {
  const bare = (words: string) => words.replace(/\s+/g, '')
  const all = parts.map(({ text: words }) => words).join('\n')
  const everything = bare(all)
  expect(everything).toContain(bare(said.text))
  for (const [link] of said.text.matchAll(/https:\/\/cm\.example\S*?b=2/g)) expect(parts.some(({ text: words }) => words.includes(link))).toBe(true)
  for (const file of said.attachments ?? []) {
    const isCarried = parts.some(({ attachments }) => attachments?.some(({ source }) => source === file.source))
    expect(isCarried || everything.includes(linkOf(file))).toBe(true)
  }
  for (const { id, label } of said.choices ?? []) {
    const isButton = parts.some(({ choices }) => choices?.some((one) => one.id === id && one.label === label))
    expect(isButton || everything.includes(bare(label))).toBe(true)
  }
  if (said.location) expect(parts.some(({ location }) => location) || all.includes('38.7')).toBe(true)
  if (said.contact) for (const word of [said.contact.name, ...said.contact.phones, ...said.contact.emails!]) expect(everything).toContain(bare(word))
  if (said.subject && parts.length > 0) expect(parts[0]!.subject).toBe(said.subject)
}
