/** `balcao doctor`: looks at everything that the gateway leans on, and says how to mend what does not hold. */

import { stat, statfs } from 'node:fs/promises'
import type { Command } from 'commander'
import { kinds } from '../channels/index.ts'
import { loadConfig, type Config } from '../config.ts'
import type { ChannelCheck } from '../core/channel.ts'
import { formatProblem } from '../core/document.ts'
import { inEnglish, printCheck, testChannel } from './channel.ts'
import { configFile } from './config-file.ts'

export function doctorCommand(program: Command): void {
  program.command('doctor')
    .description('check what the gateway needs: config, database, disk, network, channels, video, links')
    .option('-c, --config <file>', 'the config file')
    .action(async (options: { config?: string }) => {
      const checks = await examine(configFile(options.config))
      for (const check of checks) printCheck(check)
      const bad = checks.filter(({ ok }) => !ok).length
      console.log(bad === 0 ? '\nAll is well.' : `\n${bad} of ${checks.length} need a hand.`)
      if (bad > 0) process.exitCode = 1
    })
}

async function examine(file: string): Promise<ChannelCheck[]> {
  const read = await loadConfig(file, kinds)
  if ('problems' in read) {
    return read.problems.map((problem) => ({ name: 'config', ok: false, detail: formatProblem(problem), fix: 'mend the file, then try again' }))
  }
  const { config } = read
  return [
    { name: 'config', ok: true, detail: `${file}, ${config.channels.length} channels, ${config.departments.length} departments` },
    await attempt('database', () => database(config), 'is the server up, and is DATABASE_URL right?'),
    await attempt('disk', () => disk(config), `give more room to ${config.data}`),
    ...await Promise.all(config.readFrom.slice(1).map(secretFile)),
    await attempt('public address', () => publicAddress(config), 'set server.publicUrl to the address under which your web server passes on to this gateway, and start the gateway'),
    ...(config.video ? [await attempt('video', () => reach(`${config.video?.baseUrl}/external_api.js`), 'is video.baseUrl the address of your Jitsi?')] : []),
    ...await Promise.all(Object.entries(config.links).map(([id, { url }]) => attempt(`link ${id}`, () => reach(url), 'mend its url in gateway.yaml'))),
    ...await rulebookLinks(config),
    ...await channels(config),
  ]
}

/** Those that answers send people to. A rulebook that will not do is what `balcao check` is for. */
export async function rulebookLinks({ bot }: Pick<Config, 'bot'>): Promise<ChannelCheck[]> {
  if (!bot.enabled) return []
  const { loadRulebook } = await import('../bot/load.ts')
  const { rulebook } = await loadRulebook(bot.folder)
  return Promise.all(Object.entries(rulebook?.links ?? {}).map(([id, { url }]) => attempt(`link ${id}`, () => reach(url), `mend its url in ${bot.folder}`)))
}

async function attempt(name: string, look: () => Promise<string>, fix: string): Promise<ChannelCheck> {
  try {
    return { name, ok: true, detail: await look() }
  } catch (error) {
    const { message, cause } = error as Error
    return { name, ok: false, detail: cause instanceof Error ? `${message}: ${cause.message}` : message, fix }
  }
}

async function database(config: Config): Promise<string> {
  const [{ withDatabase }, { isMigrated }] = await Promise.all([import('./with-database.ts'), import('../core/store/migrate.ts')])
  return withDatabase(config, async ({ pool, db }) => {
    const { rows } = await pool.query<{ version: string; skew: number }>(
      `select current_setting('server_version') as version, extract(epoch from clock_timestamp()) * 1000 - $1 as skew`, [Date.now()])
    const { version = '', skew = 0 } = rows[0] ?? {}
    if (!await isMigrated(db)) throw new Error('the tables are not those of this version')
    if (Math.abs(skew) > 5_000) throw new Error(`the clocks of the database and of this machine are ${Math.round(skew / 1000)} s apart`)
    return `PostgreSQL ${version}, ${config.database.url ? 'given' : 'our own'}`
  })
}

async function disk(config: Config): Promise<string> {
  const { bavail, bsize } = await statfs(config.data)
  const gigabytes = bavail * bsize / 1e9
  if (gigabytes < 1) throw new Error(`only ${gigabytes.toFixed(1)} GB are free in ${config.data}`)
  return `${gigabytes.toFixed(0)} GB free in ${config.data}`
}

async function secretFile(path: string): Promise<ChannelCheck> {
  const { mode } = await stat(path)
  return { name: 'secret', ok: (mode & 0o004) === 0, detail: `${path} ${mode & 0o004 ? 'can be read by everybody on this machine' : 'is not open to everybody'}`, fix: `chmod 600 ${path}` }
}

async function publicAddress(config: Config): Promise<string> {
  const { publicUrl } = config.server
  const answer = await fetch(`${publicUrl}/livez`, { signal: AbortSignal.timeout(8_000), redirect: 'manual' })
  if (answer.status !== 200) throw new Error(`${publicUrl}/livez answers ${answer.status}`)
  return `${publicUrl} answers`
}

async function reach(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(8_000) })
  await answer.body?.cancel()
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`)
  return `${url} answers`
}

async function channels(config: Config): Promise<ChannelCheck[]> {
  const on = config.channels.filter(({ enabled }) => enabled)
  if (on.length === 0) return [{ name: 'channels', ok: false, detail: 'none is on', fix: 'switch one on in gateway.yaml' }]
  const { withDatabase } = await import('./with-database.ts')
  return (await withDatabase(config, (_, url) => Promise.all(on.map(async (channel) =>
    (await testChannel(channel, config, url)).map(inEnglish).map((check) => ({ ...check, name: check.name === channel.id ? check.name : `${channel.id} ${check.name}` })))))).flat()
}
