import { afterAll, beforeAll, expect, test } from 'vitest'
import { callTown, type CallTown, reservationToken, selfHosted } from './town.ts'

let town: CallTown
beforeAll(async () => { town = await callTown({ ...selfHosted, reservationToken: { env: 'RESERVATION_TOKEN' } }) })
afterAll(() => town.close())

/** As mod_reservations of Prosody asks. */
async function jitsi(method: string, path: string, form?: Record<string, string>, token = `Bearer ${reservationToken}`) {
  const answer = await fetch(`${town.url}/jitsi/conference${path}`, { method, headers: { authorization: token }, ...(form && { body: new URLSearchParams(form) }) })
  return { status: answer.status, body: await answer.json() as Record<string, unknown> }
}
const reserve = (name: string, token?: string) => jitsi('POST', '', { name, start_time: '2026-11-23T10:00:00.000Z', mail_owner: 'focus@auth.video' }, token)
const rowOf = (callId: string) => town.gateway.pool.db.selectFrom('call').selectAll().where('id', '=', callId).executeTakeFirstOrThrow()
const joined = { what: 'joined' }

test('only a room of ours opens, only while its call is on, and only for who has the token', async () => {
  const maria = await town.ask('maria')
  const { room } = await rowOf(maria.callId)
  expect(await reserve('balcao-invented')).toEqual({ status: 403, body: { message: 'Sala desconhecida' } })
  expect((await reserve('')).status).toBe(403)
  expect((await reserve(room)).status).toBe(403)
  await town.ana.call('POST', `/api/calls/${maria.callId}/accept`, {})
  expect((await reserve(room, 'Bearer wrong')).status).toBe(401)
  expect((await reserve(room, '')).status).toBe(401)
  const opened = await reserve(room.toUpperCase())
  expect(opened).toMatchObject({ status: 200, body: { id: maria.callId, name: room, mail_owner: 'focus@auth.video', duration: expect.any(Number) } })
  expect(await jitsi('GET', `/${maria.callId}`)).toMatchObject({ status: 200, body: { name: room } })
  await town.ana.call('POST', `/api/calls/${maria.callId}/end`, {})
  expect((await reserve(room)).status).toBe(403)
  expect((await jitsi('GET', `/${maria.callId}`)).status).toBe(404)
})

test('start and end are the server’s: a page that says it is in a room that Jitsi has not opened is not believed', async () => {
  const rui = await town.ask('rui')
  await rui.post('enter')
  await town.ana.call('POST', `/api/calls/${rui.callId}/accept`, {})
  expect((await rui.post('here', joined)).status).toBe(409)
  expect((await town.ana.call('POST', `/api/calls/${rui.callId}/here`, joined)).status).toBe(409)
  const { room } = await rowOf(rui.callId)
  await reserve(room)
  await rui.post('here', joined)
  await town.ana.call('POST', `/api/calls/${rui.callId}/here`, joined)
  expect((await rowOf(rui.callId)).state).toBe('active')
  town.pass(60)
  await rui.post('here', { what: 'left' })
  await town.ana.call('POST', `/api/calls/${rui.callId}/here`, { what: 'left' })
  expect((await jitsi('DELETE', `/${rui.callId}`)).status).toBe(200)
  const row = await rowOf(rui.callId)
  expect(row.state).toBe('ended')
  expect(row.ended_at!.getTime() - row.started_at!.getTime()).toBeGreaterThanOrEqual(60_000)
  expect(row.ended_at!.getTime() - row.started_at!.getTime()).toBeLessThan(90_000)
})

test('a room that Jitsi closes and opens again within a moment is still the same call', async () => {
  const eva = await town.ask('eva')
  await eva.post('enter')
  await town.ana.call('POST', `/api/calls/${eva.callId}/accept`, {})
  const { room } = await rowOf(eva.callId)
  await reserve(room)
  await eva.post('here', joined)
  await town.ana.call('POST', `/api/calls/${eva.callId}/here`, joined)
  await jitsi('DELETE', `/${eva.callId}`)
  expect((await rowOf(eva.callId)).state).toBe('active')
  expect((await reserve(room)).status).toBe(200)
  expect(await rowOf(eva.callId)).toMatchObject({ state: 'active', room_closed_at: null })
  await town.ana.call('POST', `/api/calls/${eva.callId}/end`, {})
  expect((await jitsi('DELETE', '/999999')).status).toBe(404)
})
