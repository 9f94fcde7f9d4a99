import { createHmac, verify } from 'node:crypto'
import jsonwebtoken from 'jsonwebtoken'
import { expect, test } from 'vitest'
import { newRoom, passFor } from '../../src/call/room.ts'
import type { Video } from '../../src/config.ts'
import { Secret } from '../../src/core/secret.ts'
import { jaasKeys, jitsiSecret } from './town.ts'

const common = { tokenLife: 7_200_000, ringFor: 30_000, noShow: 300_000, roomPrefix: 'balcao-', lobby: false, recording: false }
const own: Video = { ...common, mode: 'self-hosted', baseUrl: 'https://video.valeformoso.example:8443', appId: 'balcao', secret: new Secret(jitsiSecret) }
const jaas: Video = { ...common, mode: 'jaas', baseUrl: 'https://8x8.vc', appId: 'vpaas-magic-cookie-1', keyId: 'abc123', privateKey: new Secret(jaasKeys.privateKey) }
const now = new Date('2026-11-23T10:00:00Z')
const seconds = now.getTime() / 1000
const maria = { id: 'citizen-1', name: 'Maria João', role: 'citizen' } as const
const ana = { id: 'op-1', name: 'Ana', role: 'operator' } as const

interface Claims { iss: string; aud: unknown; sub: string; room: string; exp: number; nbf: number; context: { user: Record<string, unknown>; features: Record<string, unknown> } }
/** By hand: what signed it must not be what checks it. */
function open(jwt: string | null): { header: Record<string, unknown>; claims: Claims; signed: string; signature: Buffer } {
  const [header = '', claims = '', signature = ''] = jwt!.split('.')
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as never
  return { header: read(header), claims: read(claims), signed: `${header}.${claims}`, signature: Buffer.from(signature, 'base64url') }
}

test('a token for one’s own Jitsi is what its Prosody takes: HS256, typ, one audience, strings alone', async () => {
  const room = newRoom(own)
  const { header, claims, signed, signature } = open((await passFor(own, room, ana, now)).jwt)
  expect(header).toEqual({ alg: 'HS256', typ: 'JWT' })
  expect(createHmac('sha256', jitsiSecret).update(signed).digest()).toEqual(signature)
  expect(createHmac('sha256', 'another secret').update(signed).digest()).not.toEqual(signature)
  expect(claims).toMatchObject({ iss: 'balcao', aud: 'jitsi', sub: 'video.valeformoso.example', room, nbf: seconds - 10, exp: seconds + 7_200 })
  expect(Object.values({ ...claims.context.user, ...claims.context.features }).every((value) => typeof value === 'string')).toBe(true)
})

test('only the operator is moderator, and nobody may record unless the town has said so', async () => {
  const userOf = async (person: Parameters<typeof passFor>[2], video = own) => open((await passFor(video, 'balcao-x', person, now)).jwt).claims.context
  expect((await userOf(ana)).user).toMatchObject({ id: 'op-1', name: 'Ana', moderator: 'true' })
  expect((await userOf(maria)).user).toMatchObject({ moderator: 'false', affiliation: 'member' })
  expect((await userOf({ ...maria, role: 'guest' })).user).toMatchObject({ moderator: 'false' })
  expect((await userOf(ana)).features.recording).toBe('false')
  expect((await userOf(ana, { ...own, recording: true })).features.recording).toBe('true')
  expect((await userOf(maria, { ...own, recording: true })).features.recording).toBe('false')
})

test('a token for JaaS is signed with RS256 and names its key, with or without the app before it', async () => {
  for (const keyId of ['abc123', 'vpaas-magic-cookie-1/abc123']) {
    const pass = await passFor({ ...jaas, keyId }, 'balcao-x', maria, now)
    const { header, claims, signed, signature } = open(pass.jwt)
    expect(header).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'vpaas-magic-cookie-1/abc123' })
    expect(verify('sha256', Buffer.from(signed), jaasKeys.publicKey, signature)).toBe(true)
    expect(claims).toMatchObject({ iss: 'chat', aud: 'jitsi', sub: 'vpaas-magic-cookie-1', room: 'balcao-x' })
    expect(pass.roomName).toBe('vpaas-magic-cookie-1/balcao-x')
  }
})

test('a second library of tokens accepts ours, and none that is old, early, of another secret, issuer or audience', async () => {
  const at = (offset: number) => ({ clockTimestamp: seconds + offset })
  const forOwn = { algorithms: ['HS256' as const], issuer: 'balcao', audience: 'jitsi', subject: 'video.valeformoso.example', ...at(0) }
  const { jwt } = await passFor(own, 'balcao-x', maria, now)
  expect(jsonwebtoken.verify(jwt!, jitsiSecret, forOwn)).toMatchObject({ room: 'balcao-x', context: { user: { id: 'citizen-1', name: 'Maria João' } } })
  const refused = (given: object, secret = jitsiSecret) => expect(() => jsonwebtoken.verify(jwt!, secret, { ...forOwn, ...given }))
  refused({}, 'another secret').toThrow('invalid signature')
  refused({ algorithms: ['HS512'] }).toThrow('invalid algorithm')
  refused(at(7_200)).toThrow('jwt expired')
  refused(at(-11)).toThrow('jwt not active')
  refused({ issuer: 'outra' }).toThrow('jwt issuer invalid')
  refused({ audience: 'outra' }).toThrow('jwt audience invalid')
  refused({ subject: 'video.outra.example' }).toThrow('jwt subject invalid')

  const { jwt: forJaas } = await passFor(jaas, 'balcao-x', ana, now)
  const wanted = { algorithms: ['RS256' as const], issuer: 'chat', audience: 'jitsi', subject: 'vpaas-magic-cookie-1', ...at(0) }
  expect(jsonwebtoken.verify(forJaas!, jaasKeys.publicKey, wanted)).toMatchObject({ context: { user: { moderator: 'true' } } })
  // With the public key taken for a shared secret, the oldest trick there is.
  expect(() => jsonwebtoken.verify(forJaas!, jaasKeys.publicKey, { ...wanted, algorithms: ['HS256'] })).toThrow('invalid algorithm')
})

test('a public server gets no token', async () => {
  const pass = await passFor({ ...common, mode: 'public', baseUrl: 'https://meet.jit.si' }, 'balcao-x', maria, now)
  expect(pass).toMatchObject({ jwt: null, roomName: 'balcao-x', baseUrl: 'https://meet.jit.si' })
})

test('a room’s name is ASCII, small, and has 160 random bits', () => {
  const rooms = Array.from({ length: 1_000 }, () => newRoom(own))
  expect(rooms.every((room) => /^balcao-[0-9a-f]{40}$/.test(room))).toBe(true)
  expect(new Set(rooms).size).toBe(1_000)
})
