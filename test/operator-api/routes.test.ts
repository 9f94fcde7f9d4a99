import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Responder } from '../../src/core/model.ts'
import type { ActResult, ConversationDetail, ConversationSummary, Page } from '../../src/operator-api.types.ts'
import { signIn, type SignedIn } from '../harness/browserless.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { plainKind, type PlainVendor, plainVendor } from '../harness/plain-channel.ts'

/** What may appear in no answer to an operator of another department. */
const secrets = ['Gertrudes Canário', 'fuga-de-palavras', '999888777', 'nota-só-de-águas', 'rascunho-alheio', 'vista-alheia', 'resposta-de-aguas']

/** Who may knock at a door: everybody who is signed in, supervisors too, or admins alone. */
type Door = 'operators' | 'supervisors' | 'admins'
interface Probe {
  /** The path with the ids of what belongs to the other department; its query. */
  path: (of: Ids) => string
  body?: (of: Ids) => unknown
  door?: Door
  /** What somebody of another department is answered: nothing there, or an answer without what is not theirs. */
  stranger: 'not-found' | 'nothing-of-it'
}
interface Ids { conversation: string; citizen: string; message: string; identity: string; call: string; view: string; quick: string; corrupt: string; admin: string; stranger: string; own: string }

const since = 'from=2026-01-01&to=2030-01-01'
const acting = (action: unknown) => ({ clientId: 'a-click-of-a-stranger', actions: [action] })
const lesson = { do: 'example', ref: 'answer.agua-pagar-fatura', language: 'pt', phrase: 'umas palavras' }
const nothing = { stranger: 'nothing-of-it' } as const
const hidden = { stranger: 'not-found' } as const

/** Every route of the API. One that is not here makes the first test fail. */
const probes: Record<string, Probe> = {
  'GET /live': { path: () => '/live', ...nothing },
  'GET /session': { path: () => '/session', ...nothing },
  'GET /channels/:id/templates': { path: () => '/channels/linha/templates', ...nothing },
  'PUT /me': { path: () => '/me', body: () => ({ presence: 'online' }), ...nothing },
  'GET /conversations': { path: () => '/conversations?view=all&q=gertrudes', ...nothing },
  'GET /counts': { path: () => '/counts', ...nothing },
  'GET /conversations/:id': { path: ({ conversation }) => `/conversations/${conversation}`, ...hidden },
  'GET /conversations/:id/timeline': { path: ({ conversation }) => `/conversations/${conversation}/timeline`, ...hidden },
  'POST /conversations/bulk': { path: () => '/conversations/bulk', body: ({ conversation }) => ({ ...acting({ do: 'close' }), ids: [conversation] }), ...nothing },
  'POST /conversations/preview': { path: () => '/conversations/preview', body: () => ({ channelId: 'linha', text: 'Olá' }), ...nothing },
  'POST /conversations/:id/act': { path: ({ conversation }) => `/conversations/${conversation}/act`, body: () => acting({ do: 'close' }), ...hidden },
  'POST /messages/:id/delivery': { path: ({ message }) => `/messages/${message}/delivery`, body: () => ({ decision: 'resend' }), ...hidden },
  'PUT /messages/:id/reaction': { path: ({ message }) => `/messages/${message}/reaction`, body: () => ({ emoji: '👍' }), ...hidden },
  'PUT /conversations/:id/read': { path: ({ conversation }) => `/conversations/${conversation}/read`, body: () => ({ seq: 1 }), ...hidden },
  'PUT /conversations/:id/draft': { path: ({ conversation }) => `/conversations/${conversation}/draft`, body: () => ({ kind: 'reply', text: 'x' }), ...hidden },
  'PUT /conversations/:id/presence': { path: ({ conversation }) => `/conversations/${conversation}/presence`, body: () => ({ writing: 'reply' }), ...hidden },
  'DELETE /conversations/:id/presence': { path: ({ conversation }) => `/conversations/${conversation}/presence`, ...nothing },
  'POST /attachments': { path: () => '/attachments?name=a.txt', body: () => ({ any: 'bytes' }), ...nothing },
  'GET /citizens': { path: () => `/citizens?q=${encodeURIComponent('Canário')}`, ...nothing },
  'GET /citizens/:id': { path: ({ citizen }) => `/citizens/${citizen}`, ...hidden },
  'PUT /citizens/:id': { path: ({ citizen }) => `/citizens/${citizen}`, body: () => ({ name: 'Outra' }), ...hidden },
  'POST /citizens/:id/link': { path: ({ citizen }) => `/citizens/${citizen}/link`, body: ({ own }) => ({ identityId: own, proof: 'disse-o' }), ...hidden },
  'POST /links/:id/undo': { path: () => '/links/1/undo', ...hidden },
  'POST /conversations/:id/merge': { path: ({ conversation }) => `/conversations/${conversation}/merge`, body: ({ conversation }) => ({ into: conversation }), ...hidden },
  'POST /conversations/:id/split': { path: ({ conversation }) => `/conversations/${conversation}/split`, body: () => ({ fromSeq: 2 }), ...hidden },
  'GET /conversations/:id/forms': { path: ({ conversation }) => `/conversations/${conversation}/forms`, ...hidden },
  'POST /conversations/:id/forms/:form': { path: ({ conversation }) => `/conversations/${conversation}/forms/avaria`, body: () => ({ given: {}, language: 'pt' }), ...hidden },
  'GET /quick-answers': { path: () => '/quick-answers', ...nothing },
  'POST /quick-answers': { path: () => '/quick-answers', body: () => ({ shortcut: 'alheia', departmentId: 'aguas', title: 'x', text: 'x' }), ...nothing },
  'PUT /quick-answers/:id': { path: ({ quick }) => `/quick-answers/${quick}`, body: () => ({ shortcut: 'aguas', departmentId: 'urbanismo', title: 'x', text: 'x' }), ...nothing },
  'DELETE /quick-answers/:id': { path: ({ quick }) => `/quick-answers/${quick}`, ...nothing },
  'GET /saved-views': { path: () => '/saved-views', ...nothing },
  'POST /saved-views': { path: () => '/saved-views', body: () => ({ name: 'minha', shared: false, filter: {} }), ...nothing },
  'DELETE /saved-views/:id': { path: ({ view }) => `/saved-views/${view}`, ...hidden },
  'GET /calls': { path: () => '/calls', ...nothing },
  ...Object.fromEntries([['accept', {}], ['decline', {}], ['join', {}], ['here', { what: 'joined' }], ['end', {}], ['link', {}], ['guest', { name: 'Eu' }], ['hand-over', { departmentId: 'urbanismo' }]]
    .map(([what, body]) => [`POST /calls/:id/${what as string}`, { path: ({ call }: Ids) => `/calls/${call}/${what as string}`, body: () => body, ...hidden }])),
  'GET /numbers': { path: () => `/numbers?${since}&by=topic`, ...nothing },
  'GET /numbers/behind': { path: () => `/numbers/behind?${since}&figure=conversations`, ...nothing },
  'GET /numbers/export.:format': { path: () => `/numbers/export.csv?${since}&by=topic`, ...nothing },
  'GET /numbers/open-data.csv': { path: () => `/numbers/open-data.csv?${since}`, ...nothing },
  'GET /numbers/monthly': { path: () => '/numbers/monthly?month=2026-11', ...nothing },
  'GET /admin/channels': { path: () => '/admin/channels', door: 'supervisors', ...nothing },
  'POST /admin/channels/:id/test': { path: () => '/admin/channels/linha/test', body: () => ({}), door: 'admins', ...nothing },
  'POST /admin/channels/:id/test-message': { path: () => '/admin/channels/linha/test-message', body: () => ({ to: 'eu' }), door: 'admins', ...nothing },
  'GET /admin/channels/:id/test-partners': { path: () => '/admin/channels/linha/test-partners', door: 'admins', ...nothing },
  'GET /admin/problems': { path: () => '/admin/problems', door: 'supervisors', ...nothing },
  'POST /admin/inbound/:id/replay': { path: ({ corrupt }) => `/admin/inbound/${corrupt}/replay`, door: 'admins', ...nothing },
  'GET /admin/operators': { path: () => '/admin/operators', door: 'supervisors', ...nothing },
  'POST /admin/operators': { path: () => '/admin/operators', body: () => ({ name: 'Mais Um', email: 'mais.um@valeformoso.example', role: 'admin', departments: [] }), door: 'admins', ...nothing },
  'PUT /admin/operators/:id': { path: ({ stranger }) => `/admin/operators/${stranger}`, body: () => ({ role: 'admin' }), door: 'admins', ...nothing },
  'POST /admin/operators/:id/reset': { path: ({ admin }) => `/admin/operators/${admin}/reset`, door: 'admins', ...nothing },
  'GET /admin/calendar': { path: () => '/admin/calendar', door: 'supervisors', ...nothing },
  'GET /admin/bot': { path: () => '/admin/bot', door: 'supervisors', ...nothing },
  'POST /admin/bot/trial': { path: () => '/admin/bot/trial', body: () => ({ kind: 'sms', at: '2026-12-25T10:00', language: 'pt', turns: [] }), door: 'supervisors', ...nothing },
  'POST /admin/bot/review': { path: () => '/admin/bot/review', body: () => ({ change: lesson }), door: 'admins', ...nothing },
  'POST /admin/bot/changes': { path: () => '/admin/bot/changes', body: () => ({ change: lesson, seen: 'x' }), door: 'admins', ...nothing },
  'GET /admin/misses': { path: () => '/admin/misses', door: 'supervisors', ...nothing },
}

const folder = 'src/operator-api'
const inSource = [...readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, 'utf8')), readFileSync('src/app.ts', 'utf8').replaceAll("app.get('/api/", "router.get('/")]
  .flatMap((text) => [...text.matchAll(/router\.(get|post|put|patch|delete)\('([^']+)'/g)].map(([, method, path]) => `${method!.toUpperCase()} ${path}`))
const doors: Record<Door, string[]> = { operators: ['operator', 'supervisor', 'admin'], supervisors: ['supervisor', 'admin'], admins: ['admin'] }

let vendor: PlainVendor
let gateway: Harness
let admin: SignedIn
let operator: SignedIn
let supervisor: SignedIn
let ids: Ids

const respond: Responder = (state, input) => ({ actions: [{ do: 'hand-off', departmentId: input.type === 'message' && input.content.text.startsWith('Obras') ? 'urbanismo' : 'aguas', reason: 'asked' }], state })

beforeAll(async () => {
  vendor = await plainVendor()
  gateway = await startGateway({
    channels: { linha: { kind: 'plain', vendorUrl: vendor.url } }, kinds: { plain: plainKind() }, respond, env: { JITSI: 'a-secret-of-the-deployment' },
    config: { video: { mode: 'self-hosted', baseUrl: 'https://video.example', appId: 'balcao', secret: { env: 'JITSI' } } },
  })
  admin = await signIn(gateway, 'ana@valeformoso.example')
  operator = await signIn(gateway, 'rui@valeformoso.example', { role: 'operator', departments: ['urbanismo'] })
  supervisor = await signIn(gateway, 'eva@valeformoso.example', { role: 'supervisor', departments: ['urbanismo'] })
  const write = (message: object) => fetch(`${gateway.url}/channels/linha`, { method: 'POST', body: JSON.stringify({ messages: [message] }) })
  await write({ id: 'm1', from: '+351999888777', text: 'fuga-de-palavras na minha rua', name: 'Gertrudes Canário' })
  await write({ id: 'm2', from: 'outro', text: 'Obras no passeio', name: 'Zé' })
  await fetch(`${gateway.url}/channels/linha`, { method: 'POST', body: JSON.stringify({ throws: true, about: 'fuga-de-palavras' }) })
  const { rows } = await admin.get<Page<ConversationSummary>>('/api/conversations?view=waiting&department=aguas')
  const conversation = rows[0]!
  const act = (action: unknown, clientId: string) => admin.call<ActResult>('POST', `/api/conversations/${conversation.id}/act`, { clientId, actions: [action] })
  vendor.behave = () => 400
  const replied = await act({ do: 'reply', text: 'Resposta sobre a fuga-de-palavras' }, 'reply-0001')
  await act({ do: 'note', text: 'nota-só-de-águas' }, 'note-00001')
  await act({ do: 'set-topic', topic: 'fuga-de-palavras' }, 'topic-0001')
  expect((await act({ do: 'call' }, 'call-00001')).status).toBe(200)
  await admin.call('PUT', `/api/conversations/${conversation.id}/draft`, { kind: 'reply', text: 'rascunho-alheio' })
  const { db } = gateway.gateway.pool
  await gateway.until('the refusal', () => db.selectFrom('delivery').select('message_id').where('state', '=', 'failed').executeTakeFirst())
  await db.insertInto('activity').values({ conversation_id: conversation.id, author: 'bot', operator_id: null, type: 'miss', data: JSON.stringify({ seq: 1 }), at: new Date() }).execute()
  await gateway.gateway.chores()
  const detail = await admin.get<ConversationDetail>(`/api/conversations/${conversation.id}`)
  const view = await admin.call<{ id: string }>('POST', '/api/saved-views', { name: 'vista-alheia', shared: false, filter: {} })
  const quick = await admin.call<{ id: string }>('POST', '/api/quick-answers', { shortcut: 'aguas', departmentId: 'aguas', title: 'resposta-de-aguas', text: 'resposta-de-aguas' })
  const corrupt = await db.selectFrom('inbound').select('id').where('outcome', '=', 'corrupt').executeTakeFirstOrThrow()
  const own = await db.selectFrom('identity').select('id').where('address', '=', 'outro').executeTakeFirstOrThrow()
  ids = {
    conversation: conversation.id, citizen: conversation.citizen.id, message: replied.body.messageIds[0]!, identity: detail.people.identities[0]!.id, call: detail.calls[0]!.id,
    view: view.body.id, quick: quick.body.id, corrupt: corrupt.id, admin: admin.id, stranger: operator.id, own: own.id,
  }
})
afterAll(async () => {
  await gateway.close()
  await vendor.close()
})

interface Knock { cookie?: string; origin?: string; custom?: boolean }

/** One request as a browser would make it, or as one that should not. A stream is read for as long as it says something at once. */
async function knock(name: string, { cookie, origin = new URL(gateway.url).origin, custom = true }: Knock): Promise<{ status: number; text: string }> {
  const method = name.split(' ')[0]!
  const { path, body } = probes[name]!
  const ending = new AbortController()
  const response = await fetch(`${gateway.url}/api${path(ids)}`, {
    method, signal: ending.signal,
    headers: { origin, ...(cookie && { cookie }), ...(custom && { 'x-balcao': '1' }), ...(body && { 'content-type': 'application/json' }) }, ...(body && { body: JSON.stringify(body(ids)) }),
  })
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
    const { value } = await response.body!.getReader().read()
    ending.abort()
    return { status: response.status, text: new TextDecoder().decode(value) }
  }
  return { status: response.status, text: await response.text() }
}

/** All that the other department has, as rows: whatever is knocked at, it stays as it is. */
async function rowsOfTheOthers(): Promise<string> {
  const { db } = gateway.gateway.pool
  return JSON.stringify(await Promise.all([
    db.selectFrom('conversation').selectAll().where('id', '=', ids.conversation).execute(), db.selectFrom('message').selectAll().where('conversation_id', '=', ids.conversation).orderBy('id').execute(),
    db.selectFrom('delivery').selectAll().where('conversation_id', '=', ids.conversation).execute(), db.selectFrom('citizen').selectAll().where('id', '=', ids.citizen).execute(),
    db.selectFrom('identity').selectAll().where('id', '=', ids.identity).execute(), db.selectFrom('draft').selectAll().execute(), db.selectFrom('read_mark').selectAll().execute(),
    db.selectFrom('call').selectAll().execute(), db.selectFrom('quick_answer').selectAll().execute(), db.selectFrom('saved_view').selectAll().where('id', '=', ids.view).execute(),
    db.selectFrom('operator').select(['id', 'role', 'departments', 'disabled_at']).orderBy('id').execute(), db.selectFrom('inbound').select(['id', 'outcome']).orderBy('id').execute(),
  ]))
}

test('every route of the API is probed here, and no other', () => {
  expect(inSource.filter((route) => route !== 'POST /set-password').toSorted()).toEqual(Object.keys(probes).toSorted())
})

describe.each(Object.keys(probes))('%s', (name) => {
  const { door = 'operators', stranger } = probes[name]!
  const isRead = name.startsWith('GET ')

  test('is closed to whoever is not signed in', async () => {
    for (const cookie of [undefined, 'better-auth.session_token=guessed']) expect((await knock(name, { ...(cookie && { cookie }) })).status).toBe(401)
  })

  if (!isRead) test('is closed to another page’s script, form or frame', async () => {
    const before = await rowsOfTheOthers()
    for (const from of [{ origin: 'https://outro.example' }, { origin: 'null' }, { custom: false }]) expect((await knock(name, { cookie: admin.cookie, ...from })).status).toBe(403)
    expect(await rowsOfTheOthers()).toBe(before)
  })

  test.each([['operator', () => operator], ['supervisor', () => supervisor]] as const)('says and changes nothing of another department for its %s', async (role, who) => {
    const before = await rowsOfTheOthers()
    const { status, text } = await knock(name, { cookie: who().cookie })
    if (!doors[door].includes(role)) expect(status).toBe(403)
    else if (stranger === 'not-found') expect(status).toBe(404)
    else expect(status).toBeLessThan(500)
    for (const secret of secrets) expect(text).not.toContain(secret)
    expect(await rowsOfTheOthers()).toBe(before)
  })
})

test('the same answers, asked for by an admin, do hold what was kept from the others', async () => {
  const told = await Promise.all(['GET /conversations', 'GET /conversations/:id', 'GET /conversations/:id/timeline', 'GET /citizens', 'GET /quick-answers', 'GET /saved-views', 'GET /numbers', 'GET /numbers/behind', 'GET /admin/misses']
    .map(async (name) => ({ name, text: (await knock(name, { cookie: admin.cookie })).text })))
  for (const { name, text } of told) expect(secrets.some((secret) => text.includes(secret)), name).toBe(true)
})
