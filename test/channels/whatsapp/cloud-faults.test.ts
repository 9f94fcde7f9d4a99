/** How sending fails, by its reason; and that nothing is lost or doubled on the way. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { whatsapp } from '../../../src/channels/whatsapp/index.ts'
import { SendError } from '../../../src/core/channel.ts'
import { type Fault, startWhatsappCloud } from '../../vendors/whatsapp-cloud.ts'
import { citizen, cloudSetup, type CloudSetup } from './cloud-setup.ts'
import { until } from './host.ts'

let setup: CloudSetup
beforeEach(async () => {
  setup = await cloudSetup()
})
afterEach(() => setup.close())

const route = { to: '351912345678', recipient: 'PT.1349120865530274', message: 'wamid.last' }

describe('a failed send names its reason', () => {
  test.each<[string, Fault, SendError['reason'], number | undefined]>([
    ['429 with retry-after', { kind: 'refuse', status: 429, retryAfter: 7 }, 'throttled', 7000],
    ['too many messages a second', { kind: 'refuse', status: 400, code: 130429 }, 'throttled', 5000],
    ['too many to one person, which concerns nobody else', { kind: 'refuse', status: 400, code: 131056 }, 'unreachable', 6000],
    ['the limit of the account', { kind: 'refuse', status: 400, code: 80007, retryAfter: 30 }, 'throttled', 30_000],
    ['outside the window', { kind: 'refuse', status: 400, code: 131047 }, 'rejected', undefined],
    ['no WhatsApp', { kind: 'refuse', status: 400, code: 131026 }, 'rejected', undefined],
    ['an expired token', { kind: 'refuse', status: 401, code: 190 }, 'misconfigured', undefined],
    ['a locked account', { kind: 'refuse', status: 403, code: 131031 }, 'misconfigured', undefined],
    ['a missing permission', { kind: 'refuse', status: 403, code: 294 }, 'misconfigured', undefined],
    ['opted out of promotion', { kind: 'refuse', status: 400, code: 131050 }, 'blocked', undefined],
    ['Meta away, by its own word', { kind: 'refuse', status: 500, code: 131016 }, 'unreachable', undefined],
    ['a code not known yet', { kind: 'refuse', status: 400, code: 139999 }, 'rejected', undefined],
    ['503 of a proxy', { kind: 'refuse', status: 503, retryAfter: 2 }, 'unreachable', 2000],
    [
      '502 of a proxy, behind which anything may have happened',
      { kind: 'refuse', status: 502 },
      'ambiguous',
      undefined,
    ],
    ['cut after it was taken', { kind: 'cut-after' }, 'ambiguous', undefined],
    ['cut before it was taken, which looks the same', { kind: 'cut-before' }, 'ambiguous', undefined],
  ])('%s', async (_, fault, reason, retryAfterMs) => {
    setup.vendor.faults = [fault]
    const error = await setup.say({ text: 'segredo do cidadão' }, route).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(SendError)
    expect(error).toMatchObject({ reason, retryAfterMs })
    expect((error as SendError).message).not.toMatch(/segredo|the-access-token/)
  })

  test('nobody listening: it never left', async () => {
    const address = setup.vendor.baseUrl
    await setup.vendor.close()
    const error = await setup.say({ text: 'Olá' }, route).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ reason: 'unreachable' })
    expect(address).toContain('127.0.0.1')
  })

  test('given up by us while Meta thinks: nobody knows', async () => {
    setup.vendor.faults = [{ kind: 'slow', ms: 2000 }]
    const error = await setup
      .say({ text: 'Olá' }, route, 'd-slow', AbortSignal.timeout(50))
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ reason: 'ambiguous' })
  })

  test('an upload that is cut can be done again, for nothing was said', async () => {
    const source = setup.memory.addFile(Buffer.from('jpeg'), 'image/jpeg')
    const config = setup.config as { graphBaseUrl: string }
    const gone = await startWhatsappCloud()
    await gone.close()
    config.graphBaseUrl = gone.baseUrl
    await setup.reconnect()
    const error = await setup
      .say({ text: '', attachments: [{ kind: 'image', source, mimeType: 'image/jpeg' }] }, route)
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ reason: 'unreachable' })
  })
})

test('a message whose answer was lost is known by our key, which comes back in its statuses', async () => {
  setup.vendor.faults = [{ kind: 'cut-after' }]
  await setup.say({ text: 'Olá' }, route, 'chave-7').catch(() => undefined)
  const echo = await until('the status', () => setup.memory.events.find((event) => event.type === 'message.status'))
  expect(echo).toMatchObject({ key: 'chave-7', externalId: setup.vendor.ledger[0]?.id, state: 'sent' })
  expect(setup.vendor.ledger).toHaveLength(1)
})

test('statuses out of order keep their names, and a failure says why in words', async () => {
  const sent = { id: 'wamid.1', to: '351912345678', key: 'k' }
  await setup.vendor.status(sent, 'read')
  await setup.vendor.status(sent, 'sent')
  await setup.vendor.status(sent, 'delivered')
  await setup.vendor.status(sent, 'failed', { errors: [{ code: 131026, title: 'Message undeliverable' }] })
  expect(setup.memory.events).toMatchObject([
    { state: 'read' },
    { state: 'sent', cost: 'service' },
    { state: 'delivered' },
    { state: 'failed', reason: { pt: expect.stringMatching(/^não pôde ser entregue.*\(131026\)$/) as string, en: expect.stringMatching(/^it could not be delivered.*\(131026\)$/) as string } },
  ])
})

test('free text after 24 hours fails with the reason', async () => {
  await setup.close()
  let now = new Date('2026-03-01T10:00:00Z')
  setup = await cloudSetup({ enforceWindow: true, now: () => now })
  await setup.vendor.citizenWrites(citizen, { type: 'text', text: { body: 'Olá' } })
  now = new Date('2026-03-02T10:00:01Z')
  await setup.say({ text: 'Já está pronto' }, { to: citizen.phone })
  const failed = await until('the failure', () => setup.memory.events.find((event) => event.type === 'message.status'))
  expect(failed).toMatchObject({ state: 'failed', reason: { pt: expect.stringMatching(/24 horas/) as string, en: expect.stringMatching(/24 hours/) as string } })
})

test.each([
  ['longer than Meta repeats: the gap is told', '2026-03-08T10:00:01Z', new Date('2026-03-01T10:00:00Z')],
  ['not as long: nothing is missing', '2026-03-08T09:59:59Z', undefined],
])('away for %s', async (_, back, gapSince) => {
  await setup.close()
  let now = new Date('2026-03-01T10:00:00Z')
  setup = await cloudSetup({ now: () => now })
  expect(setup.memory.states[0]?.gapSince).toBeUndefined()
  now = new Date(back)
  // The one before was killed: nothing was written down at its end.
  const after = await whatsapp.connect(setup.config, setup.memory.host)
  expect(setup.memory.states.at(-1)?.gapSince).toEqual(gapSince)
  await after.close()
})

test('200 messages with every tenth request failing: each is taken once, or is known to be unsure', async () => {
  const faults: Fault[] = [
    { kind: 'refuse', status: 429, retryAfter: 1 },
    { kind: 'cut-after' },
    { kind: 'refuse', status: 500, code: 131000 },
    { kind: 'slow', ms: 20 },
    { kind: 'cut-before' },
  ]
  setup.vendor.faults = Array.from({ length: 400 }, (_, i) =>
    i % 10 === 3 ? faults[Math.floor(i / 10) % faults.length] : undefined,
  )
  const unsure = new Set<string>()
  for (let i = 0; i < 200; i++) {
    const key = `d-${i}`
    for (let attempt = 0; attempt < 5; attempt++) {
      if (i === 100 && attempt === 0) await setup.reconnect()
      const outcome = await setup.say({ text: `mensagem ${i}` }, route, key).catch((error: unknown) => error)
      if (!(outcome instanceof SendError)) break
      if (outcome.reason === 'ambiguous') {
        unsure.add(key)
        break
      }
      expect(['throttled', 'unreachable']).toContain(outcome.reason)
    }
  }
  await setup.vendor.webhooks.idle()
  const taken = setup.vendor.ledger.map(({ key }) => key)
  expect(new Set(taken).size).toBe(taken.length)
  const echoed = new Set(setup.memory.events.flatMap((event) => (event.type === 'message.status' ? [event.key] : [])))
  for (let i = 0; i < 200; i++) {
    if (taken.includes(`d-${i}`)) expect(echoed).toContain(`d-${i}`)
    else expect(unsure).toContain(`d-${i}`)
  }
  expect(taken).toEqual([...taken].sort((a, b) => Number(a?.slice(2)) - Number(b?.slice(2))))
})
