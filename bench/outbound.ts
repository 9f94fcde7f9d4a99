/** Outbound: from a citizen's webhook to our answer at the vendor, and how fast a full outbox empties. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import pg from 'pg'
import type { Responder } from '../src/core/model.ts'
import { startGateway } from '../test/harness/gateway.ts'
import { plainKind, plainVendor } from '../test/harness/plain-channel.ts'
import { compared, type Figure, median, percentile, type Plan } from './figures.ts'

const echo: Responder = (state, input) => ({ actions: input.type === 'message' ? [{ do: 'say', content: { text: `eco: ${input.content.text}` } }] : [], state })
const toPeople: Responder = (state) => ({ actions: [{ do: 'hand-off', reason: 'rule' }], state })

/** One message at a time. The floor: the same hops as bare HTTP and one commit. */
export async function benchRoundTrip({ rounds, quick }: Plan): Promise<Figure[]> {
  const vendor = await plainVendor()
  const gateway = await startGateway({ channels: { linha: { kind: 'plain', vendorUrl: vendor.url } }, kinds: { plain: plainKind() }, respond: echo })
  const bare = await bareHops(gateway.databaseUrl, vendor.url)
  const times = quick ? 100 : 400
  let n = 0
  let heard = () => {}
  vendor.behave = () => {
    heard()
    return 'accept'
  }
  const once = async (url: string, seen: string): Promise<number> => {
    n += 1
    const arrived = new Promise<void>((resolve) => { heard = resolve })
    const from = performance.now()
    await fetch(url, { method: 'POST', body: JSON.stringify({ messages: [{ id: `${seen}-${n}`, from: `p${n % 100}`, text: `olá ${n}` }] }) })
    await arrived
    return performance.now() - from
  }
  const [ours, floor]: [number[], number[]] = [[], []]
  const [p50s, floorP50s]: [number[], number[]] = [[], []]
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const [a, b]: [number[], number[]] = [[], []]
      for (let k = 0; k < times; k += 1) {
        b.push(await once(bare.url, 'bare'))
        a.push(await once(`${gateway.url}/channels/linha`, 'ours'))
        await gateway.gateway.outbox.drained()
      }
      if (round === 0) continue
      ours.push(...a)
      floor.push(...b)
      p50s.push(median(a))
      floorP50s.push(median(b))
    }
  } finally {
    await bare.close()
    await gateway.close()
    await vendor.close()
  }
  const figure = compared(p50s, floorP50s)
  return [{
    name: 'webhook in → answer at the vendor', unit: 'ms (p50)', ...figure, p50: percentile(ours, 0.5), p99: percentile(ours, 0.99),
    floorP50: percentile(floor, 0.5), floorP99: percentile(floor, 0.99), goal: 'p50 ≤ 3 × floor', met: figure.ratio! <= 3,
  }]
}

async function bareHops(databaseUrl: string, vendorUrl: string) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  pool.on('error', () => undefined)
  await pool.query('create table if not exists bare_hop (id bigint generated always as identity primary key, body text)')
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const body = Buffer.concat(chunks).toString()
      await pool.query('insert into bare_hop (body) values ($1)', [body])
      response.writeHead(200).end()
      await fetch(`${vendorUrl}/send`, { method: 'POST', body: JSON.stringify({ to: 'p', key: 'k', content: { text: body } }) })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections()
      server.close()
      await pool.end()
    },
  }
}

const conversations = 100

/** 10,000 messages over 100 conversations, in order. The floor: a bare HTTP client with 100 requests at once, which keeps no order. */
export async function benchOutbox({ rounds, quick }: Plan): Promise<Figure[]> {
  const count = quick ? 1_000 : 10_000
  const vendor = await plainVendor()
  const gateway = await startGateway({ channels: { linha: { kind: 'plain', vendorUrl: vendor.url } }, kinds: { plain: plainKind() }, respond: toPeople })
  const { db } = gateway.gateway.pool
  const channel = gateway.channels.all.get('linha')!
  for (let n = 0; n < conversations; n += 1) await gateway.gateway.receiver.receive(channel, { messages: [{ id: `first-${n}`, from: `p${n}`, text: 'olá' }] })
  const [ours, floor]: [number[], number[]] = [[], []]
  let disorder = 0
  try {
    for (let round = 0; round < rounds; round += 1) {
      floor.push(await bareSends(vendor.url, count))
      // The ledger numbers what it is sent: emptied, it would give ids a second time.
      const already = vendor.ledger.length
      await fill(db, count / conversations, round)
      const from = performance.now()
      await gateway.gateway.outbox.drained()
      ours.push(count / ((performance.now() - from) / 1_000))
      const last = new Map<string, number>()
      for (const { to, text } of vendor.ledger.slice(already)) {
        if (Number(text) <= (last.get(to) ?? 0)) disorder += 1
        last.set(to, Number(text))
      }
      if (vendor.ledger.length - already !== count) throw new Error(`${vendor.ledger.length - already} of ${count} were sent`)
    }
  } finally {
    await gateway.close()
    await vendor.close()
  }
  if (disorder > 0) throw new Error(`${disorder} messages were sent out of order`)
  const figure = compared(ours, floor)
  return [{ name: `outbox, ${count} messages in ${conversations} conversations`, unit: 'messages/s', ...figure, goal: 'ratio ≥ 0.7', met: figure.ratio! >= 0.7 }]
}

async function bareSends(url: string, count: number): Promise<number> {
  let n = 0
  const from = performance.now()
  await Promise.all(Array.from({ length: conversations }, async () => {
    while (n < count) {
      n += 1
      await (await fetch(`${url}/send`, { method: 'POST', body: JSON.stringify({ to: 'p', key: String(n), content: { text: String(n) } }) })).json()
    }
  }))
  return count / ((performance.now() - from) / 1_000)
}

/** One transaction, so that nothing is due before everything is. */
async function fill(db: Awaited<ReturnType<typeof startGateway>>['gateway']['pool']['db'], each: number, round: number): Promise<void> {
  await sql`
    with m as (
      insert into message (conversation_id, seq, thread_id, channel_id, direction, author, content)
      select c.id, c.last_seq + s, c.thread_id, 'linha', 'out', 'operator', jsonb_build_object('text', (c.last_seq + s)::text)
      from conversation c, generate_series(1, ${each}::int) s order by s, c.id
      returning id, conversation_id, seq, thread_id),
    d as (
      insert into delivery (message_id, conversation_id, thread_id, channel_id, seq, key, state)
      select id, conversation_id, thread_id, 'linha', seq, ${`bench-${round}-`} || id, 'queued' from m)
    update conversation set last_seq = last_seq + ${each}::int`.execute(db)
}

