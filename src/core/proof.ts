/** Whose is an address that somebody left on the town's page? Nobody's, until whoever reads it says that it was them. */

import { sql } from 'kysely'
import { apply, type World } from './apply.ts'
import { type Joining, moveIdentity, told } from './join.ts'
import type { ConversationId, DeliveryKey, Language, Route } from './model.ts'
import type { Held } from './store/held.ts'
import { lock } from './store/rare.ts'
import type { Db, Trx } from './store/schema.ts'
import type { Town } from './town.ts'

/** After this a claim proves nothing any more. */
export const claimLifeMs = 7 * 86_400_000
/** How often one address is asked within a day, whoever leaves it: the town's mail is nobody's means to pester somebody. */
const mostAsked = 3

/** Asks at each address that was left. An address that is this citizen's already needs no proof. */
export async function askForProof(trx: Trx, held: Held, town: Town, world: World): Promise<void> {
  for (const { channelId, address, route } of held.addresses) {
    const claim = world.newKey()
    const thread = await openThread(trx, held, { channelId, address, route, claim: town.proof && claim, at: world.now })
    if (!thread) continue
    const told = town.addressTaken?.(held.language, address, !thread.unproven)
    if (told) apply(held, { do: 'say', content: told }, { by: 'system' }, world)
    if (!thread.unproven) {
      // There they want their answer.
      Object.assign(held, { threadId: thread.id, channelId })
      continue
    }
    if (!town.proof) continue
    // What the list shows of this conversation is what its people said.
    const { thread: target, preview, previewBy, lastMessageAt } = held
    held.thread = { id: thread.id, channelId, identityId: thread.identityId, address, lastInboundAt: null, optedOut: thread.optedOut }
    apply(held, { do: 'say', content: town.proof(held.language, claim) }, { by: 'system' }, world)
    Object.assign(held, { thread: target, preview, previewBy, lastMessageAt })
  }
}

type Proving = Pick<Joining, 'pool' | 'signals' | 'now'>

interface Opened { id: string; identityId: string; unproven: boolean; optedOut: boolean }

/** undefined: the thread is there already, or this address has been asked often enough. */
async function openThread(trx: Trx, { id, citizenId, language }: Held, { channelId, address, route, claim, at }: {
  channelId: string; address: string; route: Route; claim: DeliveryKey | undefined; at: Date
}): Promise<Opened | undefined> {
  // A person of their own, as if they had written: what they write one day is theirs alone.
  await sql`with p as (
      insert into citizen (language, created_at) select ${language}, ${at}
      where not exists (select from identity where channel_id = ${channelId} and address = ${address}) returning id),
    i as (insert into identity (channel_id, address, citizen_id, email, created_at) select ${channelId}, ${address}, id, ${address}, ${at} from p
      on conflict do nothing returning id)
    select 1 from i`.execute(trx)
  const { rows } = await sql<Opened>`
    with i as (select id, citizen_id <> ${citizenId} as unproven, opted_out_at is not null as opted_out from identity
      where channel_id = ${channelId} and address = ${address} and blocked_at is null)
    insert into thread (conversation_id, identity_id, channel_id, route, unproven, claim, claimed_at)
    select ${id}, i.id, ${channelId}, ${JSON.stringify(route)}::jsonb, i.unproven, case when i.unproven then ${claim ?? null} end, case when i.unproven then ${at}::timestamptz end
    from i where not i.unproven or (${claim !== undefined} and
      (select count(*) from thread t where t.identity_id = i.id and t.claimed_at > ${at}::timestamptz - interval '1 day') < ${mostAsked})
    on conflict do nothing
    returning id::text, identity_id::text as "identityId", unproven, (select opted_out from i) as "optedOut"`.execute(trx)
  return rows[0]
}

export interface Claimed { conversationId: ConversationId; threadId: string; address: string; language: Language; leftAt: Date }

/** undefined: nobody was asked this, or long ago, or it is answered. */
export async function seeClaim(db: Db, claim: string, now: Date): Promise<Claimed | undefined> {
  const { rows } = await sql<Claimed>`
    select t.conversation_id::text as "conversationId", t.id::text as "threadId", i.address, c.language, t.claimed_at as "leftAt"
    from thread t join identity i on i.id = t.identity_id join conversation c on c.id = t.conversation_id
    where t.claim = ${claim} and t.claimed_at > ${new Date(now.getTime() - claimLifeMs)}`.execute(db)
  return rows[0]
}

/** It was them: the conversation goes on at this address. False: as `seeClaim`, or it was answered meanwhile. */
export async function proveAddress(joining: Proving, claim: string): Promise<boolean> {
  return answer(joining, claim, async (trx, held, threadId) => {
    const at = joining.now()
    const { rows: [sides] } = await sql<{ identityId: string; owner: string; ownerIsNew: boolean; onlyWriter: string | null }>`
      select i.id::text as "identityId", i.citizen_id::text as owner,
        not exists (select from conversation c where c.citizen_id = i.citizen_id)
          and not exists (select from identity o where o.citizen_id = i.citizen_id and o.id <> i.id) as "ownerIsNew",
        (select min(o.id)::text from identity o where o.citizen_id = ${held.citizenId} having count(*) = 1) as "onlyWriter"
      from thread t join identity i on i.id = t.identity_id where t.id = ${threadId}`.execute(trx)
    const { identityId, owner, ownerIsNew, onlyWriter } = sides!
    const moving = owner === held.citizenId ? undefined
      : ownerIsNew ? { identity: identityId, from: owner, to: held.citizenId }
        : onlyWriter ? { identity: onlyWriter, from: held.citizenId, to: owner } : 'nobody'
    await sql`update thread set claim = null, unproven = ${moving === 'nobody'} where id = ${threadId}`.execute(trx)
    await sql`insert into activity (conversation_id, author, type, data, at)
      values (${held.id}, 'citizen', 'address-proven', ${JSON.stringify({ joined: moving !== 'nobody' })}::jsonb, ${at})`.execute(trx)
    // Two people of whom we know more than this: an operator looks at them first.
    if (moving === 'nobody') return
    if (moving) {
      await sql`insert into identity_link (identity_id, from_citizen_id, to_citizen_id, proof, at)
        values (${moving.identity}, ${moving.from}, ${moving.to}, 'confirmou pelo próprio endereço', ${at})`.execute(trx)
      await moveIdentity(trx, moving.identity, moving.to, null, 'linked', at)
    }
    // There they wanted their answer.
    await sql`update conversation set thread_id = ${threadId}, channel_id = (select channel_id from thread where id = ${threadId}) where id = ${held.id}`.execute(trx)
  })
}

/** It was somebody else: nothing more goes there. */
export async function refuseAddress(joining: Proving, claim: string): Promise<boolean> {
  return answer(joining, claim, async (trx, held, threadId) => {
    await sql`update thread set claim = null where id = ${threadId}`.execute(trx)
    await sql`insert into activity (conversation_id, author, type, data, at) values (${held.id}, 'citizen', 'address-refused', '{}', ${joining.now()})`.execute(trx)
  })
}

async function answer(joining: Proving, claim: string, work: (trx: Trx, held: Held, threadId: string) => Promise<void>): Promise<boolean> {
  return told(joining.pool, joining.signals, async (trx) => {
    const seen = await seeClaim(trx, claim, joining.now())
    const held = seen && await lock(trx, seen.conversationId)
    const still = held && await trx.selectFrom('thread').select('id').where('id', '=', seen.threadId).where('claim', '=', claim).forUpdate().executeTakeFirst()
    if (!still) return undefined
    await work(trx, held, still.id)
    await sql`update conversation set version = version + 1, changed_at = now() where id = ${held.id}`.execute(trx)
    return [{ conversationId: held.id }]
  })
}
