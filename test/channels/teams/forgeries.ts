/** Teams's calls bear a token of the Bot Framework's; what it names must be what the activity says. */

import { createHmac, createPublicKey, type KeyObject } from 'node:crypto'
import { generateKeyPair, type JWK, SignJWT } from 'jose'
import type { Json, Teams } from '../../vendors/teams.ts'
import type { Call, Door } from '../forgery.ts'
import { started } from './start.ts'

const minute = 60_000
const clock = Date.parse('2026-05-28T10:00:00Z')
const now = () => new Date(clock)

export async function teams(): Promise<Door> {
  const { teams, gateway } = await started({ now }, { now })
  const sign = (more: Partial<Parameters<Teams['signer']['sign']>[0]> = {}) =>
    teams.signer.sign({ audience: teams.appId, serviceUrl: teams.serviceUrl, now: now(), ...more })
  const message = (more: Json = {}) => teams.citizen(1).activity({ type: 'message', text: 'a palavra secreta', ...more })
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const call = (authorization: string | undefined, activity: unknown): Call => ({
    headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
    body: JSON.stringify(activity),
  })

  const forgeries: [string, () => Promise<string | undefined>][] = [
    ['no token', async () => undefined],
    ['an empty token', async () => ''],
    ['another scheme', async () => `Basic ${await sign()}`],
    ['no scheme', async () => sign()],
    ['something that is no token', async () => 'Bearer a.b.c'],
    ['the token of another bot', async () => `Bearer ${await sign({ audience: '00000000-0000-4000-8000-00000000dead' })}`],
    ['another issuer', async () => `Bearer ${await sign({ issuer: 'https://sts.windows.net/evil/' })}`],
    ['expired six minutes ago', async () => `Bearer ${await sign({ expiresAt: new Date(clock - 6 * minute), notBefore: new Date(clock - 60 * minute) })}`],
    ['not valid for six minutes', async () => `Bearer ${await sign({ notBefore: new Date(clock + 6 * minute) })}`],
    ['an unknown key', async () => `Bearer ${await sign({ kid: 'key-999' })}`],
    ['a signature with one bit changed', async () => {
      const [header, payload, signature] = (await sign()).split('.')
      const bytes = Buffer.from(signature!, 'base64url')
      bytes[10]! ^= 1
      return `Bearer ${header}.${payload}.${bytes.toString('base64url')}`
    }],
    ['claims changed after signing', async () => {
      const [header, payload, signature] = (await sign({ audience: 'someone-else' })).split('.')
      const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as object
      return `Bearer ${header}.${encode({ ...claims, aud: teams.appId })}.${signature}`
    }],
    ['signed by someone else under our key’s name', async () => {
      const { privateKey } = await generateKeyPair('RS256')
      const token = new SignJWT({ serviceurl: teams.serviceUrl })
        .setProtectedHeader({ alg: 'RS256', kid: teams.signer.kid })
        .setIssuer('https://api.botframework.com')
        .setAudience(teams.appId)
        .setExpirationTime(Math.floor(clock / 1000) + 3_600)
      return `Bearer ${await token.sign(privateKey)}`
    }],
    ['alg none', async () => {
      const [, payload] = (await sign()).split('.')
      return `Bearer ${encode({ alg: 'none', kid: teams.signer.kid })}.${payload}.`
    }],
    ['HS256 with the public key as secret', async () => {
      const [, payload] = (await sign()).split('.')
      const signed = `${encode({ alg: 'HS256', kid: teams.signer.kid })}.${payload}`
      const key: KeyObject = createPublicKey({ key: teams.signer.jwks.keys[0]! as JWK as never, format: 'jwk' })
      const pem = key.export({ type: 'spki', format: 'pem' })
      return `Bearer ${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`
    }],
    ['a token without an end', async () => {
      const token = new SignJWT({ serviceurl: teams.serviceUrl })
        .setProtectedHeader({ alg: 'RS256', kid: teams.signer.kid })
        .setIssuer('https://api.botframework.com')
        .setAudience(teams.appId)
      return `Bearer ${await token.sign(teams.signer.privateKey)}`
    }],
  ]

  // Rightly signed, but …
  const others: [string, () => Promise<[string, unknown]>][] = [
    ['a service URL that the token does not name', async () => [await sign(), message({ serviceUrl: 'https://evil.example/' })]],
    ['no service URL', async () => [await sign(), message({ serviceUrl: '' })]],
    ['no service URL in either', async () => [await sign({ serviceUrl: '' }), message({ serviceUrl: undefined })]],
    ['a service URL that the token names, but which is not Microsoft’s', async () => [
      await sign({ serviceUrl: 'https://evil.example/' }),
      message({ serviceUrl: 'https://evil.example/' }),
    ]],
    ['a foreign tenant', async () => [
      await sign(),
      message({ conversation: { id: 'a:chat-1', conversationType: 'personal', tenantId: '22222222-2222-4222-8222-222222222222' }, channelData: {} }),
    ]],
    ['two tenants, one of them foreign', async () => [
      await sign(),
      message({ channelData: { tenant: { id: '22222222-2222-4222-8222-222222222222' } } }),
    ]],
    ['no tenant', async () => [await sign(), message({ conversation: { id: 'a:chat-1', conversationType: 'personal' }, channelData: {} })]],
    ['for another bot', async () => [await sign(), message({ recipient: { id: '28:00000000-0000-4000-8000-00000000dead' } })]],
    ['from another channel', async () => [await sign(), message({ channelId: 'emulator' })]],
    ['a channel whose tokens the SDK would check elsewhere', async () => [await sign(), message({ channelId: 'AseChannel' })]],
  ]

  return {
    gateway,
    good: call(`Bearer ${await sign()}`, message()),
    secretWords: 'palavra secreta',
    forgeries: [
      ...forgeries.map(([name, authorization]): Door['forgeries'][number] => [name, authorization().then((token) => call(token, message()))]),
      ...others.map(([name, make]): Door['forgeries'][number] => [name, make().then(([token, activity]) => call(`Bearer ${token}`, activity))]),
    ],
    async close() {
      await gateway.close()
      await teams.close()
    },
  }
}
