/** What Meta's webhook brings, over real sockets. */

import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { escaped, sign } from '../../vendors/whatsapp-cloud-webhooks.ts'
import { citizen, cloudSetup, type CloudSetup } from './cloud-setup.ts'
import { until } from './host.ts'

let setup: CloudSetup
beforeEach(async () => {
  setup = await cloudSetup({ firstRetryMs: 5 })
})
afterEach(() => setup.close())

const received = () => setup.memory.events.filter((event) => event.type === 'message.received')

test('a message with accents and emoji arrives as it was written, signed over escaped bytes', async () => {
  const text = 'Olá! Preciso da 2.ª via — «urgente» 👩‍👩‍👧‍👦 / مرحبا'
  const id = await setup.vendor.citizenWrites(
    { ...citizen, userId: 'PT.1349120865530274' },
    { type: 'text', text: { body: text } },
  )
  expect(received()).toMatchObject([
    {
      externalId: id,
      content: { text },
      from: {
        address: 'PT.1349120865530274',
        aliases: ['351912345678'],
        phone: '+351912345678',
        name: 'Maria Amélia',
        route: { to: '351912345678', recipient: 'PT.1349120865530274', message: id },
      },
    },
  ])
})

test('a webhook is taken only once it is stored: until then Meta repeats it', async () => {
  setup.memory.broken = true
  const arrival = setup.vendor.citizenWrites(citizen, { type: 'text', text: { body: 'Está alguém?' } })
  await until('a refusal', () => setup.memory.log.some((line) => line.includes('could not store')))
  setup.memory.broken = false
  await arrival
  expect(received()).toHaveLength(1)
  expect(setup.vendor.webhooks.attempts[0]).toBeGreaterThan(1)
})

test('what is not JSON, or is nested without end, is kept as corrupt and not asked for again', async () => {
  const raws = ['{"object":', '[1,2]', `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`, '']
  for (const raw of raws) {
    const response = await post(Buffer.from(raw), sign(Buffer.from(raw), setup.vendor.appSecret))
    expect(response.status).toBe(200)
  }
  expect(setup.memory.corrupt.map(({ problem }) => problem)).toEqual([
    'not JSON',
    'not a JSON object',
    'nested more than 100 deep',
    'not JSON',
  ])
  expect(setup.memory.payloads).toEqual([])
})

test('what is for another number of the same app is not shown as ours', async () => {
  const message = {
    from: '351911111111',
    id: 'wamid.X',
    timestamp: '1749416383',
    type: 'text',
    text: { body: 'Para outro balcão' },
  }
  await setup.vendor.change({ metadata: { phone_number_id: '999999999' }, messages: [message] })
  expect(setup.memory.events).toEqual([{ type: 'ignored', reason: 'for another number' }])
})

describe('the handshake', () => {
  const ask = (query: string) => fetch(`${setup.url}?${query}`)

  test('says the challenge back to who knows the verify token', async () => {
    const response = await ask('hub.mode=subscribe&hub.verify_token=the-verify-token&hub.challenge=1158201444')
    expect([response.status, await response.text()]).toEqual([200, '1158201444'])
  })

  test.each([
    'hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1158201444',
    'hub.mode=subscribe&hub.challenge=1158201444',
    'hub.mode=unsubscribe&hub.verify_token=the-verify-token&hub.challenge=1158201444',
    'hub.mode=subscribe&hub.verify_token=the-verify-token&hub.challenge=%3Cscript%3E',
    '',
  ])('refuses %s', async (query) => {
    const response = await ask(query)
    expect([response.status, await response.text()]).toEqual([403, ''])
  })
})

describe('a forged webhook', () => {
  const body = escaped({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: '1',
        changes: [
          {
            field: 'messages',
            value: {
              metadata: { phone_number_id: '106540352242922' },
              messages: [
                { from: '351912345678', id: 'wamid.1', timestamp: '1749416383', type: 'text', text: { body: 'Olá' } },
              ],
            },
          },
        ],
      },
    ],
  })
  const good = sign(body, 'the-app-secret')
  const raw = JSON.parse(body.toString()) as unknown

  test('the untouched one is taken, so that the others fail for their own reason', async () => {
    expect((await post(body, good)).status).toBe(200)
    expect(received()).toHaveLength(1)
  })

  test.each<[string, Buffer, string | undefined]>([
    ['without a signature', body, undefined],
    ['with an empty signature', body, ''],
    ['signed with another secret', body, sign(body, 'the-verify-token')],
    ['with one byte of the body changed', Buffer.from(body.toString().replace('Ol', 'ol')), good],
    ['with a byte added', Buffer.concat([body, Buffer.from(' ')]), good],
    ['with the body cut short', body.subarray(0, -1), good],
    ['re-written as other JSON of the same meaning', Buffer.from(JSON.stringify(raw)), good],
    ['with the last digit of the signature changed', body, good.slice(0, -1) + (good.endsWith('0') ? '1' : '0')],
    ['with the signature cut short', body, good.slice(0, -2)],
    ['with the name of the hash left out', body, good.slice('sha256='.length)],
    ['with the older SHA-1 signature', body, `sha1=${createHmac('sha1', 'the-app-secret').update(body).digest('hex')}`],
    ['with two signatures', body, `${good}, ${good}`],
    ['with the signature of an empty body', Buffer.alloc(0), good],
  ])('%s is refused and nothing of it is kept', async (_, bytes, signature) => {
    const response = await post(bytes, signature)
    expect(response.status).toBe(401)
    expect(await response.text()).toBe('')
    expect(setup.memory.payloads).toEqual([])
    expect(setup.memory.corrupt).toEqual([])
    expect(setup.memory.log.join()).not.toContain('Ol')
  })
})

test('a secret that was rotated is taken beside the new one', async () => {
  await setup.close()
  const { Secret } = await import('../../../src/core/secret.ts')
  setup = await cloudSetup({
    config: { appSecret: new Secret('the-new-secret'), previousAppSecret: new Secret('the-app-secret') },
  })
  await setup.vendor.citizenWrites(citizen, { type: 'text', text: { body: 'assinada com o segredo antigo' } })
  expect(received()).toHaveLength(1)
})

test.each(['PUT', 'DELETE', 'PATCH'])('%s is not for webhooks', async (method) => {
  expect((await fetch(setup.url, { method })).status).toBe(405)
})

test('a path below the channel is nobody', async () => {
  expect((await fetch(`${setup.url}/status`, { method: 'POST' })).status).toBe(404)
})

test('every webhook sent three times at once is one message each', async () => {
  await setup.close()
  setup = await cloudSetup({ copies: () => 3 })
  await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      setup.vendor.citizenWrites(citizen, { type: 'text', text: { body: `n.º ${i}` } }),
    ),
  )
  expect(new Set(received().map(({ externalId }) => externalId)).size).toBe(20)
  expect(setup.memory.payloads).toHaveLength(60)
})

function post(body: Buffer, signature: string | undefined): Promise<Response> {
  return fetch(setup.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(signature !== undefined && { 'x-hub-signature-256': signature }),
    },
    body: new Uint8Array(body),
  })
}
