/** The inbox at scale: each list, one conversation, search, counts, a report. The floor of a list: the index scan that it needs, and nothing else. */

import pg from 'pg'
import type { Operator } from '../src/core/model.ts'
import { countsFor } from '../src/core/store/counts.ts'
import { type Cursor, listConversations, type View } from '../src/core/store/lists.ts'
import { signIn } from '../test/harness/browserless.ts'
import { startGateway } from '../test/harness/gateway.ts'
import { freshDatabase } from '../test/database.ts'
import { type Figure, median, percentile, type Plan, spread } from './figures.ts'
import { seedInbox, words } from './seed.ts'

const scans: Partial<Record<View, string>> = {
  all: 'select * from conversation order by listed_at desc, id desc limit 51',
  mine: `select * from conversation where state = 'assigned' and operator_id = 'op-7' order by listed_at desc, id desc limit 51`,
  waiting: `select * from conversation where state = 'waiting' order by waiting_since, id limit 51`,
  bot: `select * from conversation where state = 'bot' order by listed_at desc, id desc limit 51`,
  closed: `select * from conversation where state = 'closed' order by closed_at desc, id desc limit 51`,
  snoozed: `select * from conversation where state = 'snoozed' order by wake_at, id limit 51`,
  problems: 'select * from conversation where failed_deliveries > 0 order by listed_at desc, id desc limit 51',
}

const warmUps = 50
const listTimes = 300

export async function benchInbox({ quick, large, seed }: Plan): Promise<Figure[]> {
  const [conversations, each] = large ? [1_000_000, 20] : quick ? [10_000, 20] : [100_000, 20]
  const database = await freshDatabase()
  await seedInbox(database.url, conversations, each, seed)
  const gateway = await startGateway({ databaseUrl: database.url, channels: { chat: { kind: 'webchat', title: 'Município' } } })
  const bare = new pg.Client({ connectionString: database.url })
  await bare.connect()
  const times = quick ? 30 : 60
  const size = `${conversations.toLocaleString('en')} conversations, ${(conversations * each).toLocaleString('en')} messages`
  const figures: Figure[] = []
  try {
    const admin = await signIn(gateway, 'ana@valeformoso.example', { role: 'admin', departments: ['geral'] })
    const { db } = gateway.gateway.pool
    const operator: Operator = { id: 'op-7', name: 'Ana', email: 'ana@x.example', role: 'admin', departments: ['geral'] }

    for (const [view, scan] of Object.entries(scans) as [View, string][]) {
      const [ours, floor] = await inTurn(() => listConversations(db, operator, { view }, undefined, 50), () => bare.query({ name: `floor-${view}`, text: scan }))
      figures.push(against(`list «${view}», ${size}`, ours, floor))
    }
    let deep: Cursor | undefined
    for (let page = 0; page < 40; page += 1) deep = (await listConversations(db, operator, { view: 'all' }, deep, 50)).next ?? undefined
    const deepScan = { name: 'floor-deep', text: 'select * from conversation where (listed_at, id) < ($1, $2) order by listed_at desc, id desc limit 51', values: [deep!.at, deep!.id] }
    const [ours, floor] = await inTurn(() => listConversations(db, operator, { view: 'all' }, deep, 50), () => bare.query(deepScan))
    figures.push(against(`list «all», 2,000 deep, ${size}`, ours, floor))

    const { tally, signals } = gateway.gateway
    let n = 0
    // As after a busy second: twenty conversations have changed.
    figures.push(within(`counts of all views, ${size}`, await timed(times, async () => {
      signals.tell({ type: 'changed', changes: Array.from({ length: 20 }, () => ({ conversationId: String(1 + (n++ * 7_919) % conversations) })) })
      return countsFor(operator, await tally.read())
    }), 1))
    const open = () => admin.get(`/api/conversations/${1 + (n++ * 7_919) % conversations}/timeline`)
    figures.push(within(`open a conversation (HTTP), ${size}`, await timed(times, open), 50))
    for (const [how, word] of Object.entries(words)) {
      const find = () => admin.get(`/api/conversations?q=${encodeURIComponent(word)}`)
      figures.push(within(`search, a ${how} word (HTTP), ${size}`, await timed(Math.min(times, 30), find), 100))
    }
    figures.push(within(`search, a common and a rare word (HTTP), ${size}`, await timed(15, () => admin.get(`/api/conversations?q=${encodeURIComponent(`${words.common} ${words.rare}`)}`)), 100))
    for (const days of [30, 365]) {
      const [from, to] = [new Date(Date.now() - days * 86_400_000).toISOString(), new Date().toISOString()]
      figures.push(within(`report of ${days} days by department (HTTP), ${size}`, await timed(20, () => admin.get(`/api/numbers?from=${from}&to=${to}&by=department`)), 1_000))
    }
  } finally {
    await bare.end()
    await gateway.close()
    await database.drop()
  }
  return figures
}

/** One of each, again and again, so that what disturbs one disturbs the other. The first are the compiler's. */
async function inTurn(ours: () => Promise<unknown>, floor: () => Promise<unknown>): Promise<[number[], number[]]> {
  const [a, b]: [number[], number[]] = [[], []]
  for (let n = 0; n < warmUps + listTimes; n += 1) {
    for (const [what, times] of [[floor, b], [ours, a]] as const) {
      const from = performance.now()
      await what()
      if (n >= warmUps) times.push(performance.now() - from)
    }
  }
  return [a, b]
}

async function timed(times: number, what: () => Promise<unknown>): Promise<number[]> {
  for (let n = 0; n < 3; n += 1) await what()
  const each: number[] = []
  for (let n = 0; n < times; n += 1) {
    const from = performance.now()
    await what()
    each.push(performance.now() - from)
  }
  return each
}

function against(name: string, ours: number[], floor: number[]): Figure {
  const p95 = percentile(ours, 0.95)
  const ratio = p95 / percentile(floor, 0.95)
  return {
    name, unit: 'ms (p95)', value: p95, spread: spread(ours), floor: percentile(floor, 0.95), ratio, ratioSpread: [median(ours) / median(floor), ratio].sort((a, b) => a - b) as [number, number],
    p50: median(ours), p95, p99: percentile(ours, 0.99), goal: 'p95 ≤ 2 × floor', met: ratio <= 2,
  }
}

function within(name: string, ours: number[], most: number): Figure {
  const p95 = percentile(ours, 0.95)
  return { name, unit: 'ms (p95)', value: p95, spread: spread(ours), p50: median(ours), p95, p99: percentile(ours, 0.99), goal: `p95 ≤ ${most} ms`, met: p95 <= most }
}
