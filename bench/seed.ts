/** Fills a database with conversations by SQL alone: the same for the same seed and size. */

import pg from 'pg'

/** Words by how common they are; the first is in nearly every message. */
export const words = { common: 'água', usual: 'fatura', seldom: 'monos', rare: 'palavrarara' }

export async function seedInbox(url: string, conversations: number, each: number, seed: number): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const run = (text: string) => client.query(text)
  try {
    await run(`set work_mem = '64MB'; set maintenance_work_mem = '256MB'; set session_replication_role = replica`)
    await run(`insert into citizen (id, name) select n, 'Munícipe ' || n from generate_series(1, ${conversations}) n`)
    await run(`insert into identity (id, channel_id, address, citizen_id, phone) select n, 'whatsapp', '+3519' || lpad(n::text, 8, '0'), n, '+3519' || lpad(n::text, 8, '0') from generate_series(1, ${conversations}) n`)
    await run(`insert into conversation (id, reference, citizen_id, state, operator_id, department_id, wake_at, waiting_since, closed_at, channel_id, thread_id, last_seq, last_inbound_seq, preview, opened_at, last_message_at, listed_at, changed_at, unanswered)
      select n, 'BAL-2026-' || lpad(n::text, 7, '0'), n, state, case when state = 'assigned' then 'op-' || n / 10 % 40 end, (array['geral','aguas','urbanismo','ambiente','social'])[1 + n % 5],
        case when state = 'snoozed' then at + interval '5 years' end, case when state = 'waiting' then at end, case when state = 'closed' then at end, 'whatsapp', n, ${each}, ${each}, 'A fatura da água veio alta', at - interval '1 day', at, at, at, state = 'waiting'
      from (select n, (array['bot','waiting','assigned','snoozed','closed','closed','closed','closed','closed','closed'])[1 + (n * 7 + ${seed}) % 10] as state,
        now() - n * interval '2 minutes' - interval '1 hour' as at from generate_series(1, ${conversations}) n) c`)
    await run(`insert into thread (id, conversation_id, identity_id, channel_id, route) select n, n, n, 'whatsapp', '{}' from generate_series(1, ${conversations}) n`)
    await run(`create temp table said as select k, 'A fatura da água número ' || k || case when k % 10 < 7 then ' veio muito alta, podem ver o que se passa?' else ' já está paga, obrigado' end
      || case when k = 3 then ' E a recolha dos monos?' else '' end as text from generate_series(0, 999) k`)
    await run(`create temp table worded as select k, text, jsonb_build_object('text', text) as content, to_tsvector('portuguese', without_accents(text)) as words from said`)
    await withoutIndexes(client, 'message', () => run(`insert into message (id, conversation_id, seq, thread_id, channel_id, direction, author, content, external_id, created_at, stored_at)
      select (n - 1) * ${each} + s, n, s, n, 'whatsapp', case when s % 2 = 1 then 'in' else 'out' end, case when s % 2 = 1 then 'citizen' else 'bot' end, w.content,
        case when s % 2 = 1 then n || '.' || s end, now() - n * interval '2 minutes' - interval '1 hour' - (${each} - s) * interval '1 hour', now() - interval '1 day'
      from generate_series(1, ${conversations}) n, generate_series(1, ${each}) s, worded w where w.k = (n * 31 + s * 17 + ${seed}) % 1000`))
    await withoutIndexes(client, 'message_search', () => run(`insert into message_search (message_id, conversation_id, at, words)
      select m.id, m.conversation_id, m.created_at, case when m.id % 100003 = 7 then to_tsvector('portuguese', '${words.rare}') else w.words end
      from message m join worded w on w.k = (m.conversation_id * 31 + m.seq * 17 + ${seed}) % 1000`))
    await run(`insert into activity (conversation_id, at, author, type) select n, now() - n * interval '2 minutes', 'citizen', 'opened' from generate_series(1, ${conversations}) n`)
    await run(`insert into conversation_fact (conversation_id, channel_id, department_id, language, opened_at, closed_at, messages_in, messages_bot, messages_operator, bot_answers, bot_misses, bot_alone, helpful, unhelpful, reopened, moved, calls_asked, calls_taken, calls_missed, call_ms, failed, unknown,
        handed_at, wait_ms, wait_open_ms, first_response_ms, first_response_open_ms, handling_ms, handling_open_ms, resolution_ms, resolution_open_ms, answered_in_time, resolved_in_time, score)
      select id, channel_id, department_id, language, opened_at, closed_at, ${each} / 2, ${each} / 2, 0, 1, 0, id % 3 <> 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        case when id % 3 = 0 then opened_at end, took * 3600, took * 1800, took * 7200, took * 3600, took * 86400, took * 28800, lasted * 172800, lasted * 57600, took < 800, took < 900, case when id % 6 = 0 then 1 + id % 5 end
      from (select *, case when id % 3 = 0 then id * 7919 % 1000003 / 1000 end as took, case when state = 'closed' then id * 104729 % 1000003 / 1000 end as lasted from conversation) c`)
    await run(`insert into setting (name, value) values ('search-watermark', to_jsonb(now()::text)), ('facts-watermark', jsonb_build_object('at', now(), 'id', '0')) on conflict (name) do update set value = excluded.value`)
    for (const table of ['citizen', 'identity', 'conversation', 'thread', 'message', 'activity']) {
      await run(`select setval(pg_get_serial_sequence('${table}', 'id'), (select coalesce(max(id), 1) from ${table}))`)
    }
    await run('vacuum analyze')
  } finally {
    await client.end()
  }
}

/** An index that is built at the end costs a tenth of one that grows row by row. */
async function withoutIndexes(client: pg.Client, table: string, fill: () => Promise<unknown>): Promise<void> {
  const { rows } = await client.query<{ name: string; made: string }>(`select c.relname as name, pg_get_indexdef(i.indexrelid) as made
    from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = $1::regclass and not exists (select from pg_constraint where conindid = i.indexrelid)`, [table])
  for (const { name } of rows) await client.query(`drop index ${name}`)
  await fill()
  for (const { made } of rows) await client.query(made)
}
