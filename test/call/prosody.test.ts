/** Our tokens and our reservations before the very plugins that will judge them. What was run when is in docs/video.md. */

import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newRoom, passFor } from '../../src/call/room.ts'
import type { Video } from '../../src/config.ts'
import { Secret } from '../../src/core/secret.ts'
import { domain, type Prosody, startProsody, whyNoProsody } from '../vendors/prosody.ts'
import { dial, type Line } from '../vendors/xmpp.ts'
import { callTown, type CallTown, jaasKeys, jitsiSecret, reservationToken, selfHosted } from './town.ts'

const common = { tokenLife: 7_200_000, ringFor: 30_000, noShow: 300_000, roomPrefix: 'balcao-', lobby: false, recording: false }
const own: Extract<Video, { mode: 'self-hosted' }> = { ...common, mode: 'self-hosted', baseUrl: `https://${domain}:8443`, appId: 'balcao', secret: new Secret(jitsiSecret) }
const jaas: Extract<Video, { mode: 'jaas' }> = { ...common, mode: 'jaas', baseUrl: 'https://8x8.vc', appId: 'vpaas-magic-cookie-1', keyId: 'abc123', privateKey: new Secret(jaasKeys.privateKey) }
const ana = { id: 'op-1', name: 'Ana Lopes', role: 'operator' } as const
const maria = { id: 'citizen-1', name: 'Maria João & “Zé”', role: 'citizen' } as const
const tokenOf = async (video: Video, room: string, person: Parameters<typeof passFor>[2] = maria, now = new Date()) => (await passFor(video, room, person, now)).jwt!
const hours = 3_600_000

async function line(bosh: string, token: string): Promise<Line> {
  const dialled = await dial(bosh, token)
  if (typeof dialled === 'string') throw new Error(`refused: ${dialled}`)
  return dialled
}

if (whyNoProsody) console.log(`Jitsi’s own plugins do not judge our tokens in this run: ${whyNoProsody}`)

describe.runIf(!whyNoProsody)('Prosody with Jitsi’s plugins', () => {
  let prosody: Prosody
  let withKeys: Prosody
  let keyServer: Server
  const asked: string[] = []
  beforeAll(async () => {
    const path = `/${createHash('sha256').update(`${jaas.appId}/${jaas.keyId}`).digest('hex')}.pem`
    keyServer = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.writeHead(request.url === path ? 200 : 404).end(request.url === path ? jaasKeys.publicKey : '')
    })
    const port = await new Promise<number>((resolve) => keyServer.listen(0, '127.0.0.1', () => resolve((keyServer.address() as { port: number }).port)))
    prosody = await startProsody({ appId: own.appId, secret: jitsiSecret })
    withKeys = await startProsody({ appId: jaas.appId, keys: { url: `http://127.0.0.1:${port}`, issuer: 'chat' } })
  }, 60_000)
  afterAll(async () => {
    await prosody?.close()
    await withKeys?.close()
    keyServer.close()
  })

  test('everybody’s token opens their room, and the room sees who they are', async () => {
    const room = newRoom(own)
    for (const [person, moderator] of [[ana, 'true'], [maria, 'false'], [{ ...maria, role: 'guest' }, 'false']] as const) {
      const mine = await line(prosody.bosh, await tokenOf(own, room, person))
      const seen = await mine.join(room)
      expect(seen).toContain('code=\'110\'')
      expect(seen).toContain(`<id>${person.id}</id>`)
      expect(seen).toContain(`<name>${person.name.replace('&', '&amp;')}</name>`)
      expect(seen).toContain(`<moderator>${moderator}</moderator>`)
      await mine.leave(room)
    }
  })

  test('a token opens no other room, and none of another town', async () => {
    const room = newRoom(own)
    const mine = await line(prosody.bosh, await tokenOf(own, room))
    expect(await mine.join(newRoom(own))).toBe('Room and token mismatched')
    const elsewhere = await line(prosody.bosh, await tokenOf({ ...own, baseUrl: 'https://video.outra.example' }, room))
    expect(await elsewhere.join(room)).toBe('Room and token mismatched')
  })

  test('no token, an old one, one of tomorrow, one of another secret or app: refused, each with its reason', async () => {
    const room = newRoom(own)
    const refused = async (token: string | null) => {
      const answer = await dial(prosody.bosh, token)
      return typeof answer === 'string' ? answer : 'accepted'
    }
    expect(await refused(null)).toBe('token required')
    expect(await refused(await tokenOf(own, room, maria, new Date(Date.now() - 3 * hours)))).toMatch(/^Not acceptable by exp/)
    expect(await refused(await tokenOf(own, room, maria, new Date(Date.now() + hours)))).toBe('Not acceptable by nbf')
    expect(await refused(await tokenOf({ ...own, secret: new Secret('another') }, room))).toBe('Invalid signature')
    expect(await refused(await tokenOf({ ...own, appId: 'outra' }, room))).toBe('invalid \'iss\' claim')
    expect(await refused(await tokenOf(jaas, room))).toBe('Invalid or incorrect alg')
  })

  test('what our tokens must be, because it is refused otherwise: typed, and for one audience', async () => {
    const refused = async (claims: Record<string, unknown>, header: Record<string, string> = { typ: 'JWT' }) => {
      const token = await new SignJWT({ iss: own.appId, aud: 'jitsi', sub: domain, room: 'balcao-x', exp: Math.floor(Date.now() / 1000) + 60, ...claims })
        .setProtectedHeader({ alg: 'HS256', ...header }).sign(new TextEncoder().encode(jitsiSecret))
      const answer = await dial(prosody.bosh, token)
      return typeof answer === 'string' ? answer : 'accepted'
    }
    expect(await refused({})).toBe('accepted')
    expect(await refused({}, {})).toBe('Invalid typ')
    expect(await refused({}, { typ: 'JWT', alg: 'HS512' })).toBe('Invalid or incorrect alg')
    expect(await refused({ aud: ['jitsi'] })).toBe('invalid \'aud\' claim')
    expect(await refused({ aud: 'outra' })).toBe('invalid \'aud\' claim')
  })

  test('a token as JaaS wants it, RS256 with the key’s name, is taken where the public key is asked for by that name', async () => {
    const room = newRoom(jaas)
    const mine = await line(withKeys.bosh, await tokenOf(jaas, room))
    // `<AppID>/<room>` in the address is this in the conference: `sub` names whose rooms they are.
    expect(await mine.join(`[${jaas.appId}]${room}`)).toContain('<id>citizen-1</id>')
    expect(await mine.join(`[${jaas.appId}]${newRoom(jaas)}`)).toBe('Room and token mismatched')
    expect(await mine.join(`[vpaas-magic-cookie-2]${room}`)).toBe('Room and token mismatched')
    expect(asked.length).toBeGreaterThan(0)
    expect(await dial(withKeys.bosh, await tokenOf(own, room))).toBe('\'kid\' claim is missing')
    expect(await dial(withKeys.bosh, await tokenOf({ ...jaas, keyId: 'unknown' }, room))).toBe('could not obtain public key')
  })
})

describe.runIf(!whyNoProsody)('mod_reservations and the gateway', () => {
  let town: CallTown
  let prosody: Prosody
  beforeAll(async () => {
    town = await callTown({ ...selfHosted, reservationToken: { env: 'RESERVATION_TOKEN' } })
    prosody = await startProsody({ appId: own.appId, secret: jitsiSecret, reservations: { url: `${town.url}/jitsi`, token: reservationToken } })
  }, 60_000)
  afterAll(async () => {
    await prosody?.close()
    await town?.close()
  })
  const rowOf = (callId: string) => town.gateway.pool.db.selectFrom('call').selectAll().where('id', '=', callId).executeTakeFirstOrThrow()

  test('a room that is not ours is refused by our word, one of ours opens, and its end ends the call', async () => {
    const eva = await town.ask('eva')
    await eva.post('enter')
    const stranger = newRoom(own)
    const outside = await line(prosody.bosh, await tokenOf(own, stranger))
    const refusal = await outside.conference(stranger)
    expect(refusal).toMatch(/<reservation-error\b[^>]*error-code='403'/)
    expect(refusal).toContain('Sala desconhecida')

    await town.ana.call('POST', `/api/calls/${eva.callId}/accept`, {})
    const { roomName, jwt } = await eva.pass()
    const hers = await line(prosody.bosh, jwt!)
    // Allowed: it goes on to the focus, of which there is none here.
    expect(await hers.conference(roomName)).not.toContain('reservation-error')
    expect((await rowOf(eva.callId)).room_opened_at).toBeInstanceOf(Date)
    const his = (await town.ana.call<{ roomName: string; jwt: string }>('POST', `/api/calls/${eva.callId}/join`, {})).body
    const operator = await line(prosody.bosh, his.jwt)
    expect(await hers.join(roomName)).toContain('<moderator>false</moderator>')
    expect(await operator.conference(roomName)).not.toContain('reservation-error')
    await eva.post('here', { what: 'joined' })
    await town.ana.call('POST', `/api/calls/${eva.callId}/here`, { what: 'joined' })
    expect((await rowOf(eva.callId)).state).toBe('active')
    await eva.post('here', { what: 'left' })
    await town.ana.call('POST', `/api/calls/${eva.callId}/here`, { what: 'left' })
    await hers.leave(roomName)
    await town.until('Jitsi’s word that the room is empty', async () => (await rowOf(eva.callId)).state === 'ended')
    expect((await rowOf(eva.callId)).room_closed_at).toBeInstanceOf(Date)
  })
})
