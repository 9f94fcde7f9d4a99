/** `balcao start`: the gateway from the first line on the terminal to the last. */

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { kinds } from '../channels/index.ts'
import type { Config } from '../config.ts'
import { watchConfig, watchFiles } from '../config/watch.ts'
import { formatProblem } from '../core/document.ts'
import { openLog } from '../log.ts'
import type { Running } from '../start.ts'
import { configFile, readConfig } from './config-file.ts'
import { welcome } from './welcome.ts'

/** Whoever stopped us waits ten seconds before they kill. */
const stopWithinMs = 9_500

export function startCommand(program: Command): void {
  program.command('start')
    .description('start the gateway')
    .option('-c, --config <file>', 'the config file')
    .option('--demo', 'fill it with invented conversations on all six channels')
    .action(async ({ config, demo }: { config?: string; demo?: boolean }) => run(config, demo ?? false))
}

async function run(given: string | undefined, isDemo: boolean): Promise<void> {
  const read = await readConfig(given)
  if (!read) return
  const [{ openDatabase }, { demoChannelOf, withDemo }] = await Promise.all([import('../database.ts'), import('../demo/demo-channels.ts')])
  const { config, kinds: known } = isDemo ? await withDemo(read) : { config: read, kinds }
  const log = openLog({ level: process.env.LOG_LEVEL, terminal: process.stdout.isTTY === true })
  let isStopping = false
  const stopping = firstSignal(() => {
    isStopping = true
    log.info('stopping')
    // A clean end is better, but being killed in the middle of one is not: what is durable is taken up at the next start.
    setTimeout(() => {
      log.error('did not stop in time')
      process.exit(1)
    }, stopWithinMs).unref()
  })

  const opening = openDatabase({ url: config.database.url?.reveal(), folder: config.data, onTrouble: (what) => log.error(what) })
  // Our own PostgreSQL starts while the rest of the program is read.
  const [database, { start }, { seedDemo }] = await Promise.all([opening, import('../start.ts'), import('../demo/seed.ts')])
  let running: Running | undefined
  try {
    if (!isStopping) running = await start({ config, databaseUrl: database.url, dataFolder: config.data, log, kinds: known, onQr: (id, text) => void printQr(id, text) })
    if (running && !isStopping) {
      if (isDemo) await seedDemo({ gateway: running.gateway, channels: running.channels.all, channelOf: demoChannelOf, now: () => new Date() })
      const unwatch = watch(configFile(given), read, running, log, async (next) => (isDemo ? (await withDemo(next)).config : next))
      for (const line of await welcome(config, running)) console.log(line)
      await stopping
      unwatch()
    }
  } finally {
    await running?.stop()
    await database.stop()
  }
  log.info('stopped')
  // A library may hold a handle for ever; all of ours are closed.
  process.exit(0)
}

/** WhatsApp shows a new one every twenty seconds until the phone has seen it. */
async function printQr(channelId: string, text: string): Promise<void> {
  const { default: qrcode } = await import('qrcode')
  console.log(`\n${channelId}\n${await qrcode.toString(text, { type: 'terminal', small: true })}`)
}

/** A second one ends at once; but npm passes on the Ctrl-C that the terminal has already sent to everyone. */
function firstSignal(heard: () => void): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (first !== undefined && Date.now() - first > 1_000) process.exit(130)
        if (first !== undefined) return
        first = Date.now()
        heard()
        resolve()
      })
    }
  })
}

/** A good change is taken over, a bad one is told; the gateway runs on either way. */
function watch(file: string, first: Config, running: Running, log: ReturnType<typeof openLog>, prepare: (config: Config) => Promise<Config>): () => void {
  let config = first
  const takeOver = async (next: Config) => {
    try {
      await running.reconfigure(await prepare(next))
      config = next
      log.info('the config has changed and is in use')
    } catch (error) {
      refuse([(error as Error).message])
    }
  }
  const refuse = (problems: string[]) => {
    log.error({ problems }, 'the change of the config is not in use; the gateway goes on with what it had')
    void running.tellProblems(problems)
  }
  const ends = [
    watchConfig(file, kinds, (next) => void takeOver(next), (problems) => refuse(problems.map(formatProblem))),
    watchFiles(() => [config.calendarFile, ...rulebookOf(config)], () => takeOver(config)),
  ]
  return () => {
    for (const end of ends) end()
  }
}

function rulebookOf({ bot }: Config): string[] {
  if (!bot.enabled || !existsSync(bot.folder)) return []
  return readdirSync(bot.folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ya?ml$/.test(file)).sort().map((file) => join(bot.folder, file))
}
