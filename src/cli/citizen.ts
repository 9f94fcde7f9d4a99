/** `balcao citizen …`: what is kept of one person, for when they ask for a copy or to be forgotten. */

import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { sql } from 'kysely'
import type { Config } from '../config.ts'
import type { Db } from '../core/store/schema.ts'
import { readConfig } from './config-file.ts'

export function citizenCommand(program: Command): void {
  const citizen = program.command('citizen').description('one person’s data: find, export, erase')
  const command = (usage: string, description: string) => citizen.command(usage).description(description).option('-c, --config <file>', 'the config file')

  command('find <text>', 'by part of a name, a phone number, an e-mail, a NIF or a reference')
    .action((text: string, { config }: { config?: string }) => inDatabase(config, async (db) => {
      const found = await find(db, text)
      if (found.length === 0) return fail(`nobody is found by "${text}"`)
      for (const { id, name, addresses, conversations } of found) console.log([id, name ?? '—', addresses, `${conversations} conversations`].join('\t'))
    }))

  command('export <id> <folder>', 'write all that is kept of them into a folder: citizen.json, a page to read, their files')
    .action((id: string, folder: string, { config }: { config?: string }) => inDatabase(config, async (db, { municipality, data }) => {
      const [{ collectCitizen }, { citizenPage }, { openFiles }] = await Promise.all([import('../citizen/collect.ts'), import('../citizen/page.ts'), import('../core/files.ts')])
      const files = openFiles(join(data, 'files'))
      const collected = await collectCitizen(db, number(id))
      if (!collected) return fail(`there is no citizen ${id}`)
      const to = resolve(folder)
      await mkdir(join(to, 'files'), { recursive: true, mode: 0o700 })
      await writeFile(join(to, 'citizen.json'), `${JSON.stringify(collected.record, null, 2)}\n`, { mode: 0o600 })
      await writeFile(join(to, 'citizen.html'), citizenPage(collected.record, municipality.name, municipality.timezone), { mode: 0o600 })
      for (const [source, file] of collected.files) await pipeline(files.stream(source), createWriteStream(join(to, file), { mode: 0o600 }))
      await audit(db, 'citizen.exported', id)
      console.log(`${collected.record.conversations.length} conversations and ${collected.files.size} files are in ${to}. Give it to nobody but them.`)
    }))

  command('erase <id>', 'forget them: words, files, names and addresses. What reports count stays; it names nobody')
    .option('--yes', 'do it; without this, only say what would go')
    .action((id: string, { config, yes }: { config?: string; yes?: boolean }) => inDatabase(config, async (db, { data }) => {
      const [{ eraseCitizen }, { openFiles }, { collectCitizen }] = await Promise.all([import('../core/forget.ts'), import('../core/files.ts'), import('../citizen/collect.ts')])
      const collected = await collectCitizen(db, number(id))
      if (!collected) return fail(`there is no citizen ${id}`)
      const { conversations, addresses, citizen: { name } } = collected.record
      if (!yes) {
        console.log(`${name ?? 'Without a name'}: ${conversations.length} conversations, ${addresses.length} addresses, ${collected.files.size} files would go. Nothing has changed; to do it, add --yes.`)
        return
      }
      const erased = await eraseCitizen(db, openFiles(join(data, 'files')), number(id))
      await audit(db, 'citizen.erased', id)
      console.log(`Erased: ${erased?.conversations ?? 0} conversations, ${erased?.files ?? 0} files. Backups made until now still hold them: let them run out.`)
    }))
}

interface Found { id: string; name: string | null; addresses: string; conversations: number }

async function find(db: Db, text: string): Promise<Found[]> {
  const like = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  const { rows } = await sql<Found>`
    select p.id::text, p.name, (select count(*)::int from conversation c where c.citizen_id = p.id) as conversations,
      coalesce((select string_agg(concat_ws(' ', i.channel_id, i.phone, i.email), ', ' order by i.id) from identity i where i.citizen_id = p.id), '') as addresses
    from citizen p
    where without_accents(p.name) like without_accents(${like}) or p.attributes->>'nif' = ${text} or p.attributes->>'email' = lower(${text})
      or exists (select from identity i where i.citizen_id = p.id and (i.phone like ${like} or i.email ilike ${like} or i.address = ${text}))
      or exists (select from conversation c where c.citizen_id = p.id and c.reference = upper(${text}))
    order by p.id desc limit 20`.execute(db)
  return rows
}

function number(id: string): string {
  if (!/^\d{1,18}$/.test(id)) throw new Error(`"${id}" is no citizen’s number: \`balcao citizen find\` prints them`)
  return id
}

/** Who did it is whoever has the terminal. */
async function audit(db: Db, action: string, subject: string): Promise<void> {
  const { audited } = await import('../core/store/audit.ts')
  await audited(db, { operatorId: null, action, subject, at: new Date() })
}

async function inDatabase(file: string | undefined, work: (db: Db, config: Config) => Promise<void>): Promise<void> {
  const config = await readConfig(file)
  if (!config) return
  const { withDatabase } = await import('./with-database.ts')
  await withDatabase(config, ({ db }) => work(db, config))
}

function fail(why: string): void {
  console.error(why)
  process.exitCode = 1
}
