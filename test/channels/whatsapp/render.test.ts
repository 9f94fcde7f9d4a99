/** Whatever is said, once it fits, is something that the vendor takes, and no word of it is lost. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { whatsapp } from '../../../src/channels/whatsapp/index.ts'
import { fit } from '../../../src/core/fit.ts'
import type { Content } from '../../../src/core/model.ts'
import { Secret } from '../../../src/core/secret.ts'
import { refusal } from '../../vendors/whatsapp-cloud-rules.ts'

const secret = new Secret('x')
const cloud = whatsapp.config.parse({
  phoneNumberId: '106540352242922',
  accessToken: secret,
  appSecret: secret,
  verifyToken: secret,
})
const web = whatsapp.config.parse({ provider: 'web', acceptRiskOfBan: true, encryptionKey: secret })

const word = fc.string({ unit: 'grapheme', maxLength: 40 })
const contents: fc.Arbitrary<Content> = fc.record(
  {
    text: fc.oneof(word, fc.string({ unit: 'grapheme-composite', maxLength: 6000 })),
    choices: fc.array(
      fc.record({ id: fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme-ascii' }), label: word }),
      { maxLength: 12 },
    ),
    attachments: fc.array(
      fc.record(
        {
          kind: fc.constantFrom('image', 'audio', 'video', 'file'),
          source: fc.constant('file:abc'),
          mimeType: fc.constantFrom(
            'image/jpeg',
            'image/webp',
            'audio/ogg; codecs=opus',
            'video/mp4',
            'application/pdf',
            'application/zip',
          ),
          name: word,
          bytes: fc.constantFrom(10, 6_000_000, 200_000_000),
          role: fc.constantFrom('sticker', 'voice', 'inline'),
        },
        { requiredKeys: ['kind', 'source', 'mimeType'] },
      ),
      { maxLength: 3 },
    ),
    location: fc.record({
      latitude: fc.double({ min: -90, max: 90, noNaN: true }),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    }),
    contact: fc.record({ name: word, phones: fc.array(fc.constant('+351912345678'), { maxLength: 2 }) }),
  },
  { requiredKeys: ['text'] },
) as fc.Arbitrary<Content>

test('Meta takes every message that fits', () => {
  fc.assert(
    fc.property(contents, (content) => {
      for (const part of fit(content, whatsapp.capabilities(cloud), () => 'https://balcao.example/f')) {
        const request = whatsapp.render(part, { to: '351912345678' }, cloud) as {
          body: Record<string, unknown>
          upload?: { slot: string; inHeader: boolean }
        }
        const { body, upload } = request
        if (upload && !upload.inHeader) body[upload.slot] = { ...(body[upload.slot] as object), id: '1' }
        if (upload?.inHeader) {
          const { header } = body.interactive as { header: Record<string, object> }
          header[upload.slot] = { ...header[upload.slot], id: '1' }
        }
        expect(refusal(body, { media: new Set(['1']), templates: new Map(), received: new Set() })).toBeUndefined()
      }
    }),
    { numRuns: 5000 },
  )
})

test.each([
  ['cloud', cloud],
  ['web', web],
])('%s: no word and no choice is lost between what fits and what is sent', (_, config) => {
  fc.assert(
    fc.property(contents, (content) => {
      for (const part of fit(content, whatsapp.capabilities(config), () => 'https://balcao.example/f')) {
        const sent = JSON.stringify(whatsapp.render(part, { to: '351912345678', chat: '351912345678@c.us' }, config))
        const says = (text: string) => sent.includes(JSON.stringify(text).slice(1, -1))
        expect(says(part.text)).toBe(true)
        for (const { label } of part.choices ?? []) expect(says(label)).toBe(true)
        for (const { source } of part.attachments ?? []) expect(says(source)).toBe(true)
      }
    }),
    { numRuns: 3000 },
  )
})

test('content that was not made to fit is sent whole all the same', () => {
  const content: Content = {
    text: 'Tudo junto',
    choices: [{ id: 'a', label: 'Sim' }],
    location: { latitude: 1, longitude: 2, name: 'Praça' },
    contact: { name: 'Ana', phones: ['+351912345678'] },
    attachments: [
      { kind: 'audio', source: 'file:1', mimeType: 'audio/mpeg', name: 'um.mp3' },
      { kind: 'image', source: 'file:2', mimeType: 'image/png', name: 'dois.png' },
    ],
  }
  for (const config of [cloud, web]) {
    const sent = JSON.stringify(whatsapp.render(content, { to: '351912345678', chat: '351912345678@c.us' }, config))
    for (const piece of ['Tudo junto', 'Sim', 'Praça', 'Ana', '+351912345678', 'um.mp3', 'dois.png'])
      expect(sent).toContain(piece)
  }
})

test('config says which field is wrong, and that the linked device is a risk to be accepted', () => {
  const problems = (given: object) =>
    whatsapp.config.safeParse(given).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  expect(problems({ provider: 'web', encryptionKey: secret })).toEqual([
    expect.stringMatching(/^acceptRiskOfBan: .*ban this number/),
  ])
  expect(problems({ accessToken: secret, appSecret: 'plain', verifyToken: secret, phoneNumberId: '+351 276' })).toEqual(
    [expect.stringMatching(/^phoneNumberId: /), expect.stringMatching(/^appSecret: .*do not write the secret/)],
  )
  expect(whatsapp.exclusive(web)).toBe(true)
  expect(whatsapp.exclusive(cloud)).toBe(false)
})
