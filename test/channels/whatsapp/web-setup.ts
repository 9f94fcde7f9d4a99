/** One number by a linked device: the real library and a real browser, against a stand-in for WhatsApp's page. */

import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { whatsapp } from '../../../src/channels/whatsapp/index.ts'
import type { Connection } from '../../../src/core/channel.ts'
import type { Content, InboundEvent, Route } from '../../../src/core/model.ts'
import { Secret } from '../../../src/core/secret.ts'
import { findChromium } from '../../vendors/browser.ts'
import { startWhatsappPage, type WhatsappPage } from '../../vendors/whatsapp-page/server.ts'
import { memoryHost, until, type MemoryHost } from './host.ts'

export interface WebSetup {
  phone: WhatsappPage
  memory: MemoryHost
  connection: Connection<unknown>
  folder: string
  config: unknown
  connect(config?: object): Promise<void>
  /** Connected now, after whatever was said before. */
  online(): Promise<void>
  pair(): Promise<void>
  say(content: Content, route: Route, key?: string, ms?: number): Promise<{ externalId?: string }>
  render(content: Content, route: Route): unknown
  event<T extends InboundEvent['type']>(type: T, count?: number): Promise<Extract<InboundEvent, { type: T }>[]>
  close(): Promise<void>
}

export const generous = 60_000

export async function webSetup(options: object = {}): Promise<WebSetup> {
  const [phone, browser] = await Promise.all([startWhatsappPage(), findChromium()])
  const folder = await mkdtemp(join(tmpdir(), 'whatsapp-web-'))
  const memory = memoryHost(whatsapp, { folder: join(folder, 'channel') })
  const base = {
    provider: 'web',
    acceptRiskOfBan: true,
    encryptionKey: new Secret('uma chave comprida'),
    executablePath: browser.executablePath,
    browserArguments: [...browser.args, ...phone.browserArguments],
    page: phone.page,
    perSecond: 5,
    watchdogSeconds: 1,
    ...options,
  }
  let count = 0
  const setup: WebSetup = {
    phone,
    memory,
    folder: join(folder, 'channel'),
    config: undefined,
    connection: undefined as unknown as Connection<unknown>,
    async connect(config = {}) {
      setup.config = whatsapp.config.parse({ ...base, ...config })
      memory.states.length = 0
      setup.connection = await whatsapp.connect(setup.config, memory.host)
    },
    async online() {
      await until('connected', () => memory.states.at(-1)?.status === 'connected', generous)
    },
    async pair() {
      await until('a QR code', () => memory.states.at(-1)?.qr, generous)
      phone.scan()
      await setup.online()
    },
    render: (content, route) => whatsapp.render(content, route, setup.config),
    say: (content, route, key = `d-${++count}`, ms = 30_000) =>
      setup.connection.send(setup.render(content, route), { key, attempt: 1, signal: AbortSignal.timeout(ms) }),
    async event(type, least = 1) {
      const all = () => memory.events.filter((event) => event.type === type) as never[]
      return until(`${least} × ${type}`, () => all().length >= least && all(), generous)
    },
    async close() {
      await setup.connection.close()
      await phone.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
  await setup.connect()
  return setup
}

/** Browsers that run on this setup's profile. */
export function browsersOf(setup: WebSetup): number[] {
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
