/** Operators click twice, in two tabs, and four at a time; lines of browsers are cut and come back. */

import { randomUUID } from 'node:crypto'
import type { ActResult, ConversationSummary, Page } from '../../src/operator-api.types.ts'
import { openLine } from '../line.ts'
import { openBrowsers } from '../browsers.ts'
import { watchInbox } from '../inbox-watcher.ts'
import { type Desk, signInMany } from '../sign-in.ts'
import { type FaultOptions, pause, type Stage } from '../stage.ts'
import { whileOn } from './turns.ts'

export const peopleFaults: Record<string, FaultOptions> = {
  operators: {
    what: 'four operators claim the same conversation, each with two clicks and in two tabs, and answer with two clicks, while gateways are killed', nodes: 2,
    citizens: { text: (n) => (n % 4 === 0 ? `pessoa ${n}` : `mensagem ${n}`) },
    async play(on) {
      const desks = await signInMany(on.databaseUrl, 4)
      const [claimed, answered]: [string[], string[]] = [[], []]
      const killing = whileOn(on, () => 3_000, on.nodes.replace)
      await whileOn(on, () => 50, async () => {
        const list = await desks[0]!.ask<Page<ConversationSummary>>(on.chance.oneOf(on.nodes.urls()) ?? '', 'GET', '/api/conversations?view=waiting&limit=20')
        const waiting = list.body?.rows?.filter(({ id }) => !claimed.includes(id)) ?? []
        if (waiting.length === 0) return
        await Promise.all(waiting.slice(0, 4).map(async (conversation) => {
          claimed.push(conversation.id)
          await claimAndAnswer(on, desks, conversation, answered)
        }))
      })
      await killing
      const { rows: [row] } = await on.pool.pool.query<{ missing: number; twice: number }>(`
        select count(*) filter (where times = 0)::int as missing, count(*) filter (where times > 1)::int as twice
        from (select text, (select count(*) from message m where m.direction = 'out' and m.content->>'text' = text) as times from unnest($1::text[]) as text) as answers`, [answered])
      on.note('conversations claimed by four', claimed.length)
      on.note('answers sent with two clicks', answered.length)
      on.promise('answers that were lost', row!.missing)
      on.promise('answers that were stored twice', row!.twice)
    },
  },
  browsers: {
    what: 'the live lines of six web chats and three operators are cut again and again', nodes: 2,
    channels: { janela: { kind: 'webchat', limits: { perVisitor: 100_000, perAddress: 100_000, newVisitorsPerAddress: 10_000 } } },
    async play(on) {
      const line = await openLine(on.nodes.urls()[0]!)
      const desks = await signInMany(on.databaseUrl, 3)
      const inboxes = desks.map((desk) => watchInbox(desk, line.url))
      const browsers = await openBrowsers(`${line.url}/channels/janela`, 6)
      let cuts = 0
      await whileOn(on, () => 200 + on.chance.below(1_500), async () => {
        cuts += 1
        line.cut()
      })
      const pages = await browsers.end()
      await on.citizens.rest(60_000)
      await pause(3_000)
      const { rows } = await on.pool.pool.query<{ id: string; seq: number; texts: string[] | null }>(`
        select c.id::text, c.last_seq as seq, array_agg(m.content->>'text' order by m.seq) filter (where m.channel_id = 'janela') as texts
        from conversation c join message m on m.conversation_id = c.id group by c.id`)
      let [missing, doubled, outOfOrder, shown] = [0, 0, 0, 0]
      for (const { said, screen } of pages) {
        const held = rows.find(({ texts }) => texts?.includes(said[0]!))?.texts ?? []
        shown += screen.length
        missing += [...held, ...said].filter((text) => !screen.includes(text)).length
        doubled += screen.length - new Set(screen).size
        if (screen.join('\n') !== held.join('\n')) outOfOrder += 1
      }
      let stale = 0
      for (const inbox of inboxes) {
        const seen = await inbox.end()
        stale += rows.filter(({ id, seq }) => seen.get(id) !== seq).length
      }
      on.note('times that all lines were cut', cuts)
      on.note('entries on the web chats’ screens', shown)
      on.note('conversations on each operator’s screen', rows.length)
      on.promise('messages missing on a web chat after it came back', missing)
      on.promise('messages twice on a web chat', doubled)
      on.promise('web chats that differ from the database', outOfOrder)
      on.promise('conversations that an operator’s screen has missed', stale)
      await line.close()
    },
  },
}

/** Each click is sent twice, and again until somebody answers. */
async function click(on: Stage, desk: Desk, conversationId: string, clientId: string, body: object): Promise<{ status: number; result: ActResult | undefined }> {
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const urls = on.nodes.urls()
    if (urls.length > 0) {
      const answers = await Promise.all([1, 2].map(() => desk.ask<ActResult>(on.chance.oneOf(urls), 'POST', `/api/conversations/${conversationId}/act`, { clientId, ...body })))
      const clear = answers.find(({ status }) => status === 200) ?? answers.find(({ status }) => status > 0 && status < 500)
      if (clear) return { status: clear.status, result: clear.body }
    }
    await pause(200)
  }
  return { status: 0, result: undefined }
}

async function claimAndAnswer(on: Stage, desks: Desk[], { id, lastSeq }: ConversationSummary, answered: string[]): Promise<void> {
  const seen = { lastSeq, operatorId: null }
  const claims = await Promise.all(desks.map(async (desk) => {
    const tabs = await Promise.all([1, 2].map(() => click(on, desk, id, randomUUID(), { actions: [{ do: 'take' }], seen })))
    return { desk, won: tabs.some(({ status }) => status === 200) }
  }))
  const winners = claims.filter(({ won }) => won)
  on.promise('conversations claimed by two', winners.length > 1 ? 1 : 0)
  const winner = winners[0]
  if (!winner) return
  const text = `resposta ${randomUUID()}`
  const { status } = await click(on, winner.desk, id, randomUUID(), { actions: [{ do: 'reply', text }], force: true })
  if (status === 200) answered.push(text)
  await click(on, winner.desk, id, randomUUID(), { actions: [{ do: 'hand-back' }], force: true })
}
