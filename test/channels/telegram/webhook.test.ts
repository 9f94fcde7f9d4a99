/** What Telegram calls: checked first, stored second, acknowledged last. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { inBoth } from '../../../src/core/channel.ts'
import { telegram as kind } from '../../../src/channels/telegram/index.ts'
import { Secret } from '../../../src/core/secret.ts'
import type { Gateway } from '../host.ts'
import { startTelegram, type Telegram } from '../../vendors/telegram.ts'
import { gatewayOf, secretToken, withWebhook } from './start.ts'

let telegram: Telegram
let gateway: Gateway
let store: () => void = () => undefined
beforeEach(async () => {
  store = () => undefined
  ;({ telegram, gateway } = await withWebhook({}, { beforeStore: () => store() }))
})
afterEach(async () => {
  await gateway.close()
  await telegram.close()
})

const update = JSON.stringify({
  update_id: 1,
  message: { message_id: 1, date: 1, chat: { id: 5, type: 'private' }, text: 'olá' },
})
const post = (
  body: string | Buffer = update,
  headers: Record<string, string> = { 'x-telegram-bot-api-secret-token': secretToken },
  path = '',
) =>
  fetch(gateway.host.publicUrl + path, {
    method: 'POST',
    body: new Uint8Array(Buffer.from(body)),
    headers: { 'content-type': 'application/json', ...headers },
  })

test('it registers itself, drops nothing and asks for what it can read', () => {
  const call = telegram.calls.find(({ method }) => method === 'setWebhook')
  expect(call?.payload).toMatchObject({
    url: gateway.host.publicUrl,
    secret_token: secretToken,
    drop_pending_updates: false,
  })
  expect(call?.payload.allowed_updates).toContain('message_reaction')
})

test('everything that a citizen does arrives', async () => {
  const ana = telegram.citizen(1001, { lastName: 'Sousa' })
  const first = ana.starts('agua')
  ana.writes('Bom dia 👋')
  ana.sendsPhoto(Buffer.from('jpeg'), { caption: 'o buraco', media_group_id: '77' })
  ana.sendsPhoto(Buffer.from('jpeg2'), { media_group_id: '77' })
  ana.sendsFile('document', Buffer.from('%PDF'), { file_name: 'a.pdf', mime_type: 'application/pdf' })
  ana.sendsFile('voice', Buffer.from('OggS'), { mime_type: 'audio/ogg' })
  ana.sendsFile('video_note', Buffer.from('mp4'))
  ana.sharesLocation(38.7, -9.1)
  ana.sharesContact()
  ana.edits(first, 'corrigido')
  ana.reacts(first, '👍')
  ana.blocks()
  ana.unblocks()
  await gateway.until(() => gateway.events.length === 13)
  expect(gateway.events.map(({ type }) => type)).toEqual([
    ...Array.from({ length: 9 }, () => 'message.received'),
    'message.edited',
    'reaction.changed',
    'contact.blocked',
    'contact.unblocked',
  ])
  const messages = gateway.messages()
  expect(messages[0]!.content).toEqual({ text: '/start agua', chosen: 'agua' })
  expect(messages[2]!.group).toBe(messages[3]!.group)
  expect(messages[8]!.from.phone).toBe(messages[8]!.content.contact!.phones[0])
})

test('other paths and methods are refused', async () => {
  expect((await post(update, undefined, '/status')).status).toBe(404)
  expect((await fetch(gateway.host.publicUrl)).status).toBe(405)
})

test('what cannot be parsed is kept as corrupt and acknowledged, so that nothing behind it waits', async () => {
  const deep = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
  for (const raw of ['{ not json', '', '[]', '"text"', 'null', deep]) expect((await post(raw)).status).toBe(200)
  expect(gateway.corrupt.map(({ raw }) => raw)).toEqual(['{ not json', '', '[]', '"text"', 'null', deep])
  expect(gateway.received).toEqual([])
})

test('while nothing can be stored it answers 503; Telegram repeats, in order, and nothing is lost', async () => {
  let failures = 6
  store = () => {
    if (failures-- > 0) throw new Error('the database is away')
  }
  const ana = telegram.citizen(1001)
  const rui = telegram.citizen(1002)
  for (const n of [1, 2, 3, 4, 5]) {
    ana.writes(`a${n}`)
    rui.writes(`r${n}`)
  }
  await gateway.until(() => gateway.messages().length === 10)
  const of = (address: string) =>
    gateway
      .messages()
      .filter(({ from }) => from.address === address)
      .map(({ content }) => content.text)
  expect(of('1001')).toEqual(['a1', 'a2', 'a3', 'a4', 'a5'])
  expect(of('1002')).toEqual(['r1', 'r2', 'r3', 'r4', 'r5'])
  await gateway.until(() => telegram.updates.pending() === 0)
  expect(telegram.updates.attempts.filter(({ status }) => status === 503)).toHaveLength(6)
})

test('the answer waits for the store', async () => {
  let release: () => void = () => undefined
  const stored = new Promise<void>((resolve) => {
    release = resolve
  })
  const slow = await withWebhook({}, { beforeStore: () => stored })
  slow.telegram.citizen(1).writes('olá')
  await slow.gateway.until(() => slow.gateway.received.length === 1)
  expect(slow.telegram.updates.attempts).toEqual([])
  release()
  await slow.gateway.until(() => slow.telegram.updates.attempts.length === 1)
  expect(slow.telegram.updates.attempts[0]!.status).toBe(200)
  await slow.gateway.close()
  await slow.telegram.close()
})

test('each update delivered ten times at once gives one message', async () => {
  const repeating = await withWebhook({ copies: () => 10 })
  for (const n of [1, 2, 3]) repeating.telegram.citizen(n).writes(`m${n}`)
  await repeating.gateway.until(() => repeating.telegram.updates.pending() === 0)
  expect(repeating.gateway.received).toHaveLength(30)
  expect(
    repeating.gateway
      .messages()
      .map(({ content }) => content.text)
      .sort(),
  ).toEqual(['m1', 'm2', 'm3'])
  await repeating.gateway.close()
  await repeating.telegram.close()
})

test('a pressed button is answered after it is stored', async () => {
  const ana = telegram.citizen(1001)
  await gateway.connection.send(
    kind.render({ text: 'Qual?', choices: [{ id: 'dep:aguas', label: 'Águas' }] }, { chatId: '1001' }, undefined),
    { key: 'k', attempt: 1, signal: AbortSignal.timeout(15_000) },
  )
  ana.presses('Águas')
  await gateway.until(() => telegram.calls.some(({ method }) => method === 'answerCallbackQuery'))
  expect(gateway.messages()[0]!.content).toEqual({ text: 'Águas', chosen: 'dep:aguas' })
  expect(gateway.messages()[0]!.inReplyTo).toBe(`1001:${ana.inbox[0]!.messageId}`)
})

describe('what admins are told', () => {
  const states = async (vendor: Telegram, is: (gateway: Gateway) => boolean, block: object = {}, more = {}) => {
    const other = await gatewayOf(vendor, { mode: 'webhook', secretToken: new Secret(secretToken), ...block }, more)
    await other.until(() => is(other))
    await other.close()
    return other.states
  }
  test('a token that is refused needs attention, in both languages', async () => {
    const told = await states(telegram, ({ states: all }) => all.some(({ status }) => status === 'needs-attention'), {
      token: new Secret('1:wrong'),
    })
    const reason = told.find(({ status }) => status === 'needs-attention')!.reason!
    expect(reason.pt).toContain('@BotFather')
    expect(reason.en).toContain('@BotFather')
    expect(JSON.stringify(told)).not.toContain('1:wrong')
  })
  test('down for more than a day: from when on messages may be missing', async () => {
    const at = new Date(Date.now() - 25 * 3_600_000).toISOString()
    const told = await states(
      telegram,
      ({ states: all }) => all.some(({ status }) => status === 'connected'),
      {},
      { disk: { cursor: { at }, seen: new Set(), events: [] } },
    )
    expect(told.find(({ status }) => status === 'connected')!.gapSince).toEqual(new Date(at))
  })
  test('down for an hour: nothing is missing', async () => {
    const at = new Date(Date.now() - 3_600_000).toISOString()
    const told = await states(
      telegram,
      ({ states: all }) => all.some(({ status }) => status === 'connected'),
      {},
      { disk: { cursor: { at }, seen: new Set(), events: [] } },
    )
    expect(told.some(({ gapSince }) => gapSince)).toBe(false)
  })
  test('an address that Telegram refuses: what it needs, and the way without it', async () => {
    const strict = await startTelegram({ onlyHttps: true })
    const told = await states(strict, ({ states: all }) => all.some(({ status }) => status === 'needs-attention'))
    expect(told.find(({ status }) => status === 'needs-attention')!.reason!.pt).toContain('mode: polling')
    await strict.close()
  })
  test('doctor sees that Telegram calls somebody else', async () => {
    expect((await gateway.connection.check!()).map(({ ok }) => ok)).toEqual([true, true])
    telegram.updates.setWebhook(
      { url: 'https://elsewhere.example/x', secretToken: undefined, maxConnections: 40 },
      false,
    )
    const [, registered] = await gateway.connection.check!()
    expect(registered).toMatchObject({ ok: false })
    expect(inBoth(registered!.fix!).pt).toContain('https')
  })
})
