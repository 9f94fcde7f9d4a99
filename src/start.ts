/** Starts one gateway: database, core, channels, pages, front door; in this order, and ends them in the other. */

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Logger } from 'pino'
import { openApp } from './app.ts'
import { kinds as allKinds } from './channels/index.ts'
import { openDesk } from './call/desk.ts'
import type { Config } from './config.ts'
import type { AnyChannelKind } from './core/channel.ts'
import type { Calendar } from './core/calendar.ts'
import { parseCalendar } from './core/calendar-file.ts'
import { openFiles, signedLinks } from './core/files.ts'
import { type Gateway, openGateway } from './core/gateway.ts'
import type { Attachment, Responder } from './core/model.ts'
import { isMigrated, migrate } from './core/store/migrate.ts'
import type { Step } from './core/receive.ts'
import { openPool } from './core/store/pool.ts'
import { ownKey } from './core/store/settings.ts'
import type { Town } from './core/town.ts'
import { openMetrics } from './metrics.ts'
import { keepFactsFresh } from './numbers/keep-facts.ts'
import { type Channels, openChannels } from './open-channels.ts'
import { readBot, type TownBot, withoutRulebook } from './responder.ts'
import { openServer } from './server.ts'
import { buildTown, watchLoad } from './town-hall.ts'

export interface StartOptions {
  config: Config
  databaseUrl: string
  dataFolder: string
  log: Logger
  /** Those of the product when left out; a test may bring one of its own. */
  kinds?: Record<string, () => Promise<AnyChannelKind>>
  /** Answers in place of the rulebook, for tests of the gateway itself. */
  respond?: Responder
  now?: () => Date
  random?: () => number
  step?: Step
  onQr?: (channelId: string, text: string) => void
}

export interface Running {
  /** http://127.0.0.1:port, whatever the public address is. */
  url: string
  gateway: Gateway
  channels: Channels
  town: () => Town
  /** For the first operator or one who has forgotten: a link that sets a password, once. */
  invite(email: string): Promise<string>
  /** What is wrong with a config that was not taken; admins see it. */
  tellProblems(problems: string[]): Promise<void>
  /** Takes a new config; what did not change goes on untouched. Throws, and changes nothing, when rulebook or calendar will not do. */
  reconfigure(config: Config): Promise<void>
  stop(): Promise<void>
}

export async function start(options: StartOptions): Promise<Running> {
  const { databaseUrl, dataFolder, log, now = () => new Date(), random = Math.random, kinds = allKinds } = options
  let config = options.config
  const migrations = openPool(databaseUrl, 1, (error) => log.warn({ reason: error.message }, 'a database connection was lost'))
  await migrate(migrations.db)
  const [linkKey, authKey] = [await ownKey(migrations.db, 'link-key'), await ownKey(migrations.db, 'auth-key')]
  await migrations.close()

  const files = openFiles(path.join(dataFolder, 'files'))
  const links = signedLinks(linkKey, () => config.server.publicUrl, now)
  const urlOf = (attachment: Attachment) => links.sign(attachment.source, attachment.name ?? '', 7 * 86_400)
  const metrics = openMetrics()
  let calendar = await readCalendar(config)
  let bot = await botOf(config, undefined)
  let problems: string[] = []

  let town: Town
  let channels: Channels
  const desk = openDesk({ config: () => config, gateway: () => gateway, town: () => town, log })
  const gateway: Gateway = await openGateway({
    databaseUrl, files, log, now, random, town: () => town,
    startCalls: desk.startCalls,
    urlOfAttachment: (id) => links.sign(id, '', 3_600),
    counters: metrics.counters,
    rawDays: config.retention.payloads / 86_400_000,
    keeping: () => config.retention,
    closeAfter: () => config.limits.closeAfter,
    connections: () => config.connections,
    assigning: () => new Map(config.departments.flatMap(({ id, assign, capacity }) => (assign === 'manual' ? [] : [[id, { by: assign, capacity }]]))),
    ...(options.step && { step: options.step }),
  })
  const departmentOf = (id: string | null) => config.departments.find((department) => department.id === id)
  const facts = keepFactsFresh({
    db: gateway.pool.db, calendar: () => calendar, calendarOf: (id) => departmentOf(id)?.calendar ?? id,
    targetsOf: (id) => ({ answer: departmentOf(id)?.sla?.firstResponse, resolution: departmentOf(id)?.sla?.resolution }),
  }, log, gateway.isBusy)
  const load = watchLoad(gateway.pool, (error) => log.warn({ reason: error.message }, 'the load of the departments is not known'))
  await load.refresh()
  channels = openChannels({
    kinds, config: () => config, databaseUrl, pool: gateway.pool, receiver: () => gateway.receiver, files, signals: gateway.signals,
    readerFor: gateway.readerFor, urlOf, folder: dataFolder, log, now, random, onChange: gateway.outbox.wake, onQr: options.onQr,
  })
  const rebuild = () => {
    town = buildTown({ config, calendar, respond: bot.respond, survey: bot.survey, channels: channels.all, load, now, linkOf: urlOf })
  }
  rebuild()

  const app = await openApp({ config: () => config, gateway, desk, channels, town: () => town, files, links, metrics, databaseUrl, authKey, log, now, isReady, configProblems: () => problems, bot: () => bot, rereadBot, calendar: () => calendar })
  const door = openServer({
    channels: () => channels.all, rest: app.listener, publicUrl: () => config.server.publicUrl, log, onSignatureFailure: metrics.signatureFailure,
  })
  const port = await door.listen(config.server.port, config.server.listen)
  if (config.server.port === 0) config = { ...config, server: { ...config.server, publicUrl: config.server.publicUrl.replace(/:0$/, `:${port}`) } }
  await channels.apply(config.channels)
  desk.start()
  // Whoever writes in this moment is first told that it arrived.
  const warming = setTimeout(() => void bot.warm(), 500)

  function botOf(wanted: Config, before: TownBot['rulebook']): Promise<TownBot> {
    return options.respond ? Promise.resolve({ ...withoutRulebook, respond: options.respond }) : readBot(wanted, before)
  }

  /** The inbox has written into the rulebook. */
  async function rereadBot(): Promise<void> {
    bot = await botOf(config, bot.rulebook)
    rebuild()
  }

  async function tell(fresh: string[]): Promise<void> {
    problems = fresh
    await gateway.signals.broadcast({ type: 'told', topic: 'config', data: fresh })
  }

  async function isReady(): Promise<boolean> {
    return isMigrated(gateway.pool.db).catch(() => false)
  }

  return {
    url: `http://127.0.0.1:${port}`,
    gateway, channels, town: () => town,
    invite: app.invite,
    async reconfigure(next) {
      const fresh = await readCalendar(next)
      const answering = await botOf(next, bot.rulebook)
      config = { ...next, server: { ...next.server, port: config.server.port } }
      calendar = fresh
      bot = answering
      rebuild()
      await channels.apply(config.channels)
      await tell([])
    },
    tellProblems: tell,
    async stop() {
      clearTimeout(warming)
      app.endStreams()
      const closing = door.close(3_000)
      await channels.close()
      await closing
      load.stop()
      await desk.stop()
      await facts.stop()
      await app.close()
      await gateway.stop()
    },
  }
}

async function readCalendar(config: Config): Promise<Calendar> {
  return parseCalendar(await readFile(config.calendarFile, 'utf8'), config.calendarFile)
}
