/** A linked device over its life: paired, restarted, killed, logged out. Each test has a browser of its own. */

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import { maria, rui } from '../../vendors/whatsapp-page/server.ts'
import { until } from './host.ts'
import { generous, webSetup, type WebSetup } from './web-setup.ts'

let setup: WebSetup
afterEach(() => setup.close(), generous)

const route = { chat: maria.phone }
const limit = 120_000

/** Browsers that run on this setup's profile. */
function browsers(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        return command.includes(join(setup.folder, 'session')) && !command.includes('--type=')
      } catch {
        return false
      }
    })
}

test(
  'paired by its code, which changes; closed, nothing of the session is readable; opened again without a code',
  async () => {
    setup = await webSetup()
    setup.phone.says(maria, { body: 'de antes de associar', t: Math.floor(Date.now() / 1000) - 100 })
    const first = await until('a QR code', () => setup.memory.states.at(-1)?.qr, generous)
    setup.phone.rotateQr()
    await until(
      'the next code',
      () => setup.memory.states.at(-1)?.qr !== first && setup.memory.states.at(-1)?.qr,
      generous,
    )
    expect(setup.memory.states.at(-1)).toMatchObject({
      status: 'needs-attention',
      reason: { pt: expect.stringContaining('Dispositivos associados') as string },
    })
    setup.phone.scan()
    await setup.online()
    const device = setup.phone.paired ?? ''
    await setup.connection.close()

    expect(browsers()).toEqual([])
    expect(readdirSync(setup.folder)).toEqual(['session.sealed'])
    expect(readFileSync(join(setup.folder, 'session.sealed')).includes(device)).toBe(false)
    expect(statSync(join(setup.folder, 'session.sealed')).mode & 0o077).toBe(0)

    await setup.connect()
    await setup.online()
    expect(setup.memory.states.some(({ qr }) => qr)).toBe(false)
    expect(setup.phone.paired).toBe(device)
    setup.phone.says(maria, { body: 'a primeira' })
    const all = await setup.event('message.received')
    expect(all.map(({ content }) => content.text)).toEqual(['a primeira'])
  },
  limit,
)

test(
  'what came while we were away is read on return, once, in order, and marked; also what was answered by phone',
  async () => {
    setup = await webSetup()
    await setup.pair()
    const t = Math.floor(Date.now() / 1000)
    const heard = setup.phone.says(maria, { body: 'antes' })
    await setup.event('message.received')
    await setup.connection.close()
    expect(setup.memory.cursor).toMatchObject({ paired: setup.phone.me.phone, since: heard.t })
    setup.memory.cursor = { ...(setup.memory.cursor as object), from: t - 3600, since: t - 310 }
    setup.phone.says(maria, { body: 'enquanto estavam fora', t: t - 300 })
    setup.phone.says(rui, { body: 'eu também', t: t - 290 })
    setup.phone.typesOnPhone(rui, 'respondi do telemóvel')
    setup.phone.says('120363025246125888@g.us', { body: 'no grupo' })
    setup.phone.says(maria, { body: 'de há muito tempo', t: t - 24 * 3600 })

    await setup.connect()
    await setup.online()
    const all = await setup.event('message.received', 3)
    await setup.event('message.echoed')
    expect(all.map(({ content, recovered }) => [content.text, recovered ?? false])).toEqual([
      ['antes', false],
      ['enquanto estavam fora', true],
      ['eu também', true],
    ])
    expect(all[0]?.externalId).toBe(`in:${heard.stanza}`)
  },
  limit,
)

test(
  'a message whose event got lost in the page is found by looking back',
  async () => {
    setup = await webSetup()
    await setup.pair()
    const lost = setup.phone.says(maria, { body: 'perdida' }, { unheard: true })
    setup.phone.news({ do: 'learn', message: lost })
    const [found] = await setup.event('message.received')
    expect(found).toMatchObject({ externalId: `in:${lost.stanza}`, content: { text: 'perdida' } })
  },
  limit,
)

test(
  'a browser that is killed comes back by itself, without a code, and messages go on',
  async () => {
    setup = await webSetup()
    await setup.pair()
    setup.memory.states.length = 0
    for (const pid of browsers()) process.kill(pid, 'SIGKILL')
    await until('the end', () => setup.memory.states.at(-1)?.status === 'degraded', generous)
    await expect(setup.say({ text: 'agora não' }, route)).rejects.toMatchObject({ reason: 'unreachable' })
    await setup.online()
    setup.phone.says(maria, { body: 'voltaram?' })
    await setup.event('message.received')
    await setup.say({ text: 'voltámos' }, route)
    expect(setup.phone.ledger).toMatchObject([{ body: 'voltámos' }])
    expect(setup.memory.states.some(({ qr }) => qr)).toBe(false)
  },
  limit,
)

test(
  'a page that hangs is noticed by the watchdog',
  async () => {
    setup = await webSetup()
    await setup.pair()
    setup.phone.news({ do: 'hang' })
    await until('the restart', () => setup.memory.states.at(-1)?.status === 'degraded', generous)
    await setup.online()
  },
  limit,
)

test(
  'a bare string that is thrown at nobody ends the device, not the gateway',
  async () => {
    // As the library does with 'auth timeout'. Only the first device is started with it.
    process.env.NODE_OPTIONS = `--import "data:text/javascript,setTimeout(() => Promise.reject('auth timeout'), 1500)"`
    try {
      setup = await webSetup()
      const line = await until(
        'the end',
        () => setup.memory.log.find((one) => one.includes('the device stopped')),
        generous,
      )
      expect(line).toContain('auth timeout')
    } finally {
      delete process.env.NODE_OPTIONS
    }
    await setup.pair()
  },
  limit,
)

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
    await until('the browser to be gone', () => browsers().length === 0, generous)
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
    await until('the news', () => setup.memory.states.at(-1)?.reason?.pt.includes('Chromium'), generous)
    await expect(setup.say({ text: 'x' }, route)).rejects.toMatchObject({ reason: 'unreachable' })
    expect(await setup.connection.check?.()).toMatchObject([
      { name: 'browser', ok: false },
      { ok: false },
      { name: 'risk' },
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
      { ok: true, detail: `connected as ${setup.phone.me.phone}` },
      { detail: expect.stringContaining('ban') as string },
    ])
    expect(execFileSync('ps', ['-o', 'args=', '-p', String(browsers()[0])]).toString()).toContain(setup.folder)
  },
  limit,
)

test(
  'when the gateway is killed, no browser stays behind, and the next one starts on the same session',
  async () => {
    setup = await webSetup()
    await setup.pair()
    await setup.connection.close()
    const script = join(import.meta.dirname, 'web-killed-process.ts')
    const gateway = spawn(process.execPath, ['--import', 'tsx', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        ...process.env,
        SETUP: JSON.stringify({ folder: setup.folder, page: setup.phone.page, cursor: setup.memory.cursor }),
      },
    })
    gateway.stdin.end()
    await once(gateway.stdout, 'data')
    expect(browsers()).toHaveLength(1)
    gateway.kill('SIGKILL')
    await until('the browser to go', () => browsers().length === 0, generous)
    expect(existsSync(join(setup.folder, 'session'))).toBe(true)
    await setup.connect()
    await setup.online()
    expect(setup.memory.states.some(({ qr }) => qr)).toBe(false)
  },
  limit,
)
