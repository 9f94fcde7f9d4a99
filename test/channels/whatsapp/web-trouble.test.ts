/** What can go wrong with a linked device, and what the admin is told. Each test has a browser of its own. */

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import { maria } from '../../vendors/whatsapp-page/server.ts'
import { until } from './host.ts'
import { browsersOf, generous, webSetup, type WebSetup } from './web-setup.ts'

let setup: WebSetup
afterEach(() => setup.close(), generous)

const route = { chat: maria.phone }
const limit = 120_000

test(
  'logged out by the phone: told with what to do, forgotten on disk, and a new code shown',
  async () => {
    setup = await webSetup()
    await setup.pair()
    setup.phone.logout()
    const state = await until(
      'a new code',
      () => setup.memory.states.at(-1)?.qr && setup.memory.states.at(-1),
      generous,
    )
    expect(state).toMatchObject({
      status: 'needs-attention',
      reason: { pt: expect.stringContaining('terminou a sessão') as string },
    })
    expect(existsSync(join(setup.folder, 'session.sealed'))).toBe(false)
    await setup.pair()
    await setup.say({ text: 'de novo' }, route)
    expect(setup.phone.ledger).toHaveLength(1)
  },
  limit,
)

test.each([
  ['TOS_BLOCK', 'bloqueou este número'],
  ['CONFLICT', 'noutro sítio'],
  ['DEPRECATED_VERSION', 'versão da página'],
])(
  '%s is told to the admin, and not hammered at',
  async (state, words) => {
    setup = await webSetup()
    await setup.pair()
    setup.phone.news({ do: 'state', state })
    const told = await until(
      'the news',
      () =>
        setup.memory.states.find(({ status, reason }) => status === 'needs-attention' && reason?.pt.includes(words)),
      generous,
    )
    expect(told).toMatchObject({ status: 'needs-attention' })
    await until('the browser to be gone', () => browsersOf(setup).length === 0, generous)
    expect(setup.memory.states.at(-1)).toEqual(told)
  },
  limit,
)

test(
  'another key does not open the session, says so, and leaves it as it is',
  async () => {
    setup = await webSetup()
    await setup.pair()
    await setup.connection.close()
    const sealed = readFileSync(join(setup.folder, 'session.sealed'))
    await setup.connect({ encryptionKey: new Secret('outra chave') })
    await until('the refusal', () => setup.memory.states.at(-1)?.status === 'needs-attention', generous)
    expect(setup.memory.states.at(-1)?.reason?.pt).toContain('encryptionKey')
    await setup.connection.close()
    expect(readFileSync(join(setup.folder, 'session.sealed')).equals(sealed)).toBe(true)
    await setup.connect()
    await setup.online()
  },
  limit,
)

test(
  'messages wait, in order, while the database is away',
  async () => {
    setup = await webSetup()
    await setup.pair()
    setup.memory.broken = true
    for (const body of ['um', 'dois', 'três']) setup.phone.says(maria, { body })
    await until('a first try', () => setup.memory.log.some((line) => line.includes('could not store')))
    setup.memory.broken = false
    const all = await setup.event('message.received', 3)
    expect(all.map(({ content }) => content.text)).toEqual(['um', 'dois', 'três'])
  },
  limit,
)

test(
  'no more than perDay messages a day, over restarts, and not faster than perSecond',
  async () => {
    setup = await webSetup({ perDay: 3, perSecond: 2 })
    await setup.pair()
    const started = performance.now()
    await Promise.all([1, 2].map((i) => setup.say({ text: `mensagem ${i}` }, route)))
    await setup.say({ text: 'mensagem 3' }, route)
    expect(performance.now() - started).toBeGreaterThan(950)
    await setup.connection.close()
    await setup.connect()
    await setup.online()
    const refused = await setup.say({ text: 'uma a mais' }, route).catch((error: unknown) => error)
    expect(refused).toMatchObject({ reason: 'throttled', retryAfterMs: expect.any(Number) as number })
    expect(setup.phone.ledger).toHaveLength(3)
  },
  limit,
)

test(
  'no browser on the machine: said, not thrown',
  async () => {
    setup = await webSetup({ executablePath: '/nonexistent/chromium' })
    // Who has said nothing by now is taken to be connected.
    expect(setup.memory.states[0]).toEqual({ status: 'connecting' })
    await until('the news', () => setup.memory.states.at(-1)?.reason?.pt.includes('Chromium'), generous)
    await expect(setup.say({ text: 'x' }, route)).rejects.toMatchObject({ reason: 'unreachable' })
    expect(await setup.connection.check?.()).toMatchObject([
      { name: { pt: 'navegador', en: 'browser' }, ok: false },
      { ok: false },
      { name: { pt: 'risco', en: 'risk' } },
    ])
  },
  limit,
)

test(
  'checks name the browser and the device',
  async () => {
    setup = await webSetup()
    await setup.pair()
    expect(await setup.connection.check?.()).toMatchObject([
      { ok: true },
      { ok: true, detail: { pt: `ligado como ${setup.phone.me.phone}`, en: `connected as ${setup.phone.me.phone}` } },
      { detail: { en: expect.stringContaining('ban') as string } },
    ])
    expect(execFileSync('ps', ['-o', 'args=', '-p', String(browsersOf(setup)[0])]).toString()).toContain(setup.folder)
  },
  limit,
)
