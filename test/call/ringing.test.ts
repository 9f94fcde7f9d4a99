import { afterEach, expect, test } from 'vitest'
import type { CallView } from '../../src/operator-api.types.ts'
import { signIn } from '../harness/browserless.ts'
import type { CitizenBrowser } from './citizen-browser.ts'
import { callTown, type CallTown } from './town.ts'

let town: CallTown
afterEach(() => town.close())

const view = async (callId: string) => (await town.ana.get<CallView[]>('/api/calls')).find(({ id }) => id === callId)
const rowOf = (callId: string) => town.gateway.pool.db.selectFrom('call').selectAll().where('id', '=', callId).executeTakeFirstOrThrow()
const rings = (callId: string) => town.gateway.pool.db.selectFrom('call_ring').select(['operator_id', 'outcome']).where('call_id', '=', callId).orderBy('id').execute()
const joined = { what: 'joined' }

/** Time passes with the page open: its line says every few seconds that it is. */
async function keepOpen(page: CitizenBrowser, seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 20) {
    const line = await page.stay()
    await line.until('a state', () => true)
    town.pass(20)
    line.go()
  }
}

test('nobody answers: it rings on to the next, then is missed; the citizen is told and stays in the queue', async () => {
  town = await callTown()
  const rui = await signIn(town, 'rui@valeformoso.example', { departments: ['aguas'], role: 'operator' })
  const maria = await town.ask('maria')
  await maria.post('enter')
  const [first] = await rings(maria.callId)
  await keepOpen(maria, 40)
  await town.until('the next is rung', async () => (await rings(maria.callId)).length === 2)
  const both = await rings(maria.callId)
  expect(both).toEqual([{ operator_id: first!.operator_id, outcome: 'unanswered' }, { operator_id: first!.operator_id === rui.id ? town.ana.id : rui.id, outcome: null }])
  await keepOpen(maria, 270)
  expect(await town.until('missed', async () => { const state = await maria.state(); return state.state === 'over' && state })).toMatchObject({ why: 'no-operator', rating: 'done' })
  expect(await rowOf(maria.callId)).toMatchObject({ state: 'missed', outcome: 'no-operator' })
  await town.until('the words at the vendor', () => town.vendor.ledger.some(({ text }) => text.startsWith('Não conseguimos atender')))
  expect(await town.gateway.pool.db.selectFrom('conversation').select(['state', 'department_id']).where('id', '=', maria.conversationId).executeTakeFirst()).toEqual({ state: 'waiting', department_id: 'aguas' })
  expect(await town.activities(maria.conversationId)).toContain('system call-missed')
})

test('declined without words rings on at once; who declined is not rung again', async () => {
  town = await callTown()
  const rui = await signIn(town, 'rui@valeformoso.example', { departments: ['aguas'], role: 'operator' })
  const maria = await town.ask('maria')
  await maria.post('enter')
  const [first] = await rings(maria.callId)
  const [rung, other] = first!.operator_id === rui.id ? [rui, town.ana] : [town.ana, rui]
  expect((await rung.call('POST', `/api/calls/${maria.callId}/decline`, {})).status).toBe(200)
  expect(await view(maria.callId)).toMatchObject({ state: 'ringing', rings: [{ operatorId: other.id }] })
  expect((await rung.call('POST', `/api/calls/${maria.callId}/decline`, {})).status).toBe(409)
})

test('two accept at once: one has it, the other is told', async () => {
  town = await callTown()
  const rui = await signIn(town, 'rui@valeformoso.example', { departments: ['aguas'], role: 'operator' })
  const maria = await town.ask('maria')
  await maria.post('enter')
  const answers = await Promise.all([town.ana, rui].map((each) => each.call<{ error?: string }>('POST', `/api/calls/${maria.callId}/accept`, {})))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  expect(answers.find(({ status }) => status === 409)?.body.error).toBe('call-taken')
  const row = await rowOf(maria.callId)
  expect(await town.gateway.pool.db.selectFrom('conversation').select(['state', 'operator_id']).where('id', '=', maria.conversationId).executeTakeFirst()).toEqual({ state: 'assigned', operator_id: row.operator_id })
})

test('an operator of another department neither sees the call nor gets in', async () => {
  town = await callTown()
  const eva = await signIn(town, 'eva@valeformoso.example', { departments: ['urbanismo'], role: 'operator' })
  const maria = await town.ask('maria')
  await maria.post('enter')
  expect(await eva.get('/api/calls')).toEqual([])
  for (const what of ['accept', 'decline', 'join', 'end', 'link', 'guest', 'hand-over', 'here']) {
    const body = what === 'guest' ? { name: 'x' } : what === 'hand-over' ? { operatorId: eva.id } : what === 'here' ? joined : {}
    expect((await eva.call('POST', `/api/calls/${maria.callId}/${what}`, body)).status, what).toBe(404)
  }
})

test('a department takes calls while its own people are there and its own hours last', async () => {
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
  town = await callTown(undefined, { calendar: { exceptions: [{ name: 'Feira', on: tomorrow, departments: ['urbanismo'] }] } })
  const takes = () => town.town().departmentsNow().filter(({ takesCalls }) => takesCalls).map(({ id }) => id).join()
  await town.until('Ana’s two', () => takes() === 'geral,aguas')
  const eva = await signIn(town, 'eva@valeformoso.example', { departments: ['urbanismo'], role: 'operator' })
  await town.until('and Eva’s', () => takes() === 'geral,aguas,urbanismo')
  town.pass(86_400)
  expect(takes()).toBe('geral,aguas')
  town.pass(-86_400)
  await eva.call('PUT', '/api/me', { presence: 'away' })
  await town.until('Eva is away', () => takes() === 'geral,aguas')
})

test('the citizen does not come: the operator is freed after the no-show time', async () => {
  town = await callTown()
  const maria = await town.ask('maria')
  await town.ana.call('POST', `/api/calls/${maria.callId}/accept`, {})
  await town.ana.call('POST', `/api/calls/${maria.callId}/here`, joined)
  // The operator's page says each few seconds that it is there.
  for (let passed = 0; passed < 310; passed += 20) {
    town.pass(20)
    await town.ana.call('POST', `/api/calls/${maria.callId}/here`, { what: 'here' })
  }
  await town.until('missed', async () => (await rowOf(maria.callId)).state === 'missed')
  expect(await rowOf(maria.callId)).toMatchObject({ outcome: 'no-citizen', started_at: null })
  await town.until('the words at the vendor', () => town.vendor.ledger.some(({ text }) => text.startsWith('Esperámos por si')))
})

test('the operator who accepted does not come: it rings again', async () => {
  town = await callTown()
  const maria = await town.ask('maria')
  await maria.post('enter')
  await town.ana.call('POST', `/api/calls/${maria.callId}/accept`, {})
  town.pass(61)
  const page = await maria.stay()
  await page.until('waiting again', (state) => state.state === 'waiting')
  page.go()
  expect(await town.activities(maria.conversationId)).toContain('system call-missed')
})

test('a citizen who closes the page is not rung for, and finds the place again with the same browser', async () => {
  town = await callTown()
  const maria = await town.ask('maria')
  await maria.post('enter')
  town.pass(30)
  await town.until('not ringing', async () => (await rowOf(maria.callId)).state === 'asked')
  expect((await rings(maria.callId)).every(({ outcome }) => outcome !== null)).toBe(true)
  await maria.post('enter')
  expect(await maria.state()).toMatchObject({ state: 'waiting' })
})

test('a link that nobody opens runs out, and opens nothing any more', async () => {
  town = await callTown()
  const maria = await town.ask('maria')
  town.pass(7_201)
  expect((await maria.post('enter')).status).toBe(410)
  await town.until('expired', async () => (await rowOf(maria.callId)).state === 'expired')
  expect((await maria.state()).state).toBe('gone')
  expect(await town.activities(maria.conversationId)).toContain('system call-expired')
})

test('those who wait know their place, and move up', async () => {
  town = await callTown()
  const [maria, jose] = [await town.ask('maria'), await town.ask('jose')]
  await maria.post('enter')
  await jose.post('enter')
  const page = await jose.stay()
  await page.until('second', (state) => state.state === 'waiting' && state.position === 2)
  await town.ana.call('POST', `/api/calls/${maria.callId}/accept`, {})
  await page.until('first', (state) => state.state === 'waiting' && state.position === 1)
  page.go()
})

test('handed over: the colleague is rung, comes in, and has the call and the conversation when the first leaves', async () => {
  town = await callTown()
  const eva = await signIn(town, 'eva@valeformoso.example', { departments: ['urbanismo'], role: 'operator' })
  const maria = await town.ask('maria')
  await maria.post('enter')
  await town.ana.call('POST', `/api/calls/${maria.callId}/accept`, {})
  await maria.post('here', joined)
  await town.ana.call('POST', `/api/calls/${maria.callId}/here`, joined)
  expect((await town.ana.call('POST', `/api/calls/${maria.callId}/hand-over`, { operatorId: eva.id })).status).toBe(200)
  expect(await eva.get<CallView[]>('/api/calls')).toMatchObject([{ id: maria.callId, rings: [{ operatorId: eva.id, purpose: 'also' }] }])
  expect((await eva.call('POST', `/api/calls/${maria.callId}/join`, {})).status).toBe(200)
  await eva.call('POST', `/api/calls/${maria.callId}/here`, joined)
  expect((await rowOf(maria.callId)).operator_id).toBe(town.ana.id)
  await town.ana.call('POST', `/api/calls/${maria.callId}/here`, { what: 'left' })
  expect(await rowOf(maria.callId)).toMatchObject({ operator_id: eva.id, state: 'active' })
  expect((await eva.get<{ operatorId: string }>(`/api/conversations/${maria.conversationId}`)).operatorId).toBe(eva.id)
})

test('an interpreter comes by a link of their own and sees nothing of the conversation', async () => {
  town = await callTown()
  const { citizenBrowser } = await import('./citizen-browser.ts')
  const maria = await town.ask('maria')
  await maria.post('enter')
  await maria.post('say', { id: crypto.randomUUID(), text: 'sou surda' })
  const { url } = (await town.ana.call<{ url: string }>('POST', `/api/calls/${maria.callId}/guest`, { name: 'Intérprete LGP' })).body
  const interpreter = citizenBrowser(url)
  expect((await interpreter.post('enter')).status).toBe(204)
  expect(await interpreter.state()).toMatchObject({ state: 'waiting', role: 'guest', name: 'Intérprete LGP', entries: [] })
  expect((await interpreter.post('say', { id: crypto.randomUUID(), text: 'eu' })).status).toBe(403)
  await town.ana.call('POST', `/api/calls/${maria.callId}/accept`, {})
  expect((await interpreter.pass()).displayName).toBe('Intérprete LGP')
  expect((await interpreter.post('here', joined)).status).toBe(204)
  expect((await view(maria.callId))?.people).toEqual([{ role: 'guest', operatorId: null, name: 'Intérprete LGP', here: true }])
})

test('everybody’s line is cut: the call waits half a minute, then ends when it was last held', async () => {
  town = await callTown()
  const maria = await town.ask('maria')
  await maria.post('enter')
  await town.ana.call('POST', `/api/calls/${maria.callId}/accept`, {})
  await maria.post('here', joined)
  await town.ana.call('POST', `/api/calls/${maria.callId}/here`, joined)
  town.pass(20)
  await town.ana.call('POST', `/api/calls/${maria.callId}/here`, { what: 'left' })
  await town.ana.call('POST', `/api/calls/${maria.callId}/here`, joined)
  expect((await rowOf(maria.callId)).state).toBe('active')
  town.pass(26)
  await town.until('seen to be gone', async () => (await town.activities(maria.conversationId)).filter((each) => each === 'operator call-left').length === 2)
  expect((await rowOf(maria.callId)).state).toBe('active')
  town.pass(30)
  const row = await town.until('ended', async () => { const now = await rowOf(maria.callId); return now.state === 'ended' && now })
  expect(row.ended_at!.getTime() - row.started_at!.getTime()).toBeLessThan(35_000)
})
