/** A whole gateway for tests: real database, real sockets, the real way from config to front door. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { stringify } from 'yaml'
import { kinds as productKinds } from '../../src/channels/index.ts'
import { type Config, loadConfig } from '../../src/config.ts'
import type { AnyChannelKind } from '../../src/core/channel.ts'
import type { Operator, Responder } from '../../src/core/model.ts'
import type { Step } from '../../src/core/receive.ts'
import { type Running, start } from '../../src/start.ts'
import { freshDatabase } from '../database.ts'

export interface HarnessOptions {
  /** As in config/gateway.yaml; secrets as { env: NAME } with `env` below. */
  channels: Record<string, { kind: string } & Record<string, unknown>>
  env?: Record<string, string>
  /** Further keys of gateway.yaml: limits, video, connections … */
  config?: Record<string, unknown>
  /** Further keys of calendar.yaml; open day and night without. */
  calendar?: Record<string, unknown>
  kinds?: Record<string, AnyChannelKind>
  /** In place of the sample rulebook. */
  respond?: Responder
  now?: () => Date
  random?: () => number
  /** Share one database between several gateways: N processes in one. */
  databaseUrl?: string
  /** Outlives this gateway; of its own when left out. */
  dataFolder?: string
  log?: boolean
  /** A last change of the config that was read. */
  change?: (config: Config) => Promise<{ config: Config; kinds: Record<string, () => Promise<AnyChannelKind>> }>
  step?: Step
}

export interface Harness extends Running {
  databaseUrl: string
  /** Adds an operator straight to the database; sign-in is not needed for `gateway.act`. */
  operator(given?: Partial<Operator>): Promise<Operator>
  /** Waits for a condition by asking again; fails with `what` after 15 s. */
  until<T>(what: string, ask: () => Promise<T | undefined | false | null> | T | undefined | false | null): Promise<T>
  close(): Promise<void>
}

export async function startGateway(options: HarnessOptions): Promise<Harness> {
  const folder = options.dataFolder ?? await mkdtemp(path.join(tmpdir(), 'balcao-gateway-'))
  const own = options.databaseUrl ? undefined : await freshDatabase()
  const databaseUrl = options.databaseUrl ?? own!.url
  const calendar = path.join(folder, 'calendar.yaml')
  await writeFile(calendar, stringify({ version: 1, timezone: 'Europe/Lisbon', holidays: { national: false }, hours: everyDay(), ...options.calendar }))
  const file = path.join(folder, 'gateway.yaml')
  await writeFile(file, stringify({
    version: 1,
    municipality: { name: 'Município de Vale Formoso', contact: {}, privacy: { dpo: 'epd@valeformoso.example' } },
    server: { port: 0, publicUrl: 'http://127.0.0.1:0' },
    calendar,
    bot: { folder: path.resolve('config/bot') },
    departments: { geral: { name: { pt: 'Geral', en: 'General' } }, aguas: { name: { pt: 'Águas', en: 'Water' } }, urbanismo: { name: { pt: 'Urbanismo', en: 'Planning' } }, ambiente: { name: { pt: 'Ambiente', en: 'Environment' } }, social: { name: { pt: 'Ação Social', en: 'Social care' } } },
    channels: options.channels,
    ...options.config,
  }))
  const kinds = { ...productKinds, ...Object.fromEntries(Object.entries(options.kinds ?? {}).map(([name, kind]) => [name, async () => kind])) }
  const read = await loadConfig(file, kinds, { env: { ...options.env } })
  if (!('config' in read)) throw new Error(read.problems.map(({ path: at, message }) => `${at}: ${message}`).join('\n'))
  const { config, kinds: known } = options.change ? await options.change(read.config) : { config: read.config, kinds }
  const running = await start({
    config, databaseUrl, dataFolder: folder, kinds: known, log: pino({ level: options.log ? 'debug' : 'silent' }),
    ...(options.respond && { respond: options.respond }), ...(options.now && { now: options.now }), ...(options.random && { random: options.random }), ...(options.step && { step: options.step }),
  })
  let operators = 0
  return {
    ...running,
    databaseUrl,
    async operator(given = {}) {
      operators += 1
      const operator: Operator = { id: `op-${operators}-${process.hrtime.bigint()}`, name: `Operadora ${operators}`, email: `op${operators}.${process.hrtime.bigint()}@valeformoso.example`, role: 'operator', departments: ['geral'], ...given }
      const { departments, ...row } = operator
      await running.gateway.pool.db.insertInto('operator').values({ ...row, departments, presence: 'online', seen_at: new Date() }).execute()
      return operator
    },
    until,
    async close() {
      await running.stop()
      await own?.drop()
      if (!options.dataFolder) await rm(folder, { recursive: true, force: true })
    },
  }
}

function everyDay(): Record<string, string[]> {
  return { 'mon-sun': ['00:00-24:00'] }
}

export async function until<T>(what: string, ask: () => Promise<T | undefined | false | null> | T | undefined | false | null): Promise<T> {
  const deadline = Date.now() + 15_000
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (Date.now() > deadline) throw new Error(`waited 15 s for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
