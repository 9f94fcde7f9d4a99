/** What Meta tells of the account reaches admins as the channel's state: signed webhooks over real sockets. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { inBoth } from '../../../src/core/channel.ts'
import { citizen, cloudSetup, type CloudSetup } from './cloud-setup.ts'
import { until } from './host.ts'
import { sign } from '../../vendors/whatsapp-cloud-webhooks.ts'

let now = new Date('2026-03-02T10:00:00Z')
let setup: CloudSetup
const shown = () => setup.memory.states.at(-1)

async function start(options: Parameters<typeof cloudSetup>[0] = {}): Promise<void> {
  setup = await cloudSetup({ now: () => now, firstRetryMs: 5, ...options })
  await until('the first state', () => shown()?.status !== 'connecting' && shown())
}

beforeEach(async () => {
  now = new Date('2026-03-02T10:00:00Z')
  await start()
})
afterEach(() => setup.close())

describe('what Meta says is told in words, with what to do', () => {
  test.each<[string, string, Record<string, unknown>, string, RegExp, RegExp]>([
    ['a ban', 'account_update', { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'DISABLE', waba_ban_date: 'April 17, 2025' } }, 'needs-attention', /desativou.*conteste.*business-support-home/, /disabled.*contest/],
    ['a ban to come', 'account_update', { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'SCHEDULE_FOR_DISABLE', waba_ban_date: 'April 17, 2025' } }, 'needs-attention', /vai desativar.*April 17, 2025/, /going to disable/],
    ['a violation', 'account_update', { event: 'ACCOUNT_VIOLATION', violation_info: { violation_type: 'SCAM' } }, 'needs-attention', /violou as regras.*\(SCAM\)/, /broke WhatsApp's rules \(SCAM\)/],
    ['a restriction', 'account_update', { event: 'ACCOUNT_RESTRICTION', restriction_info: [{ restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiration: '2026-03-09T13:59:20+0000' }, { restriction_type: 'RESTRICTED_OF_TOMORROW', expiration: '2026-03-05T13:59:20+0000' }] }, 'needs-attention', /não pode escrever primeiro aos cidadãos, RESTRICTED_OF_TOMORROW, até 2026-03-09/, /cannot write to citizens first.*until 2026-03-09/],
    ['the account deleted', 'account_update', { event: 'ACCOUNT_DELETED' }, 'needs-attention', /foi apagada.*Ligue o canal a outra conta/, /was deleted/],
    ['the number taken elsewhere', 'account_update', { event: 'ACCOUNT_OFFBOARDED' }, 'needs-attention', /Ligue-o outra vez/, /Connect it again/],
    ['the app shut out', 'account_update', { event: 'PARTNER_APP_UNINSTALLED', waba_info: { waba_id: '102290129340398', partner_app_id: '1' } }, 'needs-attention', /perdeu o acesso.*Volte a dar-lho/, /lost its access/],
    ['not approved', 'account_review_update', { decision: 'REJECTED' }, 'needs-attention', /não aprovou a conta/, /did not approve/],
    ['not decided yet', 'account_review_update', { decision: 'PENDING' }, 'degraded', /a avaliar a conta/, /still reviewing/],
    ['low quality', 'phone_number_quality_update', { display_phone_number: '351276000000', event: 'FLAGGED', current_limit: 'TIER_2K' }, 'needs-attention', /qualidade deste número é baixa.*Envie menos modelos/, /quality is low/],
    ['a refused name', 'phone_number_name_update', { display_phone_number: '351276000000', decision: 'REJECTED', requested_verified_name: 'Balcão', rejection_reason: 'NAME_NOT_CONSISTENT' }, 'needs-attention', /recusou o nome «Balcão» \(NAME_NOT_CONSISTENT\)/, /refused the name/],
    ['two-step verification', 'security', { display_phone_number: '351276000000', event: 'PIN_RESET_REQUEST', requester: '61555822107539' }, 'needs-attention', /PIN_RESET_REQUEST.*mude já as palavras-passe/, /change the passwords/],
    ['a grave alert', 'account_alerts', { entity_type: 'BUSINESS', entity_id: '5', alert_info: { alert_severity: 'CRITICAL', alert_status: 'ACTIVE', alert_type: 'OBA_REJECTED', alert_description: 'Edit the display name.' } }, 'needs-attention', /\(OBA_REJECTED\): «Edit the display name.»/, /OBA_REJECTED/],
    ['a lesser alert, in its older form', 'account_alerts', { entity_type: 'PHONE_NUMBER', alert_severity: 'WARNING', alert_status: 'ACTIVE', alert_type: 'PROFILE_PICTURE_LOST', alert_description: 'Please reupload' }, 'degraded', /PROFILE_PICTURE_LOST/, /Please reupload/],
    ['a template refused', 'message_template_status_update', { event: 'REJECTED', message_template_id: 1, message_template_name: 'aviso', message_template_language: 'pt_PT', reason: 'INVALID_FORMAT', rejection_info: { reason: 'Variables', recommendation: 'Add words between them.' } }, 'needs-attention', /modelo «aviso» \(pt_PT\) não foi aprovado \(INVALID_FORMAT\): «Add words between them.»/, /was not approved/],
    ['a template paused', 'message_template_status_update', { event: 'PAUSED', message_template_name: 'aviso', message_template_language: 'pt_PT', reason: 'NONE' }, 'degraded', /está suspenso por queixas de cidadãos\. Reveja-o/, /is paused/],
    ['a template complained of', 'message_template_quality_update', { previous_quality_score: 'YELLOW', new_quality_score: 'RED', message_template_name: 'aviso', message_template_language: 'pt_PT' }, 'degraded', /queixam-se do modelo «aviso»/, /complain of the template/],
  ])('%s', async (_, field, value, status, pt, en) => {
    expect(await setup.vendor.tellsOfAccount(field, value)).toBe(200)
    expect(shown()).toEqual({ status, reason: { pt: expect.stringMatching(pt) as string, en: expect.stringMatching(en) as string } })
  })

  test('an error beside no message', async () => {
    await setup.vendor.change({ errors: [{ code: 131031, title: 'Account has been locked' }] })
    expect(shown()).toMatchObject({ status: 'needs-attention', reason: { pt: expect.stringMatching(/bloqueada pela Meta \(131031\)/) as string } })
  })
})

describe('nothing is shown of', () => {
  test.each<[string, string, Record<string, unknown>, string?]>([
    ['another account', 'account_update', { event: 'ACCOUNT_DELETED' }, '999'],
    ['another number of the account', 'phone_number_quality_update', { display_phone_number: '351276111111', event: 'FLAGGED' }],
    ['what asks nothing of anybody', 'account_update', { event: 'BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE', country: 'PT' }],
    ['an informational alert', 'account_alerts', { alert_info: { alert_severity: 'INFORMATIONAL', alert_status: 'ACTIVE', alert_type: 'OBA_APPROVED' } }],
    ['an event of tomorrow', 'account_update', { event: 'constructor' }],
    ['a template in review', 'message_template_status_update', { event: 'PENDING', message_template_name: 'aviso', message_template_language: 'pt_PT' }],
    ['nothing at all', 'account_update', {}],
  ])('%s', async (_, field, value, account) => {
    await setup.vendor.tellsOfAccount(field, value, account)
    expect(shown()).toEqual({ status: 'connected' })
  })

  test('a template that operators do not use here', async () => {
    await setup.close()
    await start({ config: { templates: ['boas_vindas'] } })
    await setup.vendor.tellsOfAccount('message_template_status_update', { event: 'REJECTED', message_template_name: 'aviso', message_template_language: 'pt_PT' })
    expect(shown()).toEqual({ status: 'connected' })
  })
})

test('a webhook of the account that nobody signed changes nothing', async () => {
  const body = Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: setup.vendor.wabaId, changes: [{ field: 'account_update', value: { event: 'ACCOUNT_DELETED' } }] }] }))
  const post = (signature: string) => fetch(setup.url, { method: 'POST', headers: { 'x-hub-signature-256': signature }, body: new Uint8Array(body) })
  expect((await post(sign(body, 'guessed'))).status).toBe(401)
  expect(shown()).toEqual({ status: 'connected' })
  expect((await post(sign(body, setup.vendor.appSecret))).status).toBe(200)
  expect(shown()?.status).toBe('needs-attention')
})

test('it stays through a restart, and is over when Meta says so', async () => {
  await setup.vendor.tellsOfAccount('account_update', { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'DISABLE' } })
  const before = setup.memory.states.length
  await setup.reconnect()
  await until('the state after the restart', () => setup.memory.states.slice(before).find(({ status }) => status === 'needs-attention'))
  await setup.vendor.tellsOfAccount('account_update', { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'REINSTATE' } })
  expect(shown()).toEqual({ status: 'connected' })
})

test('one template that is well again takes nothing from another', async () => {
  const of = (name: string, event: string) => ({ event, message_template_name: name, message_template_language: 'pt_PT', reason: 'NONE' })
  await setup.vendor.tellsOfAccount('message_template_status_update', of('aviso', 'REJECTED'))
  await setup.vendor.tellsOfAccount('message_template_status_update', of('lembrete', 'PAUSED'))
  await setup.vendor.tellsOfAccount('message_template_status_update', of('lembrete', 'APPROVED'))
  expect(shown()?.reason?.pt).toMatch(/^O modelo «aviso».*Manager\.$/)
  await setup.vendor.tellsOfAccount('message_template_status_update', of('aviso', 'PENDING_DELETION'))
  expect(shown()).toEqual({ status: 'connected' })
})

test('of many troubles the worst three are told, and how many more there are', async () => {
  for (const name of ['a', 'b', 'c', 'd'])
    await setup.vendor.tellsOfAccount('message_template_status_update', { event: 'PAUSED', message_template_name: name, message_template_language: 'pt_PT' })
  await setup.vendor.tellsOfAccount('account_update', { event: 'ACCOUNT_DELETED' })
  expect(shown()?.status).toBe('needs-attention')
  expect(shown()?.reason?.pt).toMatch(/^A conta WhatsApp foi apagada.* \(\+2\)$/)
})

test('a limit is told when it is lowered, and no longer when it is raised', async () => {
  const limit = (tier: unknown) => setup.vendor.tellsOfAccount('business_capability_update', { max_daily_conversations_per_business: tier, max_phone_numbers_per_waba: 25 })
  await limit('TIER_10K')
  expect(shown()).toEqual({ status: 'connected' })
  await limit(2000)
  expect(shown()).toMatchObject({ status: 'degraded', reason: { pt: expect.stringMatching(/2000 pessoas por dia/) as string } })
  await limit('TIER_2K')
  expect(shown()).toMatchObject({ status: 'degraded' })
  await setup.vendor.tellsOfAccount('phone_number_quality_update', { display_phone_number: '351276000000', event: 'THROUGHPUT_UPGRADE', current_limit: 'TIER_UNLIMITED' })
  expect(shown()).toEqual({ status: 'connected' })
})

test('what Meta never takes back is forgotten after a fortnight, a restriction at its end', async () => {
  await setup.vendor.tellsOfAccount('security', { display_phone_number: '351276000000', event: 'PIN_CHANGED' })
  await setup.vendor.tellsOfAccount('account_update', { event: 'ACCOUNT_RESTRICTION', restriction_info: [{ restriction_type: 'RESTRICTED_ADD_PHONE_NUMBER_ACTION', expiration: '2026-03-05T00:00:00+0000' }] })
  expect(shown()?.reason?.pt).toMatch(/dois passos.*limitou/)
  now = new Date('2026-03-05T00:00:01Z')
  await setup.reconnect()
  await until('only one left', () => shown()?.reason?.en && !/restricted/.test(shown()?.reason?.en ?? ''))
  expect(shown()?.reason?.en).toMatch(/two-step/)
  now = new Date('2026-03-16T10:00:01Z')
  await setup.reconnect()
  await until('nothing left', () => shown()?.status === 'connected')
})

test('a restart asks Meta what the number may do, in Meta’s words', async () => {
  setup.vendor.number = { quality_rating: 'RED', health_status: { can_send_message: 'BLOCKED', entities: [
    { entity_type: 'PHONE_NUMBER', id: setup.vendor.phoneNumberId, can_send_message: 'AVAILABLE' },
    { entity_type: 'WABA', id: setup.vendor.wabaId, can_send_message: 'BLOCKED', errors: [{ error_code: 141006, error_description: 'There is an error with the payment method.', possible_solution: 'Please add a new payment method.' }] },
    { entity_type: 'BUSINESS', id: '1', can_send_message: 'LIMITED', additional_info: ['The business is not verified.'] },
  ] } }
  await setup.reconnect()
  await until('the state', () => shown()?.status === 'needs-attention')
  expect(shown()?.reason?.pt).toMatch(/não deixa este número enviar \(WABA: «There is an error with the payment method. Please add a new payment method.»\).*qualidade.*limita o que este número envia \(BUSINESS: «The business is not verified.»\)/)
  const check = (await setup.connection.check?.())?.find(({ name }) => inBoth(name).en === 'what Meta lets it do')
  expect(check).toMatchObject({ ok: false, detail: { pt: expect.stringMatching(/A Meta não deixa.*payment method/) as string, en: expect.stringMatching(/Meta does not let.*payment method/) as string }, fix: { en: expect.stringContaining('WhatsApp Manager') as string } })
})

test('a token that expired is told at once, and no longer when messages go again', async () => {
  setup.vendor.faults = [{ kind: 'refuse', status: 401, code: 190 }]
  await setup.say({ text: 'Olá' }, { to: citizen.phone }).catch(() => undefined)
  await until('it is told', () => shown()?.status === 'needs-attention')
  expect(shown()?.reason).toEqual({ pt: expect.stringMatching(/token de acesso expirou.*channel test/) as string, en: expect.stringMatching(/access token has expired.*channel test/) as string })
  await setup.say({ text: 'Olá' }, { to: citizen.phone })
  await until('it is over', () => shown()?.status === 'connected')
})

test('a webhook of the account is taken only once it is remembered', async () => {
  const { host } = setup.memory
  const save = host.cursor.save
  host.cursor.save = () => Promise.reject(new Error('the database is away'))
  const told = setup.vendor.tellsOfAccount('account_update', { event: 'ACCOUNT_DELETED' })
  await until('a refusal', () => setup.memory.log.some((line) => line.includes('could not store')))
  host.cursor.save = save
  expect(await told).toBe(200)
  expect(shown()?.status).toBe('needs-attention')
})

describe('the app’s own webhooks', () => {
  const check = async () => (await setup.connection.check?.())?.find(({ name }) => inBoth(name).en === 'webhook fields')

  test('are subscribed for the admin, with what was subscribed before', async () => {
    await setup.close()
    await start({ quiet: true, config: { registerWebhook: true } })
    expect(setup.vendor.app.url).toBe(setup.url)
    expect(setup.vendor.app.fields).toContain('account_update')
    setup.vendor.app.fields = ['smb_message_echoes', 'messages']
    await setup.reconnect()
    await until('the others again', () => setup.vendor.app.fields.length > 2)
    expect(setup.vendor.app.fields.slice(0, 3)).toEqual(['smb_message_echoes', 'messages', 'account_alerts'])
    expect(await check()).toMatchObject({ ok: true })
  })

  test('stay where they are when they go to somebody else, and the check says so', async () => {
    await setup.close()
    setup = await cloudSetup({ quiet: true, config: { registerWebhook: true } })
    setup.vendor.app = { ...setup.vendor.app, url: 'https://elsewhere.example/webhook', fields: ['messages'] }
    await until('registration', () => shown()?.status === 'connected')
    expect(setup.vendor.webhooks.url).toBe(setup.url)
    expect(await check()).toMatchObject({ ok: false, detail: { en: expect.stringMatching(/^not subscribed: account_alerts, .*; the app's own webhooks go to https:\/\/elsewhere.example\/webhook$/) as string } })
    expect(setup.vendor.app.fields).toEqual(['messages'])
  })
})
