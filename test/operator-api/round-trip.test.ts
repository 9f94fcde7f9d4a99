import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Responder } from '../../src/core/model.ts'
import type { ConversationDetail, ConversationSummary, Page, Session, TestMessageResult, TestPartner, Timeline } from '../../src/operator-api.types.ts'
import { signIn, type SignedIn } from '../harness/browserless.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { plainKind, type PlainVendor, plainVendor } from '../harness/plain-channel.ts'

const toPerson: Responder = (state) => ({ actions: [{ do: 'say', content: { text: 'Um momento.' } }, { do: 'hand-off', departmentId: 'aguas', reason: 'asked' }], state })
let vendor: PlainVendor
let gateway: Harness
let admin: SignedIn
let stranger: SignedIn

beforeAll(async () => {
  vendor = await plainVendor()
  gateway = await startGateway({ channels: { linha: { kind: 'plain', vendorUrl: vendor.url } }, kinds: { plain: plainKind() }, respond: toPerson })
  admin = await signIn(gateway, 'ana@valeformoso.example')
  stranger = await signIn(gateway, 'rui@valeformoso.example', { role: 'operator', departments: ['urbanismo'] })
})
afterAll(async () => {
  await gateway.close()
  await vendor.close()
})

const write = (id: string, from: string, text: string) => fetch(`${gateway.url}/channels/linha`, { method: 'POST', body: JSON.stringify({ messages: [{ id, from, text, name: 'Maria' }] }) })

test('a message goes round: webhook, bot, inbox, reply, vendor', async () => {
  const heard = admin.live((event) => event.type === 'conversations' && (event.changed as ConversationSummary[]).some(({ state }) => state === 'waiting'))
  await gateway.until('the stream', () => gateway.gateway.signals)
  await new Promise<void>((resolve) => { setImmediate(resolve) })
  expect((await write('m1', 'maria', 'Tenho uma fuga de água')).status).toBe(200)
  await heard
  const { rows } = await admin.get<Page<ConversationSummary>>('/api/conversations?view=waiting')
  const conversation = rows.find(({ citizen }) => citizen.name === 'Maria')!
  expect(conversation).toMatchObject({ state: 'waiting', departmentId: 'aguas', preview: 'Um momento.' })
  const done = await admin.call<{ conversation: ConversationSummary }>('POST', `/api/conversations/${conversation.id}/act`, {
    clientId: 'click-0001', actions: [{ do: 'reply', text: 'Já vai uma equipa a caminho.' }], seen: { lastSeq: conversation.lastSeq, operatorId: null },
  })
  expect(done.status).toBe(200)
  expect(done.body.conversation).toMatchObject({ state: 'assigned', operatorId: admin.id, unanswered: false })
  await gateway.until('the reply at the vendor', () => vendor.ledger.some(({ text }) => text === 'Já vai uma equipa a caminho.'))
  const timeline = await gateway.until('sent', async () => {
    const read = await admin.get<Timeline>(`/api/conversations/${conversation.id}/timeline`)
    return read.entries.some((entry) => entry.type === 'message' && entry.author === 'operator' && entry.delivery?.state === 'sent') && read
  })
  expect(timeline.entries.flatMap((entry) => (entry.type === 'message' ? [entry.text] : []))).toEqual(['Tenho uma fuga de água', 'Um momento.', 'Já vai uma equipa a caminho.'])
  const detail = await admin.get<ConversationDetail>(`/api/conversations/${conversation.id}`)
  expect(detail.threads).toHaveLength(1)
  expect(detail.people.name).toBe('Maria')
})

test('who wrote last is told, also where somebody else deals with the conversation', async () => {
  await write('m1b', 'maria', 'Ainda aí estão?')
  const { rows: [conversation] } = await admin.get<Page<ConversationSummary>>('/api/conversations?view=mine')
  const colleague = await signIn(gateway, 'marta@valeformoso.example', { role: 'operator', departments: ['aguas'] })
  const { body } = await colleague.call<{ conversation: ConversationSummary }>('POST', `/api/conversations/${conversation!.id}/act`, { clientId: 'click-0001b', actions: [{ do: 'reply', text: 'Estamos, sim.' }] })
  expect(body.conversation).toMatchObject({ operatorId: admin.id, previewBy: 'operator', previewOperatorId: colleague.id })
})

test('another department sees neither the list row, nor the page, nor the search hit', async () => {
  const { rows } = await admin.get<Page<ConversationSummary>>('/api/conversations?view=all')
  const conversation = rows[0]!
  await gateway.gateway.chores()
  expect((await admin.get<Page<ConversationSummary>>('/api/conversations?q=fugas%20agua')).rows.map(({ id }) => id)).toContain(conversation.id)
  expect((await stranger.get<Page<ConversationSummary>>('/api/conversations?view=all')).rows).toEqual([])
  expect((await stranger.get<Page<ConversationSummary>>('/api/conversations?q=fugas%20agua')).rows).toEqual([])
  expect((await stranger.call('GET', `/api/conversations/${conversation.id}`)).status).toBe(404)
  expect((await stranger.call('GET', `/api/conversations/${conversation.id}/timeline`)).status).toBe(404)
  expect((await stranger.call('POST', `/api/conversations/${conversation.id}/act`, { clientId: 'click-0002', actions: [{ do: 'note', text: 'eu' }] })).status).toBe(404)
  expect((await stranger.call('GET', `/api/citizens/${conversation.citizen.id}`)).status).toBe(404)
})

test('nobody gets in without a session, from another origin, or with a wrong password', async () => {
  expect((await fetch(`${gateway.url}/api/session`)).status).toBe(401)
  const across = await fetch(`${gateway.url}/api/me`, { method: 'PUT', headers: { cookie: admin.cookie, origin: 'https://evil.example', 'x-balcao': '1', 'content-type': 'application/json' }, body: '{}' })
  expect(across.status).toBe(403)
  const bare = await fetch(`${gateway.url}/api/me`, { method: 'PUT', headers: { cookie: admin.cookie, 'content-type': 'application/json' }, body: '{}' })
  expect(bare.status).toBe(403)
  const wrong = await fetch(`${gateway.url}/api/auth/sign-in/email`, { method: 'POST', headers: { 'content-type': 'application/json', origin: gateway.url }, body: JSON.stringify({ email: 'ana@valeformoso.example', password: 'outra palavra-passe' }) })
  expect(wrong.status).toBe(401)
  expect((await admin.get<Session>('/api/session')).operator.email).toBe('ana@valeformoso.example')
})

test.each(['named|1', 'ontem|1', "2026-01-01 10:00:00+00'|1", '2026-13-01 10:00:00+00|1'])('a cursor that no page gave is refused: %s', async (cursor) => {
  expect((await admin.call('GET', `/api/conversations?view=all&cursor=${encodeURIComponent(cursor)}`)).status).toBe(400)
})

test('an invitation works once', async () => {
  const token = new URL(await gateway.invite('eva@valeformoso.example')).searchParams.get('token')
  const set = () => fetch(`${gateway.url}/api/set-password`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-balcao': '1', origin: gateway.url }, body: JSON.stringify({ token, password: 'uma palavra-passe comprida' }) })
  expect((await set()).status).toBe(204)
  expect((await set()).status).toBe(400)
})

test('a disabled operator is out at once', async () => {
  const gone = await signIn(gateway, 'gil@valeformoso.example')
  await gateway.gateway.pool.db.updateTable('operator').set({ disabled_at: new Date() }).where('id', '=', gone.id).execute()
  expect((await gone.call('GET', '/api/session')).status).toBe(401)
})

test('whom a note names has the conversation under mentions, and only where the note is', async () => {
  const { rows: [conversation] } = await admin.get<Page<ConversationSummary>>('/api/conversations?view=mine')
  const mentioned = async () => (await admin.get<Page<ConversationSummary>>('/api/conversations?view=mentions')).rows.map(({ id }) => id)
  expect(await mentioned()).toEqual([])
  await admin.call('POST', `/api/conversations/${conversation!.id}/act`, { clientId: 'click-0003', actions: [{ do: 'note', text: 'Ana, vês isto?', mentions: [admin.id] }] })
  expect(await mentioned()).toEqual([conversation!.id])
  expect(await admin.get('/api/counts')).toMatchObject({ mentions: 1 })
  const { rows: [noted] } = await admin.get<Page<ConversationSummary>>('/api/conversations?view=mentions')
  const { body: part } = await admin.call<ConversationSummary>('POST', `/api/conversations/${conversation!.id}/split`, { fromSeq: noted!.lastSeq })
  expect(await mentioned()).toEqual([part.id])
  await admin.call('POST', `/api/conversations/${part.id}/merge`, { into: conversation!.id })
  expect(await mentioned()).toEqual([conversation!.id])
})

test('a test message goes to the address alone, is no conversation, and says what the vendor said', async () => {
  const conversations = async () => (await admin.get<Page<ConversationSummary>>('/api/conversations?view=all')).rows.length
  const before = await conversations()
  const test = (to: string) => admin.call<TestMessageResult>('POST', '/api/admin/channels/linha/test-message', { to })
  expect((await test('eu')).body).toEqual({ sent: true })
  expect(vendor.ledger.at(-1)).toMatchObject({ to: 'eu', text: expect.stringContaining('Mensagem de teste') })
  vendor.behave = () => 400
  expect((await test('eu')).body).toEqual({ sent: false, reason: 'rejected', detail: { pt: '400', en: '400' } })
  vendor.behave = () => 'accept'
  expect(await test('não é nada')).toMatchObject({ status: 400, body: { field: 'to' } })
  expect(await conversations()).toBe(before)
  const audited = await gateway.gateway.pool.db.selectFrom('audit').select('subject').where('action', '=', 'channel.test-message').execute()
  expect(audited.map(({ subject }) => subject)).toEqual(['linha', 'linha', 'linha'])
})

test('a test message goes to who wrote lately on that very channel, stands in their conversation, and says what the vendor said', async () => {
  await write('m7', 'carla', 'teste')
  const partners = await admin.get<TestPartner[]>('/api/admin/channels/linha/test-partners')
  const [carla] = partners
  expect(carla).toMatchObject({ name: 'Maria', reference: expect.stringMatching(/^BAL-/) })
  const test = (threadId: string) => admin.call<TestMessageResult>('POST', '/api/admin/channels/linha/test-message', { threadId })
  const { body } = await test(carla!.threadId)
  expect(body).toEqual({ sent: true, conversationId: expect.any(String) })
  expect(vendor.ledger.at(-1)).toMatchObject({ to: 'carla', text: expect.stringContaining('Mensagem de teste') })
  const read = await admin.get<Timeline>(`/api/conversations/${body.conversationId!}/timeline`)
  expect(read.entries.at(-1)).toMatchObject({ type: 'message', author: 'system', text: expect.stringContaining('Mensagem de teste') })
  // Whose conversation it is has not changed.
  expect(await admin.get<ConversationDetail>(`/api/conversations/${body.conversationId!}`)).toMatchObject({ state: 'waiting', operatorId: null })
  vendor.behave = () => 400
  expect((await test(carla!.threadId)).body).toEqual({ sent: false, reason: 'rejected', detail: { pt: '400', en: '400' }, conversationId: body.conversationId })
  vendor.behave = () => 'accept'
  await admin.call('POST', `/api/conversations/${body.conversationId!}/act`, { clientId: 'click-close7', actions: [{ do: 'close', survey: false }] })
  expect(await test(carla!.threadId)).toMatchObject({ status: 400, body: { field: 'threadId' } })
  expect((await admin.call('GET', '/api/admin/channels/outra/test-partners')).body).toEqual([])
})

test('an operator keeps views, and shares none', async () => {
  const save = (shared: boolean) => stranger.call('POST', '/api/saved-views', { name: 'Obras', shared, filter: { view: 'all' } })
  expect([(await save(true)).status, (await save(false)).status]).toEqual([403, 200])
  expect(await admin.get('/api/saved-views')).toEqual([])
})

test('every view can be listed and counted, with every filter', async () => {
  const views = ['mine', 'waiting', 'bot', 'department', 'all', 'closed', 'snoozed', 'problems', 'unanswered', 'mentions']
  for (const view of views) {
    const { rows } = await admin.get<Page<ConversationSummary>>(`/api/conversations?view=${view}`)
    expect(Array.isArray(rows), view).toBe(true)
    const filtered = await admin.get<Page<ConversationSummary>>(`/api/conversations?view=${view}&department=aguas&channel=linha&tag=x&language=pt&priority=normal&failed=1&unread=1&from=2026-01-01&to=2030-01-01`)
    expect(filtered.rows, view).toEqual([])
  }
  const counts = await admin.get<{ mine: number; waiting: number; departments: Record<string, { open: number }> }>('/api/counts')
  expect(counts).toMatchObject({ mine: 1, waiting: 0, departments: { aguas: { open: 1 } } })
})

test('of whom only a machine’s address is known is left without a name: the page has a word for them in the reader’s language', async () => {
  await fetch(`${gateway.url}/channels/linha`, { method: 'POST', body: JSON.stringify({ messages: [{ id: 'm1c', from: 'af31c9', text: 'Bom dia' }] }) })
  const { rows: [waiting] } = await admin.get<Page<ConversationSummary>>('/api/conversations?view=waiting')
  expect(waiting!.citizen).toEqual({ id: expect.any(String), name: null, label: null })
  expect((await admin.get<TestPartner[]>('/api/admin/channels/linha/test-partners'))[0]).toMatchObject({ citizenId: waiting!.citizen.id, name: null })
})
