/** `balcao bot …` as this town has it: its rulebook, its open hours, its stored conversations. */

import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { botCommands, type BotWorld } from '../bot/commands.ts'
import type { StoredConversation } from '../bot/tools/replay.ts'
import { kinds, usualCapabilities } from '../channels/index.ts'
import { loadConfig, type Config } from '../config.ts'
import { parseCalendar } from '../core/calendar-file.ts'
import { formatProblem } from '../core/document.ts'
import { fit } from '../core/fit.ts'
import type { Content, Language } from '../core/model.ts'
import { openPool } from '../core/store/pool.ts'
import type { Db } from '../core/store/schema.ts'
import { openDatabase } from '../database.ts'
import { departmentsAt } from '../town-hall.ts'
import { configFile } from './config-file.ts'

export function botCommand(program: Command): void {
  botCommands(program, async () => {
    const read = await loadConfig(configFile(undefined), kinds)
    if ('problems' in read) throw new Error(read.problems.map(formatProblem).join('\n'))
    return worldOf(read.config)
  })
}

async function worldOf(config: Config): Promise<BotWorld> {
  const calendar = parseCalendar(await readFile(config.calendarFile, 'utf8'), config.calendarFile)
  let close: (() => Promise<void>) | undefined
  return {
    folder: config.bot.folder,
    surroundings: { departments: config.departments.map(({ id }) => id), connections: Object.keys(config.connections) },
    departments: (now) => departmentsAt(config, calendar, now),
    async shownBy(kind) {
      const can = await usualCapabilities(kind)
      return can && ((content) => fit(content, can, ({ name, source }) => name ?? source))
    },
    async* conversations(since) {
      const database = await openDatabase({ url: config.database.url?.reveal(), folder: config.data })
      const pool = openPool(database.url, 1, (error) => console.error(error.message))
      close = async () => {
        await pool.close()
        await database.stop()
      }
      yield* conversationsSince(pool.db, since, config)
    },
    close: async () => close?.(),
  }
}

async function* conversationsSince(db: Db, since: Date, config: Config): AsyncGenerator<StoredConversation> {
  const kindOf = new Map(config.channels.map(({ id, kind }) => [id, kind]))
  const found = await db.selectFrom('conversation').select(['id', 'reference', 'channel_id', 'language'])
    .where('opened_at', '>=', since).orderBy('id').execute()
  for (const { id, reference, channel_id, language } of found) {
    const messages = await db.selectFrom('message').select(['created_at', 'author', 'content'])
      .where('conversation_id', '=', id).where('direction', '<>', 'note').where('author', '<>', 'system').orderBy('seq').execute()
    yield {
      reference,
      channel: kindOf.get(channel_id) ?? 'webchat',
      language: language as Language,
      messages: messages.map(({ created_at, author, content }) => {
        const { text, chosen } = content as Content
        return { at: created_at, by: author as 'citizen' | 'bot' | 'operator', text, ...(chosen === undefined ? {} : { chosen }) }
      }),
    }
  }
}
