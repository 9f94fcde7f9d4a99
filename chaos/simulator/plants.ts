/** Bugs to plant: each takes one guard away from the outside. A simulator that does not find them proves nothing. */

export interface Plant {
  /** What is taken away. */
  guard: string
  /** Constraints that would stand in for it. */
  setUp?: string[]
  /** Statements as the gateway sends them → as they arrive. */
  rewrite?: (text: string) => string
  fault?: (error: Error & { code?: string }) => Error
  /** It takes a rare moment: the seed from which on a search is short. */
  from?: number
}

/** Fails when the text has changed so that there is nothing left to take away. */
function without(begin: string, part: string, by = ''): (text: string) => string {
  return (text) => {
    if (!text.trimStart().startsWith(begin)) return text
    if (!text.includes(part)) throw new Error(`the planted bug no longer fits: «${part}» is not in «${text.slice(0, 200)}»`)
    return text.replaceAll(part, by)
  }
}

const all = (...each: ((text: string) => string)[]) => (text: string) => each.reduce((done, one) => one(done), text)
const addressLocks = without('select pg_advisory_xact_lock(key) from', 'pg_advisory_xact_lock(key)', 'key')

const further = 'with added as'

export const plants = {
  'dedupe key': {
    guard: 'a vendor’s message is known by its id',
    setUp: ['drop index message_external'],
    rewrite: all(without('with f as materialized', 'm.external_id = e.external', 'false'), without(further, 'm.external_id = e."externalId"', 'false')),
  },
  'second look': {
    guard: 'where a citizen wrote last is looked at again before anything is put there',
    rewrite: without(further, 'conversation.state = any(', '\'waiting\' = any('),
    from: 45,
  },
  'row lock': {
    guard: 'who changes a conversation holds its row',
    rewrite: (text) => (text.trimStart().startsWith('with f as materialized') || text.includes('from conversation where id = $1')
      ? text.replace('for no key update', '') : text),
  },
  'one open conversation': {
    guard: 'a citizen has one open conversation',
    setUp: ['drop index one_open_conversation'],
    rewrite: all(addressLocks, without('with e as materialized (\n  select *, nextval(\'conversation_id_seq\')',
      'on conflict (citizen_id) where state <> \'closed\' and not aside do update set changed_at = now()')),
  },
  'order clause': {
    guard: 'what was said first is sent first',
    rewrite: without('with due as materialized', 'e.seq < q.seq', 'false'),
  },
  lease: {
    guard: 'nobody claims what another is still sending',
    rewrite: without('with due as materialized', 'else $4::float8', 'else $4::float8 * 0'),
  },
  'call forward': {
    guard: 'who leaves the queue calls the next of its thread forward',
    rewrite: without('update delivery n set behind', 'behind = false', 'behind = n.behind'),
  },
  fence: {
    guard: 'who was overtaken changes nothing',
    rewrite: without('with s as (', 'and d.attempt = s.attempt and d.state || \'\' = \'sending\''),
  },
  'durable intent': {
    guard: 'that a message is being sent is written down before it is sent',
    rewrite: all(
      without('with due as materialized', 'set state = \'sending\'', 'set state = \'queued\''),
      without('with s as (', 'and d.state || \'\' = \'sending\'', 'and d.state in (\'queued\', \'sending\')'),
    ),
  },
  'batch fallback': {
    guard: 'a message that cannot be stored does not keep its neighbours out, nor itself for ever',
    fault: (error) => (/^(22|23|54)/.test(error.code ?? '') ? Object.assign(error, { code: '57000' }) : error),
  },
  'receipt lock': {
    guard: 'a receipt and the answer to our own request do not miss each other',
    rewrite: (text) => (text.includes('hashtextextended(name, 11)') ? text.replace('pg_advisory_xact_lock(key)', 'key') : text),
  },
  'act once': {
    guard: 'a click that is sent twice is carried out once',
    setUp: ['alter table act_once drop constraint act_once_pkey', 'drop index message_client'],
    rewrite: without('insert into "act_once"', 'on conflict do nothing'),
  },
} satisfies Record<string, Plant>

export type PlantName = keyof typeof plants
