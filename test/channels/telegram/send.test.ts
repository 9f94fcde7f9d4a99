/** What leaves: every kind of content, and every way in which it can go wrong. */

import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { inEnglish } from '../../../src/cli/channel.ts'
import { telegram as kind } from '../../../src/channels/telegram/index.ts'
import { SendError } from '../../../src/core/channel.ts'
import { fit } from '../../../src/core/fit.ts'
import { Secret } from '../../../src/core/secret.ts'
import { type Gateway, readAll } from '../host.ts'
import { startTelegram, type Fault, type Telegram } from '../../vendors/telegram.ts'
import { gatewayOf, say, to, withPolling } from './start.ts'

let telegram: Telegram
let gateway: Gateway
beforeAll(async () => {
  ;({ telegram, gateway } = await withPolling())
  telegram.citizen(1)
})
beforeEach(() => {
  telegram.ledger.length = 0
  telegram.faults.length = 0
})
afterAll(async () => {
  await gateway.close()
  await telegram.close()
})
const failure = async (work: Promise<unknown>): Promise<SendError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof SendError)) throw new Error(`expected a SendError, got ${String(error)}`)
  return error
}

test('a text arrives as it was written, and its id comes back', async () => {
  const { externalId } = await say(gateway, { text: '<b>Olá</b> & *bem-vindo* 👋 https://cm.example/a_b_c' }, to(1))
  expect(telegram.ledger[0]!.text).toBe('<b>Olá</b> & *bem-vindo* 👋 https://cm.example/a_b_c')
  expect(externalId).toBe(`1:${telegram.ledger[0]!.messageId}`)
})

test('a long text is split by fit and arrives whole', async () => {
  const text = Array.from({ length: 900 }, (_, i) => `Frase número ${i}.`).join(' ')
  const parts = fit({ text }, kind.capabilities(undefined), () => '')
  for (const part of parts) await say(gateway, part, to(1))
  expect(parts.length).toBeGreaterThan(2)
  expect(telegram.ledger.map((sent) => sent.text).join(' ')).toBe(text)
})

test('files arrive with bytes, name and caption', async () => {
  const bytes = Buffer.from('%PDF-1.7 conteúdo')
  const source = gateway.keepFile(bytes, 'application/pdf')
  await say(
    gateway,
    {
      text: 'O seu recibo',
      attachments: [
        { kind: 'file', source, mimeType: 'application/pdf', name: 'recibo "2026".pdf', bytes: bytes.length },
      ],
    },
    to(1),
  )
  expect(telegram.ledger[0]).toMatchObject({
    method: 'sendDocument',
    text: 'O seu recibo',
    file: { name: 'recibo 2026.pdf', bytes },
  })
  const photo = gateway.keepFile(Buffer.from('jpeg'), 'image/jpeg')
  await say(gateway, { text: '', attachments: [{ kind: 'image', source: photo, mimeType: 'image/jpeg' }] }, to(1))
  expect(telegram.ledger[1]).toMatchObject({ method: 'sendPhoto' })
})

test('a picture that Telegram will not show as one goes as a file', async () => {
  const bytes = Buffer.alloc(10 * 1024 * 1024 + 1, 1)
  const source = gateway.keepFile(bytes, 'image/jpeg')
  await say(
    gateway,
    { text: 'planta', attachments: [{ kind: 'image', source, mimeType: 'image/jpeg', name: 'planta.jpg' }] },
    to(1),
  )
  expect(telegram.ledger.map(({ method, text }) => [method, text])).toEqual([['sendDocument', 'planta']])
})

test('a place, buttons and the button for the phone number', async () => {
  await say(
    gateway,
    {
      text: '',
      location: { latitude: 38.7, longitude: -9.1, name: 'Paços do Concelho', address: 'Praça do Município' },
    },
    to(1),
  )
  await say(gateway, { text: 'O seu número?', choices: [{ id: 'ask:phone', label: 'Partilhar' }] }, to(1))
  expect(telegram.ledger.map(({ method }) => method)).toEqual(['sendVenue', 'sendMessage'])
  telegram.citizen(1).presses('Partilhar')
  await gateway.until(() => gateway.messages().some(({ content }) => content.contact?.own))
})

test('typing and reactions', async () => {
  await gateway.connection.typing!(to(1))
  await gateway.connection.react!(to(1), '1:5', '👍')
  await gateway.connection.react!(to(1), '1:5', null)
  const of = (method: string) => telegram.calls.filter((call) => call.method === method).map(({ payload }) => payload)
  expect(of('sendChatAction')).toEqual([{ chat_id: '1', action: 'typing' }])
  expect(of('setMessageReaction')).toEqual([
    { chat_id: '1', message_id: 5, reaction: [{ type: 'emoji', emoji: '👍' }] },
    { chat_id: '1', message_id: 5, reaction: [] },
  ])
})

describe('a failure has its reason', () => {
  const cases: [string, Fault, string, number][] = [
    ['too fast', { kind: 'refuse', status: 429, retryAfter: 7 }, 'throttled', 0],
    ['bad request', { kind: 'refuse', status: 400, description: 'Bad Request: chat not found' }, 'rejected', 0],
    ['blocked', { kind: 'refuse', status: 403, description: 'Forbidden: bot was blocked by the user' }, 'blocked', 0],
    ['token revoked', { kind: 'refuse', status: 401, description: 'Unauthorized' }, 'misconfigured', 0],
    ['too large', { kind: 'refuse', status: 413, description: 'Request Entity Too Large' }, 'rejected', 0],
    ['broken before', { kind: 'refuse', status: 502 }, 'ambiguous', 0],
    ['broken after', { kind: 'refuse-after', status: 500 }, 'ambiguous', 1],
    ['cut before', { kind: 'cut-before' }, 'ambiguous', 0],
    ['cut after', { kind: 'cut-after' }, 'ambiguous', 1],
  ]
  test.each(cases)('%s', async (_, fault, reason, shown) => {
    telegram.faults.push(fault)
    const error = await failure(say(gateway, { text: 'palavras do cidadão' }, to(1)))
    expect(error.reason).toBe(reason)
    expect(error.retryAfterMs).toBe(reason === 'throttled' ? 7_000 : undefined)
    expect(telegram.ledger).toHaveLength(shown)
    expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toContain(telegram.token)
    expect(error.message).not.toContain('palavras do cidadão')
  })
  test('no answer in time', async () => {
    telegram.faults.push({ kind: 'silent-after' })
    expect((await failure(say(gateway, { text: 'a' }, to(1), AbortSignal.timeout(200)))).reason).toBe('ambiguous')
  })
  test('no time left before it began', async () => {
    expect((await failure(say(gateway, { text: 'a' }, to(1), AbortSignal.abort()))).reason).toBe('unreachable')
    expect(telegram.ledger).toEqual([])
  })
  test('somebody who never wrote, and somebody who blocked the bot', async () => {
    expect((await failure(say(gateway, { text: 'a' }, to(999)))).reason).toBe('rejected')
    telegram.citizen(2).blocks()
    expect((await failure(say(gateway, { text: 'a' }, to(2)))).reason).toBe('blocked')
  })
  test('a file that is gone is said before anything is sent', async () => {
    const gone = { kind: 'file' as const, source: 'file:gone', mimeType: 'application/pdf' }
    expect((await failure(say(gateway, { text: '', attachments: [gone] }, to(1)))).reason).toBe('rejected')
    expect(telegram.ledger).toEqual([])
  })
  test('nobody there', async () => {
    const gone = await startTelegram()
    const other = await gatewayOf(gone, { mode: 'polling', pollSeconds: 0, apiRoot: 'http://127.0.0.1:9' })
    expect((await failure(say(other, { text: 'a' }, to(1)))).reason).toBe('unreachable')
    await other.close()
    await gone.close()
  })
  test('a connection that never gets past its handshake has sent nothing', async () => {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const tls = await gatewayOf(telegram, {
      mode: 'polling',
      apiRoot: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    })
    const error = await failure(say(tls, { text: 'a' }, to(1), AbortSignal.timeout(12_000)))
    expect(error.reason).toBe('unreachable')
    expect(error.message).toContain('ERR_CONNECT_DEADLINE')
    await tls.close()
    server.close()
  })
})

test('what a citizen sent is opened from Telegram, never above 20 MB', async () => {
  const bytes = Buffer.from('OggS voz')
  telegram.citizen(1).sendsFile('voice', bytes, { mime_type: 'audio/ogg' })
  await gateway.until(() => gateway.messages().some(({ content }) => content.attachments?.[0]?.role === 'voice'))
  const source = gateway.messages().find(({ content }) => content.attachments?.[0]?.role === 'voice')!.content
    .attachments![0]!.source
  const { body, bytes: size } = await gateway.connection.fetch!(source, AbortSignal.timeout(15_000))
  expect([await readAll(body), size]).toEqual([bytes, bytes.length])

  const big = telegram.keepFile(Buffer.alloc(20 * 1024 * 1024 + 1), 'big.bin')
  await expect(gateway.connection.fetch!(big, AbortSignal.timeout(15_000))).rejects.toThrow(/too big/)
  const error = await gateway.connection.fetch!('no-such-file', AbortSignal.timeout(15_000)).then(
    () => undefined,
    (thrown: Error) => thrown,
  )
  expect(String(error)).not.toContain(telegram.token)
})

test('of 200 messages with 10 % faults each is shown once, or is known to be in doubt', async () => {
  const kinds: Fault[] = [
    { kind: 'refuse', status: 429, retryAfter: 0 },
    { kind: 'refuse', status: 502 },
    { kind: 'cut-before' },
    { kind: 'cut-after' },
    { kind: 'slow', ms: 20 },
  ]
  const plan = Array.from({ length: 200 }, (_, i) => (i % 10 === 3 ? kinds[((i / 10) | 0) % kinds.length] : undefined))
  const doubtful = new Set<string>()
  for (const [i, fault] of plan.entries()) {
    telegram.faults.push(fault)
    for (;;) {
      const error = await say(gateway, { text: `m${i}` }, to(1)).then(
        () => undefined,
        (thrown: SendError) => thrown,
      )
      if (!error) break
      if (error.reason === 'ambiguous') {
        doubtful.add(`m${i}`)
        break
      }
      expect(error.reason).toBe('throttled')
    }
  }
  const shown = telegram.ledger.map(({ text }) => text)
  expect(new Set(shown).size).toBe(shown.length)
  for (let i = 0; i < 200; i++) if (!doubtful.has(`m${i}`)) expect(shown).toContain(`m${i}`)
  expect(doubtful.size).toBe(12)
  expect(shown).toEqual([...shown].sort((one, other) => Number(one.slice(1)) - Number(other.slice(1))))
})

test('doctor: the token, and whether a webhook is in the way', async () => {
  const checks = await gateway.connection.check!()
  expect(checks.map(inEnglish).map(({ name, ok, detail }) => [name, ok, detail])).toEqual([
    ['bot token', true, '@camara_bot'],
    ['no webhook in the way', true, expect.stringContaining('waiting')],
  ])
  const wrong = await gatewayOf(telegram, { token: new Secret('1:wrong'), mode: 'polling' })
  const failed = await wrong.connection.check!()
  expect(failed.every(({ ok, fix }) => !ok && fix)).toBe(true)
  expect(failed[0]!.detail).toEqual({
    pt: expect.stringContaining('o token do bot não é aceite'), en: expect.stringContaining("the bot's token is not accepted"),
  })
  expect(JSON.stringify(failed)).not.toContain('1:wrong')
  await wrong.close()
})

test('a config that cannot work names the field', () => {
  const problems = (block: object) =>
    kind.config.safeParse(block).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  expect(problems({ token: new Secret('nonsense') })?.[0]).toMatch(/^token: expected the token as @BotFather/)
  expect(problems({ token: new Secret('1:a'), mode: 'webhook', secretToken: new Secret('short') })?.[0]).toMatch(
    /^secretToken: expected 16 to 256/,
  )
  expect(problems({ token: new Secret('1:a') })).toBeUndefined()
})
