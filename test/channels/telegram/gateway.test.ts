/** Through the whole gateway: real database, real sockets, the bot and an operator. */

import { afterEach, expect, test } from 'vitest'
import type { Responder } from '../../../src/core/model.ts'
import { type Harness, startGateway } from '../../harness/gateway.ts'
import { startTelegram, type Telegram } from '../../vendors/telegram.ts'

let gateway: Harness | undefined
let telegram: Telegram | undefined
afterEach(async () => {
  await gateway?.close()
  await telegram?.close()
  gateway = telegram = undefined
}, 60_000)

const respond: Responder = (state, input) => {
  if (input.type !== 'message') return { actions: [], state }
  if (input.content.chosen === 'person')
    return {
      actions: [
        { do: 'say', content: { text: 'Vou chamar um colega.' } },
        { do: 'hand-off', reason: 'asked' },
      ],
      state,
    }
  return {
    actions: [
      {
        do: 'say',
        content: { text: 'Em que podemos ajudar?', choices: [{ id: 'person', label: 'Falar com alguém' }] },
      },
    ],
    state,
  }
}

test.each([
  ['polling', { mode: 'polling', pollSeconds: 1 }],
  ['webhook', { mode: 'webhook', secretToken: { env: 'SECRET' } }],
])(
  '%s: a message, the bot’s button, a press, an album and an operator’s reply',
  async (_, block) => {
    const vendor = await startTelegram({ retryFactor: 0.01 })
    telegram = vendor
    const running = await startGateway({
      channels: { telegram: { kind: 'telegram', token: { env: 'TOKEN' }, apiRoot: vendor.apiRoot, ...block } },
      env: { TOKEN: vendor.token, SECRET: 'only-Telegram-knows-this-0123456789' },
      respond,
    })
    gateway = running
    const db = running.gateway.pool.db
    const ana = vendor.citizen(1001, { lastName: 'Sousa' })
    ana.writes('Há uma fuga de água ⛲')
    await vendor.shown(({ text }) => text === 'Em que podemos ajudar?')
    ana.presses('Falar com alguém')
    await vendor.shown(({ text }) => text === 'Vou chamar um colega.')
    ana.sendsPhoto(Buffer.from('jpeg1'), { media_group_id: '7', caption: 'a rua' })
    ana.sendsPhoto(Buffer.from('jpeg2'), { media_group_id: '7' })
    await running.until('the album is one message', async () => {
      const attachments = await db.selectFrom('attachment').select('message_id').execute()
      return attachments.length === 2 && attachments[0]!.message_id === attachments[1]!.message_id
    })

    const conversation = await db.selectFrom('conversation').selectAll().executeTakeFirstOrThrow()
    const operator = await running.operator({ role: 'admin' })
    await running.gateway.act({
      conversationId: conversation.id,
      operator,
      clientId: 'r-1',
      deeds: [{ do: 'take' }, { do: 'reply', text: '<b>Já</b> vai a equipa.' }],
    })
    await vendor.shown(({ text }) => text === '<b>Já</b> vai a equipa.')
    ana.blocks()
    await running.until('she has blocked us', () =>
      db.selectFrom('identity').select('blocked_at').where('blocked_at', 'is not', null).executeTakeFirst(),
    )

    expect(ana.inbox.map(({ text }) => text)).toEqual([
      'Em que podemos ajudar?',
      'Vou chamar um colega.',
      '<b>Já</b> vai a equipa.',
    ])
    expect(await db.selectFrom('conversation').select('id').execute()).toHaveLength(1)
    expect(await db.selectFrom('identity').select(['address', 'name']).execute()).toEqual([
      { address: '1001', name: 'Ana Sousa' },
    ])
    expect(await db.selectFrom('message').select('id').where('direction', '=', 'in').execute()).toHaveLength(3)
  },
  60_000,
)
