/** Down for longer than a vendor repeats: admins see from when to when messages may be missing, and only where they may. */

import { afterEach, expect, test } from 'vitest'
import type { ChannelView, Problem } from '../../src/operator-api.types.ts'
import { freshDatabase } from '../database.ts'
import { signIn } from '../harness/browserless.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { startMail } from '../vendors/mail.ts'
import { startTeams } from '../vendors/teams.ts'
import { startTelegram } from '../vendors/telegram.ts'
import { startTwilio } from '../vendors/twilio.ts'
import { startWhatsappCloud } from '../vendors/whatsapp-cloud.ts'

const hour = 3_600_000
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function town() {
  let at = Date.parse('2026-03-02T10:00:00Z')
  const now = () => new Date(at)
  const [database, telegram, teams, twilio, meta, mail] = await Promise.all([
    freshDatabase(), startTelegram({ now }), startTeams({ now }), startTwilio({ now }), startWhatsappCloud({ now }), startMail(),
  ])
  closing.push(() => database.drop(), ...[telegram, teams, twilio, meta, mail].map((vendor) => () => vendor.close()))
  const login = { secure: 'none', user: mail.user, password: { env: 'MAIL' } }
  const channels = {
    telegram: { kind: 'telegram', mode: 'polling', apiRoot: telegram.apiRoot, token: { env: 'TELEGRAM' } },
    teams: { kind: 'teams', appId: teams.appId, appPassword: { env: 'TEAMS' }, tenantId: teams.tenantId, serviceUrls: [teams.origin], openIdMetadataUrl: teams.openIdMetadataUrl, tokenUrl: teams.tokenUrl },
    whatsapp: { kind: 'whatsapp', phoneNumberId: meta.phoneNumberId, graphBaseUrl: meta.baseUrl, registerWebhook: false, accessToken: { env: 'META' }, appSecret: { env: 'META' }, verifyToken: { env: 'META' } },
    sms: { kind: 'sms', accountSid: twilio.accountSid, authToken: { env: 'TWILIO' }, from: twilio.numbers[0]!.phoneNumber, baseUrl: twilio.baseUrl },
    correio: { kind: 'email', address: mail.address, imap: { ...mail.imap, ...login }, smtp: { ...mail.smtp, ...login } },
    web: { kind: 'webchat' },
  }
  const env = { TELEGRAM: telegram.token, TEAMS: teams.appPassword, META: meta.accessToken, TWILIO: twilio.authToken, MAIL: mail.password }
  const open = async (): Promise<Harness> => {
    const gateway = await startGateway({ channels, env, now, databaseUrl: database.url })
    closing.push(() => gateway.close())
    const settled = Object.keys(channels).length
    await gateway.until('every channel has said how it is', async () =>
      (await gateway.gateway.pool.db.selectFrom('channel_status').select('channel_id').where('status', 'not in', ['connecting', 'closed']).execute()).length === settled)
    return gateway
  }
  return { open, now, pass: (ms: number) => { at += ms } }
}

async function shown(gateway: Harness) {
  const admin = await signIn(gateway, `a${process.hrtime.bigint()}@valeformoso.example`)
  const [views, problems] = await Promise.all([admin.get<ChannelView[]>('/api/admin/channels'), admin.get<Problem[]>('/api/admin/problems')])
  expect(problems.flatMap(({ id, gap }) => (gap ? [id.slice('gap-'.length)] : [])).toSorted()).toEqual(views.filter(({ state }) => state.gap).map(({ id }) => id).toSorted())
  return Object.fromEntries(views.flatMap(({ id, state: { gap } }) => (gap ? [[id, gap]] : [])))
}

test.each([
  ['a minute', hour / 60, []],
  ['an hour', hour, ['teams']],
  ['two days', 48 * hour, ['teams', 'telegram']],
  ['eight days', 8 * 24 * hour, ['teams', 'telegram', 'whatsapp']],
])('down for %s: %s ms', async (_, ms, missing) => {
  const { open, now, pass } = await town()
  const first = await open()
  expect(await shown(first)).toEqual({})
  const stopped = now()
  await first.close()
  closing.pop()
  pass(ms)
  const second = await open()
  const gap = { since: stopped.toISOString(), until: now().toISOString() }
  expect(await shown(second)).toEqual(Object.fromEntries(missing.map((id) => [id, gap])))
}, 60_000)

test('a gap keeps its end through later restarts, and is not shown for ever', async () => {
  const { open, now, pass } = await town()
  await (await open()).close()
  closing.pop()
  const stopped = now()
  pass(48 * hour)
  const back = now()
  const second = await open()
  // The state is told again and again; the gap is the same.
  pass(hour / 60)
  await second.close()
  closing.pop()
  const third = await open()
  expect((await shown(third)).telegram).toEqual({ since: stopped.toISOString(), until: back.toISOString() })
  pass(30 * 24 * hour)
  expect(await shown(third)).toEqual({})
}, 60_000)

test('one of two processes that goes does not make a channel look closed', async () => {
  const { open } = await town()
  const stays = await open()
  const goes = await open()
  await goes.close()
  closing.pop()
  const rows = await stays.gateway.pool.db.selectFrom('channel_status').select(['channel_id', 'status']).where('channel_id', 'in', ['teams', 'sms', 'whatsapp']).execute()
  expect(rows.filter(({ status }) => status !== 'connected')).toEqual([])
}, 60_000)
