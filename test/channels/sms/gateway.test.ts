/** Through the whole gateway: real database, real sockets, the bot and an operator. */

import { afterEach, expect, test } from 'vitest'
import type { Responder } from '../../../src/core/model.ts'
import { type Harness, startGateway } from '../../harness/gateway.ts'
import { startTwilio, type Twilio } from '../../vendors/twilio.ts'
import { ana } from './start.ts'

let gateway: Harness | undefined
let twilio: Twilio | undefined
afterEach(async () => {
  await gateway?.close()
  await twilio?.close()
  gateway = twilio = undefined
}, 60_000)

const respond: Responder = (state, input) => {
  if (input.type !== 'message') return { actions: [], state }
  return {
    actions: [
      {
        do: 'say',
        content: {
          text: 'Em que podemos ajudar?',
          choices: [
            { id: 'a', label: 'Águas' },
            { id: 'b', label: 'Obras' },
          ],
        },
      },
      { do: 'hand-off', reason: 'asked' },
    ],
    state,
  }
}

async function run(receipts: string[]): Promise<{ running: Harness; vendor: Twilio }> {
  const vendor = await startTwilio({ receipts })
  twilio = vendor
  const running = await startGateway({
    channels: {
      sms: {
        kind: 'sms',
        accountSid: vendor.accountSid,
        authToken: { env: 'TOKEN' },
        from: vendor.numbers[0]!.phoneNumber,
        baseUrl: vendor.baseUrl,
      },
    },
    env: { TOKEN: vendor.authToken },
    respond,
  })
  gateway = running
  await running.until('the number calls us', () => vendor.numbers[0]!.smsUrl !== '')
  return { running, vendor }
}

test('a text, numbered choices, an operator’s reply, receipts out of order, and a STOP that holds', async () => {
  const { running, vendor } = await run(['delivered', 'sent', 'queued'])
  const db = running.gateway.pool.db
  expect((await vendor.texts(ana, 'Há uma fuga de água')).call!.status).toBe(200)
  await running.until('the bot answers', () => vendor.ledger.length === 1)
  expect(vendor.ledger[0]!.body).toBe('Em que podemos ajudar?\n\n1. Águas\n2. Obras')
  const conversation = await db.selectFrom('conversation').selectAll().executeTakeFirstOrThrow()
  const operator = await running.operator({ role: 'admin' })
  const reply = (n: number, text: string) =>
    running.gateway.act({
      conversationId: conversation.id,
      operator,
      clientId: `r-${n}`,
      deeds: [{ do: 'take' }, { do: 'reply', text }],
    })
  await reply(1, 'Já vai a equipa.')
  await running.until('both are delivered', async () => {
    const states = await db.selectFrom('delivery').select('state').execute()
    return states.length === 2 && states.every(({ state }) => state === 'delivered')
  })
  await vendor.texts(ana, 'PARAR')
  await running.until('she has opted out', () =>
    db.selectFrom('identity').select('opted_out_at').where('opted_out_at', 'is not', null).executeTakeFirst(),
  )
  await reply(2, 'Só mais uma coisa.')
  await running.until('the reply is refused', () =>
    db.selectFrom('delivery').select('reason').where('state', '=', 'failed').executeTakeFirst(),
  )
  expect(vendor.ledger).toHaveLength(2)
  expect(await db.selectFrom('identity').select('address').execute()).toEqual([{ address: ana }])
}, 60_000)

test('a message that was taken without our being told is sent once: its receipt says so', async () => {
  const { running, vendor } = await run(['queued'])
  vendor.faults.push({ kind: 'cut-after' })
  await vendor.texts(ana, 'Há uma fuga de água')
  await running.until('it is known to be sent', () =>
    running.gateway.pool.db.selectFrom('delivery').select('state').where('state', '=', 'sent').executeTakeFirst(),
  )
  await running.gateway.outbox.drained()
  expect(vendor.ledger).toHaveLength(1)
}, 60_000)
