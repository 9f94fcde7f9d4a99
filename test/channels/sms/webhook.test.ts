/** What Twilio calls: signed over the public address, stored, then answered. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { inBoth } from '../../../src/core/channel.ts'
import { Secret } from '../../../src/core/secret.ts'
import { startTwilio, type Twilio } from '../../vendors/twilio.ts'
import { signatureOf } from '../../vendors/twilio-webhooks.ts'
import type { Gateway } from '../host.ts'
import { ana, gatewayOf, key, say, started } from './start.ts'

let twilio: Twilio
let gateway: Gateway
let config: unknown
let store: () => void = () => undefined
beforeEach(async () => {
  store = () => undefined
  ;({ twilio, gateway, config } = await started({}, {}, { beforeStore: () => store() }))
})
afterEach(async () => {
  await gateway.close()
  await twilio.close()
})

const form = (more: Record<string, string> = {}) => ({
  AccountSid: twilio.accountSid,
  MessageSid: 'SM01',
  From: ana,
  To: '+351910000001',
  Body: 'Olá, às 9h?',
  NumMedia: '0',
  ...more,
})
function post(fields: Record<string, string>, signature: string | undefined, path = '') {
  return fetch(gateway.host.publicUrl + path, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: signature === undefined ? {} : { 'x-twilio-signature': signature },
  })
}
const sign = (fields: Record<string, string>, path = '', token = twilio.authToken) =>
  signatureOf(token, gateway.host.publicUrl + path, fields)

test('it registers itself, and asks to be called again when it fails', () => {
  expect(twilio.numbers[0]).toMatchObject({ smsUrl: `${gateway.host.publicUrl}#rc=5&rp=all`, smsMethod: 'POST' })
})

test('a text arrives, and is answered with nothing to say', async () => {
  const { call, sid } = await twilio.texts(ana, 'Olá 👋 às 9h? & não')
  expect(call).toMatchObject({ status: 200, body: '<?xml version="1.0" encoding="UTF-8"?><Response/>' })
  expect(gateway.messages()).toMatchObject([
    { externalId: sid, from: { address: ana }, content: { text: 'Olá 👋 às 9h? & não' } },
  ])
})

test('the same message ten times at once is one', async () => {
  const fields = form()
  const answers = await Promise.all(Array.from({ length: 10 }, () => post(fields, sign(fields))))
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  expect(gateway.messages()).toHaveLength(1)
})

test('other methods, other paths, too much', async () => {
  expect((await fetch(gateway.host.publicUrl)).status).toBe(405)
  expect((await post(form(), undefined, '/other')).status).toBe(404)
  expect((await post(form({ Body: 'a'.repeat(70_000) }), 'x')).status).toBe(413)
})

test('the token before the last rotation is still taken', async () => {
  const other = await gatewayOf(twilio, {
    authToken: new Secret('the-new-token'),
    previousAuthToken: new Secret(twilio.authToken),
    registerWebhook: false,
  })
  const fields = form()
  const url = other.host.publicUrl
  const answer = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { 'x-twilio-signature': signatureOf(twilio.authToken, url, fields) },
  })
  expect(answer.status).toBe(200)
  await other.close()
})

test('signed with the address as it was registered, #rc and all: taken too', async () => {
  const fields = form()
  expect((await post(fields, sign(fields, '#rc=5&rp=all'))).status).toBe(200)
})

test('what cannot be stored is answered 503, and Twilio, asked to, calls again', async () => {
  let failures = 3
  store = () => {
    if (failures-- > 0) throw new Error('the database is away')
  }
  const { call } = await twilio.texts(ana, 'não me percas')
  expect(call!.status).toBe(200)
  expect(gateway.messages()).toHaveLength(1)
})

test('receipts come back with our key, forward or backward', async () => {
  await say(gateway, config, { text: 'A sua senha é a 12.' })
  await twilio.webhooks.idle()
  const states = gateway.events.flatMap((event) =>
    event.type === 'message.status' ? [[event.state, event.key, event.externalId]] : [],
  )
  expect(states).toEqual(['sent', 'sent', 'delivered'].map((state) => [state, key, twilio.ledger[0]!.sid]))
  await twilio.receipt(twilio.ledger[0]!, 'undelivered', 30005)
  expect(gateway.events.at(-1)).toMatchObject({ state: 'failed', reason: { pt: '30005: número desconhecido ou inativo', en: '30005: number unknown or not in use' } })
})

test('a picture is opened with our password at Twilio, which goes no further', async () => {
  const bytes = Buffer.from('jpeg')
  await twilio.texts(ana, 'o buraco', { pictures: [{ mimeType: 'image/jpeg', bytes }] })
  const [attachment] = gateway.messages()[0]!.content.attachments!
  const open = (source: string) => gateway.connection.fetch!(source, AbortSignal.timeout(15_000))
  const { body, mimeType } = await open(attachment!.source)
  expect([Buffer.concat(await body.toArray()), mimeType]).toEqual([bytes, 'image/jpeg'])

  for (const elsewhere of [
    'https://evil.example/x',
    'http://169.254.169.254/',
    attachment!.source.replace('api.twilio.com', 'api.twilio.com.evil.example'),
    attachment!.source.replace(twilio.accountSid, `AC${'9'.repeat(32)}`),
    attachment!.source.replace('https://', 'https://x@evil.example/'),
    'file:///etc/passwd',
    '',
  ]) {
    await expect(open(elsewhere)).rejects.toThrow('not a picture of this account')
  }
  const before = twilio.requests.length
  twilio.redirectMediaTo = 'http://169.254.169.254/latest'
  await expect(open(attachment!.source)).rejects.toThrow("not Twilio's")
  twilio.redirectMediaTo = 'https://localhost/x'
  await expect(open(attachment!.source)).rejects.toThrow("not Twilio's")
  expect(twilio.requests.length).toBe(before + 2)
})

test('STOP and START are told, and STOP is nothing to answer', async () => {
  await twilio.texts(ana, 'Parar')
  await twilio.texts(ana, 'Começar')
  expect(gateway.events.map((event) => event.type)).toEqual([
    'message.received',
    'contact.opted-out',
    'contact.opted-in',
    'message.received',
  ])
  expect(gateway.messages()[0]!.automatic).toBe(true)
})

test('a messaging service is pointed at us, numbers and all', async () => {
  const vendor = await startTwilio({ numbers: ['+351910000001', '+351910000002'] })
  const other = await gatewayOf(vendor, { from: undefined, messagingServiceSid: vendor.messagingServiceSid })
  await other.until(() => other.states.some(({ status }) => status === 'connected'))
  expect(vendor.service).toMatchObject({
    inboundRequestUrl: `${other.host.publicUrl}#rc=5&rp=all`,
    useInboundWebhookOnNumber: false,
  })
  await vendor.texts(ana, 'para o segundo', { to: '+351910000002' })
  expect(other.messages()).toHaveLength(1)
  expect((await other.connection.check!()).map(({ name, ok }) => [inBoth(name).en, ok])).toEqual([
    ['account', true],
    ['webhook', true],
    ['public address', true],
  ])
  await other.close()
  await vendor.close()
})
