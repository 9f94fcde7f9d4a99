/** What the town may not keep: all of a citizen's on their word, and of everybody what has grown old. */

import { sql } from 'kysely'
import type { Files } from './files.ts'
import { untilNoDeadlock } from './store/again.ts'
import { addressesLeftIn, closedLongAgo, conversationsOf, forgetAttachments, forgetConversations, forgetPayloads, forgetStrangers, stillNamed } from './store/forget.ts'
import type { Db } from './store/schema.ts'

/** In milliseconds. */
export interface Keeping { messages: number; attachments: number; audit: number }

/** Few at a time: citizens who write meanwhile should not notice. */
const batch = 100

/** Forgets what is older than the config allows. Safe in any number of processes, and to be interrupted: the rest is for the next time. */
export async function forgetOld(db: Db, files: Files, now: Date, keeping: Keeping, isStopped: () => boolean = () => false): Promise<{ conversations: number; attachments: number }> {
  const before = (age: number) => new Date(now.getTime() - age)
  const forgotten = { conversations: 0, attachments: 0 }
  for (let full = true; full && !isStopped();) {
    const [count, sources] = await untilNoDeadlock(db, async (trx) => {
      const ids = await closedLongAgo(trx, before(keeping.messages), batch)
      return [ids.length, await forgetConversations(trx, ids)] as const
    })
    await removeFiles(db, files, sources)
    forgotten.conversations += count
    full = count === batch
  }
  for (let full = true; full && !isStopped();) {
    const sources = await untilNoDeadlock(db, (trx) => forgetAttachments(trx, before(keeping.attachments), batch))
    await removeFiles(db, files, sources)
    forgotten.attachments += sources.length
    full = sources.length === batch
  }
  await untilNoDeadlock(db, (trx) => forgetStrangers(trx, { unknownSince: before(keeping.messages) }))
  await db.deleteFrom('audit').where('at', '<', before(keeping.audit)).execute()
  return forgotten
}

export interface Erased { conversations: number; files: number }

/** Erases one citizen: words, files, names, addresses, and what vendors sent of them. undefined: there is nobody with this number. */
export async function eraseCitizen(db: Db, files: Files, citizenId: string): Promise<Erased | undefined> {
  const erased = await untilNoDeadlock(db, async (trx) => {
    const { rows: addresses } = await sql<{ address: string | null }>`
      select unnest(array[i.address, i.phone, i.email]) as address from identity i where i.citizen_id = ${citizenId}`.execute(trx)
    const known = await trx.selectFrom('citizen').select('id').where('id', '=', citizenId).forUpdate().executeTakeFirst()
    if (!known) return undefined
    const ids = await conversationsOf(trx, citizenId)
    const left = await addressesLeftIn(trx, ids)
    const sources = await forgetConversations(trx, ids)
    await forgetPayloads(trx, addresses.flatMap(({ address }) => address ?? []))
    await forgetStrangers(trx, [citizenId, ...left])
    return { ids, sources }
  })
  if (!erased) return undefined
  return { conversations: erased.ids.length, files: await removeFiles(db, files, erased.sources) }
}

/** After the commit: a file that nobody names is harmless, a name without its file is not. */
async function removeFiles(db: Db, files: Files, sources: string[]): Promise<number> {
  const named = await stillNamed(db, sources)
  const gone = [...new Set(sources)].filter((source) => !named.has(source))
  for (const source of gone) await files.remove(source)
  return gone.length
}
