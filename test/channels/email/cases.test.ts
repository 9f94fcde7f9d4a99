/** Every recorded mail becomes the events beside it; and whatever arrives, reading it ends, soon, without throwing. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalise } from '../../../src/channels/email/normalise.ts'
import { parse } from '../../../src/channels/email/parse.ts'
import { CorruptMail } from '../../../src/channels/email/structure.ts'
import type { Mail } from '../../../src/channels/email/mail.ts'
import { arrivedAt, caseNames, expectedCase, rawCase, readCase, town } from './cases.ts'

describe('recorded mails', () => {
  test.each(caseNames)('%s', async (name) => {
    expect(await readCase(name)).toEqual(expectedCase(name))
  })
})

/** Parsed, or refused for a reason; anything else fails the test. */
async function readAnything(raw: Buffer): Promise<void> {
  const read = await parse(raw, town, { at: arrivedAt }).catch((error: unknown) => {
    if (error instanceof CorruptMail) return undefined
    throw error
  })
  if (!read) return
  const events = normalise(JSON.parse(JSON.stringify(read.mail)) as Mail, arrivedAt)
  expect(events).toHaveLength(1)
  expect(JSON.stringify(events)).not.toContain('\\u0000')
  // In `text` these are words that somebody wrote; in `html` they would act.
  const [event] = events
  const html = event?.type === 'message.received' ? (event.content.html ?? '') : ''
  expect(html).not.toMatch(/<(script|iframe|form|svg|style)|<[^>]*\son\w+\s*=|(href|src)="(javascript|data|vbscript):/i)
}

test('random bytes are read or refused, never thrown on', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3_000 }), (bytes) => readAnything(Buffer.from(bytes))),
    { numRuns: 300 },
  )
})

test('recorded mails, cut, spliced and changed at random, are read or refused', async () => {
  const raws = caseNames.filter((name) => name !== 'header-huge').map(rawCase)
  const change = fc.record({
    of: fc.nat(raws.length - 1),
    other: fc.nat(raws.length - 1),
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    to: fc.double({ min: 0, max: 1, noNaN: true }),
    bytes: fc.uint8Array({ maxLength: 12 }),
  })
  await fc.assert(
    fc.asyncProperty(change, async ({ of, other, from, to, bytes }) => {
      const [a = Buffer.alloc(0), b = Buffer.alloc(0)] = [raws[of], raws[other]]
      await readAnything(Buffer.concat([a.subarray(0, a.length * from), Buffer.from(bytes), b.subarray(b.length * to)]))
    }),
    { numRuns: 400 },
  )
})

test('any JSON at all in place of a mail gives no events', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(normalise(value as unknown as Mail, arrivedAt)).toEqual([])
    }),
  )
})

const head = 'From: a@exemplo.pt\r\nTo: geral@cm-exemplo.pt\r\nMessage-ID: <h@exemplo.pt>\r\nMIME-Version: 1.0\r\n'
const hostile: [string, () => string][] = [
  ['a megabyte of one word', () => `${head}Content-Type: text/plain\r\n\r\n${'a'.repeat(1_000_000)}`],
  ['a megabyte of opening brackets', () => `${head}Content-Type: text/html\r\n\r\n${'<'.repeat(1_000_000)}`],
  ['HTML nested 100,000 deep', () => `${head}Content-Type: text/html\r\n\r\n${'<div>'.repeat(100_000)}fundo`],
  ['100,000 links', () => `${head}Content-Type: text/html\r\n\r\n${'<a href="https://x.pt">x</a>'.repeat(60_000)}`],
  [
    'From in 5,000 nested groups',
    () => `From: ${'g:'.repeat(5_000)}a@b.pt${';'.repeat(5_000)}\r\nSubject: x\r\n\r\ncorpo`,
  ],
  [
    '10,000 recipients',
    () =>
      `${head}Cc: ${Array.from({ length: 10_000 }, (_none, index) => `p${index}@exemplo.pt`).join(', ')}\r\n\r\ncorpo`,
  ],
  ['a References header of half a megabyte', () => `${head}References: ${'<a@b.pt> '.repeat(50_000)}\r\n\r\ncorpo`],
  ['200,000 quoted lines', () => `${head}\r\n${'> > > citado\r\n'.repeat(100_000)}`],
  [
    'a subject of encoded words without end',
    () => `${head}Subject: ${'=?utf-8?Q?=C3=A1?= '.repeat(20_000)}\r\n\r\ncorpo`,
  ],
  [
    '1,000 parts',
    () => `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(1_000)}--b--`,
  ],
  [
    '200,000 boundaries that are none',
    () => `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--bb\r\n'.repeat(200_000)}`,
  ],
  ['one line that almost introduces a quotation', () => `${head}\r\n${'On '.repeat(20_000)}wrote`],
  ['spaces before a line end', () => `${head}\r\n${' '.repeat(200_000)}x`],
  ['entities without end', () => `${head}Content-Type: text/html\r\n\r\n${'&amp'.repeat(200_000)}`],
  ['a header without a name, and no body', () => ': :\r\n'.repeat(50_000)],
  [
    'an Authentication-Results of brackets',
    () => `Authentication-Results: mx.cm-exemplo.pt; ${'('.repeat(15_000)}\r\n${head}\r\ncorpo`,
  ],
]

// Not a figure of speed: a reader that backtracks takes minutes here, and one that does not, tenths of a second.
test.each(hostile)(
  '%s costs bounded time',
  async (_name, write) => {
    await readAnything(Buffer.from(write()))
  },
  10_000,
)
