/** Through the whole gateway: real database, real sockets, the bot and an operator. */

import { afterEach, expect, test } from 'vitest'
import type { Responder } from '../../../src/core/model.ts'
import { type Harness, startGateway } from '../../harness/gateway.ts'
import { startTeams, type Teams } from '../../vendors/teams.ts'

let gateway: Harness | undefined
let teams: Teams | undefined
afterEach(async () => {
  await gateway?.close()
  await teams?.close()
  gateway = teams = undefined
}, 60_000)

const respond: Responder = (state, input) => {
  if (input.type !== 'message') return { actions: [], state }
  if (input.content.chosen === 'person')
    return { actions: [{ do: 'say', content: { text: 'Vou chamar um colega.' } }, { do: 'hand-off', reason: 'asked' }], state }
  const choices = [{ id: 'person', label: 'Falar com alguém' }]
  return { actions: [{ do: 'say', content: { text: 'Em que podemos ajudar?', choices } }], state }
}

test('a message, the bot’s button, a press, a file, an edit, an operator’s reply, and a removal', async () => {
  const vendor = await startTeams({ pauseMs: 50 })
  teams = vendor
  const running = await startGateway({
    channels: {
      teams: {
        kind: 'teams',
        appId: vendor.appId,
        appPassword: { env: 'PASSWORD' },
        tenantId: vendor.tenantId,
        serviceUrls: [vendor.origin],
        openIdMetadataUrl: vendor.openIdMetadataUrl,
        tokenUrl: vendor.tokenUrl,
      },
    },
    env: { PASSWORD: vendor.appPassword },
    respond,
  })
  gateway = running
  vendor.webhook = `${running.url}/channels/teams`
  const db = running.gateway.pool.db
  const ana = vendor.citizen(0)

  const first = ana.activity({ type: 'message', text: 'Há uma fuga de água ⛲' })
  // Teams repeats what it believes lost, also side by side.
  const answers = await Promise.all(Array.from({ length: 10 }, () => vendor.deliver(first)))
  expect(answers.map(({ statuses }) => statuses.at(-1))).toEqual(answers.map(() => 200))
  await vendor.shown(({ text }) => text === 'Em que podemos ajudar?')
  await ana.presses('Falar com alguém')
  await vendor.shown(({ text }) => text === 'Vou chamar um colega.')
  const url = vendor.keepFile(Buffer.from('%PDF-1.7 fatura'), 'application/pdf')
  const file = { contentType: 'application/vnd.microsoft.teams.file.download.info', name: 'fatura.pdf', content: { downloadUrl: url, fileType: 'pdf' } }
  await ana.sends([file])
  await running.until('the file is fetched', () =>
    db.selectFrom('attachment').select('id').where('source', 'like', 'file:%').executeTakeFirst(),
  )
  await ana.edits(String(first.id), 'Há uma fuga de água na rua ⛲')
  await running.until('the edit is seen', async () => {
    const rows = await db.selectFrom('message').select('content').where('direction', '=', 'in').execute()
    return JSON.stringify(rows).includes('na rua')
  })

  const conversation = await db.selectFrom('conversation').selectAll().executeTakeFirstOrThrow()
  const operator = await running.operator({ role: 'admin' })
  await running.gateway.act({
    conversationId: conversation.id,
    operator,
    clientId: 'r-1',
    deeds: [{ do: 'take' }, { do: 'reply', text: '*Já* vai a equipa.' }],
  })
  const shown = await vendor.shown(({ text }) => text === '*Já* vai a equipa.')
  await ana.reads(shown.activityId)
  await running.until('it was read', () =>
    db.selectFrom('delivery').select('message_id').where('state', '=', 'read').executeTakeFirst(),
  )
  const { source } = await db.selectFrom('attachment').select('source').where('source', 'like', 'file:%').executeTakeFirstOrThrow()
  const offer = async (clientId: string, name: string) => {
    const attachments = [{ kind: 'file' as const, source, mimeType: 'application/pdf', name, bytes: 15 }]
    await running.gateway.act({ conversationId: conversation.id, operator, clientId, deeds: [{ do: 'reply', text: '', attachments }] })
    await vendor.shown((one) => one.attachments.some((card) => card.name === name))
  }
  await offer('r-2', 'recibo.pdf')
  await ana.accepts()
  expect(vendor.drive).toEqual([{ name: 'recibo.pdf', bytes: Buffer.from('%PDF-1.7 fatura') }])
  await offer('r-3', 'aviso.pdf')
  // Read first: what they then do with it is news all the same.
  await ana.reads(vendor.ledger.at(-1)!.activityId)
  await ana.declines()
  const link = vendor.ledger.at(-1)!.actions[0]!.url as string
  expect(await (await fetch(link)).text()).toBe('%PDF-1.7 fatura')
  const files = () => db.selectFrom('delivery').select(['state', 'reason']).where('state', '=', 'read').orderBy('message_id').execute()
  await running.until('both presses are known', async () => (await files()).length === 3)
  expect((await files()).map(({ reason }) => reason)).toEqual([null, null, 'declined'])
  await ana.removes()
  await running.until('the bot was removed', () =>
    db.selectFrom('identity').select('blocked_at').where('blocked_at', 'is not', null).executeTakeFirst(),
  )

  expect(ana.inbox.map(({ text }) => text)).toEqual(['Em que podemos ajudar?', 'Vou chamar um colega.', '*Já* vai a equipa.', '', '', '', ''])
  expect(await db.selectFrom('conversation').select('id').execute()).toHaveLength(1)
  expect(await db.selectFrom('identity').select(['address', 'name']).execute()).toEqual([{ address: '29:citizen-0', name: 'Ana Sousa' }])
  expect(await db.selectFrom('message').select('id').where('direction', '=', 'in').execute()).toHaveLength(3)
}, 60_000)
