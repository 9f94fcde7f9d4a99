import { afterAll, beforeAll, expect, test } from 'vitest'
import { password, signIn } from '../harness/browserless.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'

let gateway: Harness

beforeAll(async () => {
  gateway = await startGateway({ channels: {} })
})
afterAll(() => gateway.close())

const tryToSignIn = (email: string, guess: string, headers: Record<string, string> = {}) => fetch(`${gateway.url}/api/auth/sign-in/email`, {
  method: 'POST', headers: { 'content-type': 'application/json', origin: new URL(gateway.url).origin, ...headers }, body: JSON.stringify({ email, password: guess }),
})

test('a session that was signed out opens nothing any more', async () => {
  const ana = await signIn(gateway, 'ana@valeformoso.example')
  expect((await ana.call('GET', '/api/session')).status).toBe(200)
  await ana.call('POST', '/api/auth/sign-out', {})
  expect((await ana.call('GET', '/api/session')).status).toBe(401)
})

test('a new password ends the sessions that the old one opened', async () => {
  const rui = await signIn(gateway, 'rui@valeformoso.example')
  const token = new URL(await gateway.invite('rui@valeformoso.example')).searchParams.get('token')
  const set = await fetch(`${gateway.url}/api/set-password`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-balcao': '1', origin: new URL(gateway.url).origin }, body: JSON.stringify({ token, password: 'outra palavra-passe comprida' }) })
  expect(set.status).toBe(204)
  expect((await rui.call('GET', '/api/session')).status).toBe(401)
  expect((await tryToSignIn('rui@valeformoso.example', password)).status).toBe(401)
})

test('an unknown address and a wrong password are answered alike', async () => {
  const answers = await Promise.all([tryToSignIn('ana@valeformoso.example', 'errada errada errada'), tryToSignIn('ninguem@valeformoso.example', 'errada errada errada')])
  const texts = await Promise.all(answers.map((answer) => answer.text()))
  expect(answers.map(({ status }) => status)).toEqual([401, 401])
  expect(texts[0]).toBe(texts[1])
})

test('nobody signs up by themselves', async () => {
  const answer = await fetch(`${gateway.url}/api/auth/sign-up/email`, {
    method: 'POST', headers: { 'content-type': 'application/json', origin: new URL(gateway.url).origin }, body: JSON.stringify({ email: 'eu@valeformoso.example', password, name: 'Eu' }),
  })
  expect(answer.ok).toBe(false)
})

test('whoever guesses is stopped, also behind addresses that they invent', async () => {
  const statuses: number[] = []
  for (let guess = 0; guess < 15; guess += 1) statuses.push((await tryToSignIn('ana@valeformoso.example', `palavra-passe ${guess}`, { 'x-forwarded-for': `203.0.113.${guess}` })).status)
  expect(statuses).toContain(429)
  expect(statuses.at(-1)).toBe(429)
})

test('behind the town’s own proxy, one who guesses does not keep the others out', async () => {
  const behind = await startGateway({ channels: {}, config: { server: { port: 0, publicUrl: 'http://127.0.0.1:0', trustProxy: 1 } } })
  try {
    await signIn(behind, 'ana@valeformoso.example')
    const from = (address: string, guess: string) => fetch(`${behind.url}/api/auth/sign-in/email`, {
      method: 'POST', headers: { 'content-type': 'application/json', origin: new URL(behind.url).origin, 'x-forwarded-for': `198.51.100.${guess.length}, ${address}` },
      body: JSON.stringify({ email: 'ana@valeformoso.example', password: guess }),
    })
    for (let guess = 0; guess < 12; guess += 1) await from('203.0.113.7', 'x'.repeat(guess + 13))
    expect((await from('203.0.113.7', password)).status).toBe(429)
    expect((await from('203.0.113.8', password)).status).toBe(200)
  } finally {
    await behind.close()
  }
})
