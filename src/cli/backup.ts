/** `balcao backup` and `balcao restore`: everything that the gateway keeps, in a folder that can be copied anywhere. */

import { existsSync } from 'node:fs'
import { cp, mkdir, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import type { Config } from '../config.ts'
import { readConfig } from './config-file.ts'
import type { withDatabase } from './with-database.ts'

export function backupCommands(program: Command): void {
  program.command('backup <folder>')
    .description('copy database and attachments into a folder; the gateway may go on meanwhile')
    .option('-c, --config <file>', 'the config file')
    .action(async (folder: string, options: { config?: string }) => {
      const config = await readConfig(options.config)
      if (!config) return
      const at = placesIn(folder)
      await mkdir(resolve(folder), { recursive: true, mode: 0o700 })
      const rows = await inDatabase(config, async ({ pool }) => (await import('../database/dump.ts')).dumpDatabase(pool, at.database))
      // After the database: a row never names a file that the backup lacks.
      const files = await copyNew(filesOf(config), at.files)
      console.log(`${rows} rows and ${files} new files are in ${resolve(folder)}. config/ is yours to keep beside it.`)
    })

  program.command('restore <folder>')
    .description('put a backup into an empty database; nothing is sent until `balcao unmute`')
    .option('-c, --config <file>', 'the config file')
    .action(async (folder: string, options: { config?: string }) => {
      const config = await readConfig(options.config)
      if (!config) return
      const at = placesIn(folder)
      if (!existsSync(at.database)) throw new Error(`${at.database} is not there: is this a backup?`)
      const files = await copyNew(at.files, filesOf(config))
      const rows = await inDatabase(config, async ({ pool }) => (await import('../database/load-dump.ts')).loadDump(pool, at.database))
      console.log(`${rows} rows and ${files} files are back. The gateway is muted: it takes messages in and sends none.`)
      console.log('Look at what is still queued in the inbox, then let it speak: balcao unmute')
    })

  program.command('unmute')
    .description('lets a restored gateway send again')
    .option('-c, --config <file>', 'the config file')
    .action(async (options: { config?: string }) => {
      const config = await readConfig(options.config)
      if (!config) return
      await inDatabase(config, async ({ db }) => {
        await db.deleteFrom('setting').where('name', '=', 'muted').execute()
      })
      console.log('The gateway sends again.')
    })
}

/** Loads the database's library when it is wanted: `--help` should not wait for it. */
const inDatabase: typeof withDatabase = async (config, work) => (await import('./with-database.ts')).withDatabase(config, work)

const placesIn = (folder: string) => ({ database: join(resolve(folder), 'database.jsonl.gz'), files: join(resolve(folder), 'files') })

const filesOf = (config: Config) => join(config.data, 'files')

/** Files are named by what is in them: one that is there already is the same. */
async function copyNew(from: string, to: string): Promise<number> {
  if (!existsSync(from)) return 0
  await mkdir(to, { recursive: true, mode: 0o700 })
  let copied = 0
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    const source = join(entry.parentPath, entry.name)
    const target = join(to, source.slice(from.length))
    if (!entry.isFile() || existsSync(target)) continue
    await cp(source, target)
    copied += 1
  }
  return copied
}
