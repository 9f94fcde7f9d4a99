/** What Meta's webhook brings, over real sockets. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sign } from '../../vendors/whatsapp-cloud-webhooks.ts'
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
