/** A linked device over its life: paired, away, killed, back. Each test has a browser of its own. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { maria, rui } from '../../vendors/whatsapp-page/server.ts'
import { until } from './host.ts'
import { browsersOf, generous, webSetup, type WebSetup } from './web-setup.ts'

let setup: WebSetup
afterEach(() => setup.close(), generous)

const route = { chat: maria.phone }
const limit = 120_000

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

    expect(setup.memory.states.at(-1)).toEqual({ status: 'closed' })
    expect(browsersOf(setup)).toEqual([])
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
    expect(setup.memory.states.some(({ gapSince }) => gapSince)).toBe(false)
  },
  limit,
)

test(
  'what comes while what was missed is still being read is stored behind it',
  async () => {
    setup = await webSetup()
    await setup.pair()
    await setup.connection.close()
    const t = Math.floor(Date.now() / 1000)
    setup.memory.cursor = { ...(setup.memory.cursor as object), from: t - 3600, since: t - 3000 }
    for (let nth = 1; nth <= 400; nth++) setup.phone.says(maria, { body: `perdida ${nth}`, t: t - 2_000 + nth })

    await setup.connect()
    await setup.online()
    for (let nth = 1; nth <= 5; nth++) setup.phone.says(maria, { body: `agora ${nth}` })
    const texts = async () => [...new Set((await setup.event('message.received', 405)).map(({ content }) => content.text))]
    await until('all of them', async () => (await texts()).length === 405, generous)
    expect(await texts()).toEqual([
      ...Array.from({ length: 400 }, (_none, index) => `perdida ${index + 1}`),
      ...Array.from({ length: 5 }, (_none, index) => `agora ${index + 1}`),
    ])
  },
  limit,
)

test(
  'more was missed than the phone gives back: what it gives is read once each, and the gap is told with its beginning',
  async () => {
    setup = await webSetup()
    await setup.pair()
    await setup.connection.close()
    const t = Math.floor(Date.now() / 1000)
    setup.memory.cursor = { ...(setup.memory.cursor as object), from: t - 7200, since: t - 3600 }
    // In one conversation the phone is asked for a thousand messages at most.
    for (let nth = 1; nth <= 1_003; nth++) setup.phone.says(maria, { body: `perdida ${nth}`, t: t - 3_000 + nth })
    setup.phone.says(rui, { body: 'só esta', t: t - 300 })

    await setup.connect()
    await until('the gap to be told', () => setup.memory.states.some(({ gapSince }) => gapSince), generous)
    const read = await setup.event('message.received', 1_001)
    expect(setup.memory.states.filter(({ gapSince }) => gapSince)[0]).toEqual({
      status: 'connected',
      gapSince: new Date((t - 3600) * 1000),
    })
    const texts = read.map(({ content }) => content.text)
    expect(texts.filter((text) => text !== 'só esta')).toEqual(
      Array.from({ length: 1_000 }, (_none, index) => `perdida ${index + 4}`),
    )
    expect(texts.filter((text) => text === 'só esta')).toHaveLength(1)
    expect(read.every(({ recovered }) => recovered)).toBe(true)
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
    for (const pid of browsersOf(setup)) process.kill(pid, 'SIGKILL')
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
    // As the library does with 'auth timeout', once the device listens for it. Only the first device is started with it.
    const thrown = "const wait=setInterval(()=>{if(process.listenerCount('unhandledRejection')){clearInterval(wait);Promise.reject('auth timeout')}},50)"
    process.env.NODE_OPTIONS = `--import "data:text/javascript,${thrown}"`
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
    expect(browsersOf(setup)).toHaveLength(1)
    gateway.kill('SIGKILL')
    await until('the browser to go', () => browsersOf(setup).length === 0, generous)
    expect(existsSync(join(setup.folder, 'session'))).toBe(true)
    await setup.connect()
    await setup.online()
    expect(setup.memory.states.some(({ qr }) => qr)).toBe(false)
  },
  limit,
)
