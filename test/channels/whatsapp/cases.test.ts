/** Every recorded payload, and what nobody recorded: `normalise` never throws. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { whatsapp } from '../../../src/channels/whatsapp/index.ts'

const receivedAt = new Date('2026-01-02T03:04:05Z')
const folder = join(import.meta.dirname, 'cases')
const cases = readdirSync(folder).map((name) => {
  const {
    source,
    given,
    expect: events,
  } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>
  return { name, source, given, events }
})
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

test.each(cases)('$name', ({ source, given, events }) => {
  expect(source).toMatch(/^https:\/\//)
  expect(asJson(whatsapp.normalise(given, receivedAt))).toEqual(events)
})

test.each([undefined, null, 5, 'x', [], {}, { provider: 'pigeon' }, { provider: 'cloud' }, { provider: 'web', me: 5 }])(
  'nothing is made of %j',
  (payload) => {
    expect(whatsapp.normalise(payload, receivedAt)).toEqual([])
  },
)

test('any field of any recorded payload may be anything', () => {
  const anything = fc.oneof(
    fc.anything(),
    fc.constantFrom(null, undefined, Object.create(null), [], {}, '', '\0', 'constructor', '__proto__', -1, 1e300),
  )
  fc.assert(
    fc.property(fc.constantFrom(...cases), fc.nat(), anything, ({ given }, at, value) => {
      const copy = asJson(given)
      const places = placesIn(copy)
      const place = places[at % places.length]
      if (place) place.in[place.name] = value
      for (const event of whatsapp.normalise(copy, receivedAt)) expect(typeof event.type).toBe('string')
    }),
    { numRuns: 5000 },
  )
})

function placesIn(value: unknown): { in: Record<string, unknown>; name: string }[] {
  if (typeof value !== 'object' || value === null) return []
  const here = value as Record<string, unknown>
  return Object.keys(here).flatMap((name) => [{ in: here, name }, ...placesIn(here[name])])
}
