/** What leaves: within what the town pays for, and every way in which it can go wrong. */

import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sms as kind } from '../../../src/channels/sms/index.ts'
import { inBoth, SendError } from '../../../src/core/channel.ts'
import { fit } from '../../../src/core/fit.ts'
import { Secret } from '../../../src/core/secret.ts'
import type { Fault, Twilio } from '../../vendors/twilio.ts'
import type { Gateway } from '../host.ts'
import { ana, block, gatewayOf, key, say, started } from './start.ts'

let twilio: Twilio
let gateway: Gateway
let config: unknown
beforeAll(async () => {
  ;({ twilio, gateway, config } = await started())
})
beforeEach(() => {
  twilio.ledger.length = 0
  twilio.faults.length = 0
})
afterAll(async () => {
  await gateway.close()
  await twilio.close()
})
const failure = async (work: Promise<unknown>): Promise<SendError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof SendError)) throw new Error(`expected a SendError, got ${String(error)}`)
  return error
}

test('a text goes out with our key in its receipts, and its sid comes back', async () => {
  const { externalId } = await say(gateway, config, { text: 'Olá Ana 👋, até amanhã' })
  expect(twilio.ledger).toMatchObject([
    { to: ana, from: '+351910000001', body: 'Olá Ana 👋, até amanhã', sid: externalId },
  ])
  expect(twilio.ledger[0]!.statusCallback).toBe(`${gateway.host.publicUrl}/status?key=${key}#rc=5&rp=all`)
})

test('what SMS has no shape for is words: choices, a file, a place', async () => {
  const parts = fit(
    {
      text: 'Qual?',
      choices: [
        { id: 'a', label: 'Águas' },
        { id: 'b', label: 'Obras' },
      ],
      location: { latitude: 38.7, longitude: -9.1 },
      attachments: [{ kind: 'file', source: 'file:ab', mimeType: 'application/pdf', name: 'recibo.pdf' }],
    },
    kind.capabilities(config),
    () => 'https://balcao.example/f/ab',
  )
  expect(parts).toHaveLength(1)
  await say(gateway, config, parts[0]!)
  expect(twilio.ledger[0]!.body).toBe(
    'Qual?\n\nhttps://www.openstreetmap.org/?mlat=38.7&mlon=-9.1#map=18/38.7/-9.1\n\nrecibo.pdf: ' +
      'https://balcao.example/f/ab\n\n1. Águas\n2. Obras',
  )
})

test('a long text is several messages, none above maxSegments as Twilio counts them', async () => {
  const text = Array.from({ length: 120 }, (_, i) => `Informação número ${i}.`).join(' ')
  const parts = fit({ text }, kind.capabilities(config), () => '')
  for (const part of parts) await say(gateway, config, part)
  expect(parts.length).toBeGreaterThan(3)
  expect(twilio.ledger.map(({ body }) => body).join(' ')).toBe(text)
  for (const { resource } of twilio.ledger) expect(Number(resource.num_segments)).toBeLessThanOrEqual(6)
})

test('on request it is written in the cheap alphabet', async () => {
  const cheap = kind.config.parse(block(twilio, { transliterate: 'gsm7' }))
  await say(gateway, cheap, { text: 'A sua marcação é amanhã, às 9h' })
  expect(twilio.ledger[0]!.body).toBe('A sua marcacao é amanha, às 9h')
})

test('an API key signs in as well', async () => {
  const other = await gatewayOf(twilio, {
    apiKey: twilio.apiKey,
    apiSecret: new Secret(twilio.apiSecret),
    authToken: new Secret('for signatures alone'),
  })
  await say(other, config, { text: 'olá' })
  expect(twilio.ledger).toHaveLength(1)
  await other.close()
})

describe('a failure has its reason', () => {
  const cases: [string, Fault, string, number][] = [
    ['too fast', { kind: 'refuse', status: 429, retryAfter: 3 }, 'throttled', 0],
    ['opted out', { kind: 'refuse', status: 400, code: 21610 }, 'blocked', 0],
    ['no such number', { kind: 'refuse', status: 400, code: 21211 }, 'rejected', 0],
    ['not a mobile', { kind: 'refuse', status: 400, code: 21614 }, 'rejected', 0],
    ['no such region', { kind: 'refuse', status: 400, code: 21408 }, 'rejected', 0],
    ['a code nobody has seen', { kind: 'refuse', status: 400, code: 99999 }, 'rejected', 0],
    ['credentials', { kind: 'refuse', status: 401, code: 20003 }, 'misconfigured', 0],
    ['suspended', { kind: 'refuse', status: 403, code: 20005 }, 'misconfigured', 0],
    ['not available', { kind: 'refuse', status: 503, code: 20503 }, 'unreachable', 0],
    ['broken', { kind: 'refuse', status: 500 }, 'ambiguous', 0],
    ['broken after', { kind: 'refuse-after', status: 500 }, 'ambiguous', 1],
    ['cut before', { kind: 'cut-before' }, 'ambiguous', 0],
    ['cut after', { kind: 'cut-after' }, 'ambiguous', 1],
  ]
  test.each(cases)('%s', async (_, fault, reason, sent) => {
    twilio.faults.push(fault)
    const error = await failure(say(gateway, config, { text: 'palavras do cidadão' }))
    expect(error.reason).toBe(reason)
    expect(error.retryAfterMs).toBe(reason === 'throttled' ? 3_000 : undefined)
    expect(twilio.ledger).toHaveLength(sent)
    const told = [
      error.message,
      error.stack,
      JSON.stringify(error),
      String(error.cause),
      JSON.stringify(gateway.states),
    ]
    const all = [...told, ...gateway.log].join()
    expect(all).not.toMatch(/palavras do cidadão|912345678|Basic /)
    expect(all).not.toContain(twilio.authToken)
    expect(all).not.toContain(Buffer.from(`${twilio.accountSid}:${twilio.authToken}`).toString('base64'))
  })
  test('a message taken without our being told is proven by its receipt, with our key', async () => {
    twilio.faults.push({ kind: 'silent-after' })
    const as = '0198c7a0-0000-7000-8000-00000000beef'
    expect((await failure(say(gateway, config, { text: 'a' }, ana, AbortSignal.timeout(300), as))).reason).toBe(
      'ambiguous',
    )
    await gateway.until(() =>
      gateway.events.some((event) => event.type === 'message.status' && event.key === as && event.state === 'sent'),
    )
  })
  test('no time left before it began', async () => {
    expect((await failure(say(gateway, config, { text: 'a' }, ana, AbortSignal.abort()))).reason).toBe('unreachable')
    expect(twilio.ledger).toEqual([])
  })
  test.each([
    ['CTT', 'rejected'],
    ['3838', 'rejected'],
    ['+447911123456', 'rejected'],
    ['+1900555123', 'rejected'],
    ['', 'rejected'],
  ])('%j is not written to', async (to, reason) => {
    const before = twilio.requests.length
    expect((await failure(say(gateway, config, { text: 'a' }, to))).reason).toBe(reason)
    expect(twilio.requests.slice(before).filter(({ method }) => method === 'POST')).toEqual([])
  })
  test('nobody there; and a connection that never gets past its handshake', async () => {
    const nobody = await gatewayOf(twilio, { baseUrl: 'http://127.0.0.1:9' })
    expect((await failure(say(nobody, config, { text: 'a' }))).reason).toBe('unreachable')
    await nobody.close()
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const mute = await gatewayOf(twilio, { baseUrl: `https://127.0.0.1:${(server.address() as AddressInfo).port}` })
    expect((await failure(say(mute, config, { text: 'a' }))).reason).toBe('unreachable')
    await mute.close()
    server.close()
  })
})

test('of 200 messages with 10 % faults each is sent once, or known to be in doubt until its receipt', async () => {
  const kinds: Fault[] = [
    { kind: 'refuse', status: 429, retryAfter: 0 },
    { kind: 'refuse', status: 503 },
    { kind: 'refuse', status: 500 },
    { kind: 'cut-before' },
    { kind: 'cut-after' },
  ]
  const doubtful = new Set<string>()
  const keyOf = (i: number) => `run-${i}`
  for (let i = 0; i < 200; i++) {
    twilio.faults.push(i % 10 === 3 ? kinds[((i / 10) | 0) % kinds.length] : undefined)
    for (;;) {
      const error = await say(gateway, config, { text: `m${i}` }, ana, AbortSignal.timeout(15_000), keyOf(i)).then(
        () => undefined,
        (thrown: SendError) => thrown,
      )
      if (!error) break
      if (error.reason === 'ambiguous') {
        doubtful.add(keyOf(i))
        break
      }
      expect(['throttled', 'unreachable']).toContain(error.reason)
    }
  }
  await twilio.webhooks.idle()
  const sent = twilio.ledger.map(({ body }) => body)
  expect(new Set(sent).size).toBe(sent.length)
  for (let i = 0; i < 200; i++) if (!doubtful.has(keyOf(i))) expect(sent).toContain(`m${i}`)
  expect(sent).toEqual([...sent].sort((one, other) => Number(one.slice(1)) - Number(other.slice(1))))
  // Of those in doubt, just the ones that did go out are proven by a receipt.
  const proven = new Set(
    gateway.events.flatMap((event) => (event.type === 'message.status' && event.key ? [event.key] : [])),
  )
  expect([...doubtful].filter((one) => proven.has(one))).toEqual(
    [...doubtful].filter((one) => sent.includes(one.replace('run-', 'm'))),
  )
  expect(doubtful.size).toBe(12)
})

describe('admins are told', () => {
  test('of credentials that are refused, without showing them', async () => {
    const other = await gatewayOf(twilio, { authToken: new Secret('wrong-token') })
    await other.until(() => other.states.some(({ status }) => status === 'needs-attention'))
    expect(JSON.stringify(other.states) + other.log.join('')).not.toContain('wrong-token')
    expect((await other.connection.check!()).find(({ name }) => inBoth(name).en === 'account')).toMatchObject({ ok: false })
    await other.close()
  })
  test('of a number that is not theirs', async () => {
    const other = await gatewayOf(twilio, { from: '+351919999999' })
    await other.until(() =>
      other.states.some(({ status, reason }) => status === 'needs-attention' && reason!.pt.includes('+351919999999')),
    )
    await other.close()
  })
})

test('a config that cannot work names the field', () => {
  const problems = (more: object) =>
    kind.config.safeParse(block(twilio, more)).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  expect(problems({})).toBeUndefined()
  expect(problems({ accountSid: 'x' })?.[0]).toMatch(/^accountSid: expected the Account SID/)
  expect(problems({ from: undefined })?.[0]).toMatch(/^from: expected a number/)
  expect(problems({ messagingServiceSid: `MG${'0'.repeat(32)}` })?.[0]).toMatch(/^from: expected either/)
  expect(problems({ apiKey: twilio.apiKey })?.[0]).toMatch(/^apiSecret: /)
  expect(problems({ country: 'Portugal' })?.[0]).toMatch(/^country: expected a country/)
})
