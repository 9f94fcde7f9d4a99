/** What no webhook brought is read from Twilio's list, once, and marked so. */

import { afterEach, expect, test } from 'vitest'
import { startTwilio, type Twilio } from '../../vendors/twilio.ts'
import { type Gateway, newDisk } from '../host.ts'
import { ana, gatewayOf } from './start.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

/** A clock that both sides see. */
function clock() {
  let at = Date.parse('2026-05-28T10:00:00Z')
  return { now: () => new Date(at), pass: (minutes: number) => void (at += minutes * 60_000) }
}
const connected = (gateway: Gateway) => gateway.until(() => gateway.states.some(({ status }) => status === 'connected'))
const texts = (gateway: Gateway) =>
  gateway.messages().map(({ content, recovered }) => [content.text, recovered ?? false])
const run = async (twilio: Twilio, more: Parameters<typeof gatewayOf>[2], config = {}) => {
  const gateway = await gatewayOf(twilio, { catchUpEvery: 0.05, ...config }, more)
  open.push(gateway)
  await connected(gateway)
  return gateway
}

test('what came while we were down is there after, at its own time; what a webhook brought is not twice', async () => {
  const { now, pass } = clock()
  const twilio = await startTwilio({ now })
  open.push(twilio)
  const disk = newDisk()
  await twilio.texts(ana, 'antes de existirmos', { lost: true })
  pass(10)
  const first = await run(twilio, { disk, now })
  await twilio.texts(ana, 'por webhook')
  pass(5)
  await first.until(() => Date.parse((disk.cursor as { since: string }).since) >= now().getTime() - 60_000)
  await first.close()
  open.pop()

  for (const n of [1, 2, 3]) {
    await twilio.texts(ana, `perdida ${n}`, { lost: true })
    pass(30)
  }
  const sentAt = twilio.messages.at(-1)!.at
  await twilio.texts(ana, 'foto perdida', {
    lost: true,
    pictures: [{ mimeType: 'image/jpeg', bytes: Buffer.from('jpeg') }],
  })
  pass(5)
  const second = await run(twilio, { disk, now })
  await second.until(() => texts(second).length === 5)
  expect(texts(second)).toEqual([
    ['por webhook', false],
    ['perdida 1', true],
    ['perdida 2', true],
    ['perdida 3', true],
    ['foto perdida', true],
  ])
  expect(second.messages()[3]!.at).toEqual(sentAt)
  const picture = second.messages()[4]!.content.attachments![0]!
  const { body } = await second.connection.fetch!(picture.source, AbortSignal.timeout(15_000))
  expect(Buffer.concat(await body.toArray()).toString()).toBe('jpeg')
})

test('a webhook lost while we are up is found within the interval', async () => {
  const { now, pass } = clock()
  const twilio = await startTwilio({ now })
  open.push(twilio)
  const gateway = await run(twilio, { now })
  pass(10)
  await twilio.texts(ana, 'perdida', { lost: true })
  // Too young: a webhook may still bring it.
  const reads = () =>
    twilio.requests.filter(({ method, path }) => method === 'GET' && path.endsWith('/Messages.json')).length
  const before = reads()
  await gateway.until(() => reads() > before + 4)
  expect(texts(gateway)).toEqual([])
  pass(2)
  await gateway.until(() => texts(gateway).length === 1)
})

test('450 lost messages come over several pages, in order', async () => {
  const { now, pass } = clock()
  const twilio = await startTwilio({ now })
  open.push(twilio)
  const disk = newDisk()
  disk.cursor = { since: now().toISOString() }
  for (let n = 0; n < 450; n++) {
    pass(0.1)
    await twilio.texts(ana, `m${n}`, { lost: true })
  }
  pass(2)
  const gateway = await run(twilio, { disk, now })
  expect(texts(gateway).map(([text]) => text)).toEqual(Array.from({ length: 450 }, (_, n) => `m${n}`))
})

test('what could not be stored is read again: nothing is remembered as read before', async () => {
  const { now, pass } = clock()
  const twilio = await startTwilio({ now })
  open.push(twilio)
  const disk = newDisk()
  disk.cursor = { since: now().toISOString() }
  for (const n of [1, 2, 3]) {
    pass(1)
    await twilio.texts(ana, `m${n}`, { lost: true })
  }
  pass(2)
  let failures = 2
  const gateway = await run(twilio, {
    disk,
    now,
    beforeStore: () => {
      if (failures-- > 0) throw new Error('the database is away')
    },
  })
  expect(texts(gateway)).toEqual([
    ['m1', true],
    ['m2', true],
    ['m3', true],
  ])
})

test('receipts that were missed are read too', async () => {
  const { now, pass } = clock()
  const twilio = await startTwilio({ now, receipts: [] })
  open.push(twilio)
  const gateway = await run(twilio, { now })
  await gateway.connection.send(
    { to: ana, body: 'Olá', segments: 1 },
    { key: 'k', attempt: 1, signal: AbortSignal.timeout(15_000) },
  )
  pass(5)
  twilio.ledger[0]!.resource.status = 'delivered'
  await gateway.until(() =>
    gateway.events.some(
      (event) =>
        event.type === 'message.status' && event.state === 'delivered' && event.externalId === twilio.ledger[0]!.sid,
    ),
  )
})
