import { afterAll, beforeAll, expect, test } from 'vitest'
import { collectCitizen } from '../../src/citizen/collect.ts'
import { citizenPage } from '../../src/citizen/page.ts'
import type { CallView, ConversationDetail } from '../../src/operator-api.types.ts'
import { citizenBrowser } from './citizen-browser.ts'
import { callTown, type CallTown } from './town.ts'

let town: CallTown
beforeAll(async () => { town = await callTown() })
afterAll(() => town.close())

const callOf = async (conversationId: string) => (await town.ana.get<ConversationDetail>(`/api/conversations/${conversationId}`)).calls.at(-1)!
const joined = { what: 'joined' }

test('a call goes round: asked, waited for, accepted, joined by both, written in, ended, rated', async () => {
  const maria = await town.ask('maria')
  expect(await maria.state()).toMatchObject({ state: 'welcome', town: 'Município de Vale Formoso', department: 'Águas', entries: [] })
  expect((await maria.post('enter')).status).toBe(204)
  const page = await maria.stay()
  await page.until('the waiting room', (state) => state.state === 'waiting' && state.position === 1)
  expect((await maria.post('join')).body).toEqual({ error: 'not-yet' })

  expect(await town.ana.get<CallView[]>('/api/calls')).toEqual([expect.objectContaining({ id: maria.callId, state: 'ringing', rings: [{ operatorId: town.ana.id, purpose: 'first' }] })])
  expect((await town.ana.call<CallView>('POST', `/api/calls/${maria.callId}/accept`, {})).body.state).toBe('accepted')
  await page.until('somebody has it', (state) => state.state === 'ready' && state.operator !== null)
  const [hers, his] = [await maria.pass(), (await town.ana.call<{ roomName: string; jwt: string }>('POST', `/api/calls/${maria.callId}/join`, {})).body]
  expect(hers.roomName).toBe(his.roomName)
  expect(hers.jwt).not.toBe(his.jwt)
  expect((await maria.post('here', joined)).status).toBe(204)
  expect((await town.ana.call('POST', `/api/calls/${maria.callId}/here`, joined)).status).toBe(200)
  await page.until('both are in', (state) => state.state === 'active' && state.isOperatorHere)

  const id = crypto.randomUUID()
  const twice = await Promise.all([maria.post('say', { id, text: 'Não oiço bem' }), maria.post('say', { id, text: 'Não oiço bem' })])
  expect(twice.map(({ status }) => status)).toEqual([204, 204])
  await town.ana.call('POST', `/api/conversations/${maria.conversationId}/act`, { clientId: 'call-words-1', actions: [{ do: 'reply', text: 'Aqui está: https://www.valeformoso.example/formulario' }] })
  const state = await page.until('both have written', (now) => now.state === 'active' && now.entries.length === 2)
  expect(state).toMatchObject({ entries: [{ by: 'citizen', text: 'Não oiço bem', id }, { by: 'operator', text: 'Aqui está: https://www.valeformoso.example/formulario' }] })

  // Both pages say every few seconds that they are there; who is silent for long has gone.
  for (let seconds = 0; seconds < 90; seconds += 15) {
    town.pass(15)
    await maria.post('here', joined)
    await town.ana.call('POST', `/api/calls/${maria.callId}/here`, { what: 'here' })
  }
  expect((await town.ana.call<CallView>('POST', `/api/calls/${maria.callId}/end`, { outcome: 'Resolvido', note: 'Fuga no contador.' })).body).toMatchObject({ state: 'ended', outcome: 'Resolvido' })
  expect(await page.until('the end', (now) => now.state === 'over')).toMatchObject({ why: 'ended', minutes: 2, rating: 'open' })
  expect((await maria.post('join')).status).toBe(410)
  expect((await maria.post('rate', { score: 5 })).status).toBe(204)
  expect((await maria.post('rate', { comment: 'Muito simpática' })).status).toBe(204)
  expect((await maria.post('rate', { score: 1 })).status).toBe(410)
  page.go()

  const facts = (await town.activities(maria.conversationId)).filter((each) => /call|rate/.test(each))
  expect(facts).toEqual(['citizen call-asked', 'citizen call-waiting', 'operator call-accepted', 'citizen call-joined', 'operator call-joined', 'operator call-ended', 'citizen rate', 'citizen rate'])
  // Rated on the page: the close asks nothing more.
  await town.ana.call('POST', `/api/conversations/${maria.conversationId}/act`, { clientId: 'call-close-1', actions: [{ do: 'close' }] })
  expect(await town.gateway.pool.db.selectFrom('survey').select(['subject', 'score', 'comment', 'state']).where('conversation_id', '=', maria.conversationId).execute())
    .toEqual([{ subject: 'call', score: 5, comment: 'Muito simpática', state: 'answered' }])
  // In the copy for the citizen, too: what came of it, not what colleagues noted.
  const { citizen_id: whose } = await town.gateway.pool.db.selectFrom('conversation').select('citizen_id').where('id', '=', maria.conversationId).executeTakeFirstOrThrow()
  const { record } = (await collectCitizen(town.gateway.pool.db, whose))!
  expect(record.conversations[0]!.calls).toMatchObject([{ startedAt: expect.any(String), endedAt: expect.any(String), outcome: 'Resolvido' }])
  const copy = citizenPage(record, 'Vale Formoso', 'Europe/Lisbon')
  expect(copy).toMatch(/Videochamada pedida .*, começada .*, terminada .*: Resolvido/)
  expect(copy).not.toContain('Fuga no contador')
})

test('a guessed link, another’s cookie and a second browser get nothing', async () => {
  const rui = await town.ask('rui')
  const guessed = citizenBrowser(`${town.url}/call/${'A'.repeat(43)}`)
  expect((await guessed.state()).state).toBe('gone')
  expect((await fetch(`${town.url}/call/${'A'.repeat(43)}`)).status).not.toBe(200)
  expect((await guessed.post('enter')).status).toBe(410)
  await rui.post('enter')
  const thief = rui.elsewhere()
  expect(await thief.state()).toEqual({ state: 'elsewhere', town: 'Município de Vale Formoso', language: 'pt', contact: { phone: null, email: null } })
  expect((await thief.post('enter')).body).toEqual({ error: 'elsewhere' })
  expect((await thief.post('join')).status).toBe(403)
  expect((await thief.post('say', { id: crypto.randomUUID(), text: 'eu' })).status).toBe(403)
  expect((await fetch(`${rui.link}/events`)).status).toBe(403)
  const [row] = await town.gateway.pool.db.selectFrom('call_link').select('token_hash').where('call_id', '=', rui.callId).execute()
  expect(rui.link).not.toContain(row!.token_hash)
  await town.ana.call('POST', `/api/calls/${rui.callId}/decline`, { text: '' })
})

test('a fresh link ends the older one, and leads to the same call', async () => {
  const eva = await town.ask('eva')
  await eva.post('enter')
  await town.write('eva', 'a ligação de vídeo não abre')
  expect((await eva.state()).state).not.toBe('gone')
  expect((await town.ana.call('POST', `/api/calls/${eva.callId}/link`, {})).status).toBe(200)
  const again = citizenBrowser(await town.linkFor('eva', 2))
  expect((await eva.state()).state).toBe('gone')
  expect((await eva.post('enter')).status).toBe(410)
  expect((await again.post('enter')).status).toBe(204)
  expect(await again.state()).toMatchObject({ state: 'waiting', position: 1 })
  await town.ana.call('POST', `/api/calls/${eva.callId}/decline`, { text: 'Ligue amanhã, por favor.' })
  expect(await again.state()).toMatchObject({ state: 'over', why: 'declined' })
  await town.until('the words at the vendor', () => town.vendor.ledger.some(({ to, text }) => to === 'eva' && text === 'Ligue amanhã, por favor.'))
})

test('the page shows nothing that was written before the call was asked for', async () => {
  await town.write('ivo', 'o meu NIF é 123456789')
  const ivo = await town.ask('ivo')
  await ivo.post('enter')
  await ivo.post('say', { id: crypto.randomUUID(), text: 'estou aqui' })
  expect(await ivo.state()).toMatchObject({ entries: [{ text: 'estou aqui' }] })
  expect((await callOf(ivo.conversationId)).state).toBe('ringing')
  await town.ana.call('POST', `/api/calls/${ivo.callId}/end`, {})
})

test('an operator may call first; closing the conversation ends the call', async () => {
  await town.write('gil', 'olá')
  const conversation = await town.until('the conversation', () => town.gateway.pool.db.selectFrom('conversation').innerJoin('citizen', 'citizen.id', 'conversation.citizen_id').select('conversation.id').where('citizen.name', '=', 'gil').executeTakeFirst())
  await town.ana.call('POST', `/api/conversations/${conversation.id}/act`, { clientId: 'call-first-1', actions: [{ do: 'call' }] })
  const gil = citizenBrowser(await town.linkFor('gil'))
  expect(await callOf(conversation.id)).toMatchObject({ state: 'accepted', askedBy: 'operator', operatorId: town.ana.id })
  await gil.post('enter')
  expect(await gil.state()).toMatchObject({ state: 'ready' })
  expect((await gil.pass()).roomName).toMatch(/^balcao-[0-9a-f]{40}$/)
  await town.ana.call('POST', `/api/conversations/${conversation.id}/act`, { clientId: 'call-first-2', actions: [{ do: 'close', survey: false }] })
  await town.until('the call has ended', async () => (await callOf(conversation.id)).state === 'ended')
  expect((await gil.post('join')).status).toBe(410)
})

test('what a page sends that is not as agreed is refused with a reason, and nothing is stored', async () => {
  const lia = await town.ask('lia')
  await lia.post('enter')
  for (const body of [{}, { id: 'x', text: 'a' }, { id: crypto.randomUUID(), text: '' }, { id: crypto.randomUUID(), text: 'a'.repeat(4_001) }, { id: crypto.randomUUID(), text: 'a', more: 1 }]) {
    expect(await lia.post('say', body)).toEqual({ status: 400, body: { error: 'invalid' } })
  }
  expect((await fetch(`${lia.link}/enter`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })).status).toBe(403)
  expect(await lia.state()).toMatchObject({ entries: [] })
  await town.ana.call('POST', `/api/calls/${lia.callId}/end`, {})
})

test('not rated on the page: the close asks once how the call was, and the answer by text is counted', async () => {
  const zita = await town.ask('zita')
  await zita.post('enter')
  await town.ana.call('POST', `/api/calls/${zita.callId}/accept`, {})
  await zita.post('here', joined)
  await town.ana.call('POST', `/api/calls/${zita.callId}/here`, joined)
  await town.ana.call('POST', `/api/calls/${zita.callId}/end`, {})
  await town.ana.call('POST', `/api/conversations/${zita.conversationId}/act`, { clientId: 'call-survey-1', actions: [{ do: 'close' }] })
  await town.until('the question', () => town.vendor.ledger.some(({ to, text }) => to === 'zita' && text.startsWith('A videochamada terminou. De 1 a 5')))
  await town.write('zita', '4')
  await town.until('thanks', () => town.vendor.ledger.some(({ to, text }) => to === 'zita' && text.startsWith('Obrigado. Se quiser')))
  await town.write('zita', 'Correu bem')
  await town.until('thanks for the comment', () => town.vendor.ledger.some(({ to, text }) => to === 'zita' && text.startsWith('Obrigado pelo seu coment')))
  expect(await town.gateway.pool.db.selectFrom('survey').select(['subject', 'score', 'comment', 'state']).where('conversation_id', '=', zita.conversationId).execute())
    .toEqual([{ subject: 'call', score: 4, comment: 'Correu bem', state: 'answered' }])
})
