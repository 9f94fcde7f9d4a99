/** What Outlook wraps is unwrapped; what is cut, broken or made to harm ends the reading and nothing else. */

import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import { expect, test } from 'vitest'
import { unwrap } from '../../../src/channels/email/winmail.ts'
import { rawCase } from './cases.ts'

const mail = await simpleParser(rawCase('attachment-winmail-with-files'))
const dat = mail.attachments[0]!.content
const whole = await unwrap(dat)

test('files come out byte for byte, by their long names, of the kind that their bytes say', () => {
  expect(whole.map(({ name, mimeType, bytes }) => [name, mimeType, bytes.length])).toEqual([
    ['fuga de água.png', 'image/png', 70],
    ['declaração.txt', 'application/octet-stream', 29],
  ])
  expect(whole[0]?.bytes.subarray(1, 4).toString()).toBe('PNG')
  expect(whole[1]?.bytes.toString()).toBe('A água corre há três dias.')
})

test('cut anywhere, what was whole before the cut is there as it was', async () => {
  for (let end = 0; end <= dat.length; end++) {
    const found = await unwrap(dat.subarray(0, end))
    expect(whole.map(({ bytes }) => bytes.toString('hex')).slice(0, found.length)).toEqual(
      found.map(({ bytes }) => bytes.toString('hex')),
    )
  }
})

test('with any bytes of it changed, lengths and counts too, no more comes out than went in', async () => {
  const change = fc.record({ at: fc.nat(dat.length - 1), bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const broken = Buffer.from(dat)
      for (const { at, bytes } of changes) broken.set(bytes.subarray(0, dat.length - at), at)
      const found = await unwrap(broken)
      expect(found.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThanOrEqual(dat.length)
      for (const { name } of found) expect(name).not.toMatch(/[/\\\0\n]/)
    }),
    { numRuns: 1_000 },
  )
})
