/** Inbound: what storing a message costs, by receive() alone and by a signed webhook, against one durable transaction that inserts one. */

import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Responder } from '../src/core/model.ts'
import { type Harness, startGateway } from '../test/harness/gateway.ts'
import { plainKind } from '../test/harness/plain-channel.ts'
import { freshDatabase } from '../test/database.ts'
import { countCpu } from './cpu.ts'
import { floorTransactions } from './floor.ts'
import { compared, type Figure, median, percentile, type Plan, spread } from './figures.ts'
import { loadWebhooks } from './load.ts'

const toPeople: Responder = (state) => ({ actions: [{ do: 'hand-off', reason: 'rule' }], state })
const texts = [
  'Bom dia, a fatura da água veio muito alta este mês. Podem ver o que se passa?', 'Qual é o horário de atendimento?', 'Como peço uma licença de obras?',
  'Quando passam a recolher os monos?', 'Onde posso pagar a fatura da água?', 'Obrigado',
]

const callers = 128
/** As many are told apart as a town has in a busy minute. */
const citizens = 1_000

async function receiving(): Promise<{ gateway: Harness; during: (goOn: (done: number) => boolean) => Promise<{ perSecond: number; late: number[] }> }> {
  const gateway = await startGateway({ channels: { linha: { kind: 'plain' } }, kinds: { plain: plainKind() }, respond: toPeople })
  const channel = gateway.channels.all.get('linha')!
  const run = randomUUID().slice(0, 8)
  let n = 0
  return {
    gateway,
    async during(goOn) {
      const begun = performance.now()
      const late: number[] = []
      await Promise.all(Array.from({ length: callers }, async () => {
        while (goOn(late.length)) {
          n += 1
          const from = performance.now()
          await gateway.gateway.receiver.receive(channel, { messages: [{ id: `${run}-${n}`, from: `p${n % citizens}`, text: texts[0]! }] })
          late.push(performance.now() - from)
        }
      }))
      return { perSecond: late.length / ((performance.now() - begun) / 1_000), late }
    },
  }
}

/**
 * Rounds of floor and gateway in turn, so that a ratio holds when the machine's speed drifts; the first warms both and is not
 * counted. Each with and without the writer of the search index, kept still by the lock that it would take.
 */
export async function benchReceive({ rounds, seconds }: Plan): Promise<Figure[]> {
  const { gateway, during } = await receiving()
  const { floor, ours, still }: Record<'floor' | 'ours' | 'still', number[]> = { floor: [], ours: [], still: [] }
  const [late, floorLate, shares, gatewayCpu, databaseCpu]: number[][] = [[], [], [], [], []]
  const timed = () => {
    const end = performance.now() + seconds * 1_000
    return during(() => performance.now() < end)
  }
  const client = new pg.Client({ connectionString: gateway.databaseUrl })
  await client.connect()
  let waiting: number
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const base = await floorTransactions(gateway.databaseUrl, 32, seconds)
      const cpu = await countCpu(gateway.databaseUrl)
      const one = await timed()
      const used = cpu?.()
      await client.query(`select pg_advisory_lock(hashtextextended('index messages', 7))`)
      const { perSecond: alone } = await timed()
      await client.query(`select pg_advisory_unlock(hashtextextended('index messages', 7))`)
      if (round === 0) continue
      floor.push(base.perSecond)
      floorLate!.push(...base.late)
      ours.push(one.perSecond)
      late!.push(...one.late)
      still.push(alone)
      shares!.push((1 - one.perSecond / alone) * 100)
      if (used) {
        gatewayCpu!.push(used.gateway / one.late.length * 1_000)
        databaseCpu!.push(used.database / one.late.length * 1_000)
      }
    }
    waiting = Number((await client.query('select (select count(*) from message) - (select count(*) from message_search) as n')).rows[0].n)
  } finally {
    await client.end()
    await gateway.close()
  }
  const figure = compared(ours, floor)
  return [
    {
      name: `receive(), ${callers} callers`, unit: 'messages/s', ...figure, p50: percentile(late!, 0.5), p99: percentile(late!, 0.99),
      floorP50: percentile(floorLate!, 0.5), floorP99: percentile(floorLate!, 0.99), goal: 'ratio ≥ 1.5', met: figure.ratio! >= 1.5,
    },
    { name: 'the same without the writer of the search index', unit: 'messages/s', ...compared(still, floor) },
    { name: 'what being able to search costs', unit: '%', value: median(shares!), spread: spread(shares!), goal: '≤ 15 %', met: median(shares!) <= 15 },
    { name: 'messages that search does not find yet when the load ends', unit: 'messages', value: waiting, spread: [waiting, waiting] },
    ...cpuFigures('receive()', gatewayCpu!, databaseCpu!),
  ]
}

function cpuFigures(of: string, gateway: number[], database: number[]): Figure[] {
  if (gateway.length === 0) return []
  return [
    { name: `CPU per 1,000 messages, ${of}: gateway`, unit: 'ms', value: median(gateway), spread: spread(gateway) },
    { name: `CPU per 1,000 messages, ${of}: PostgreSQL`, unit: 'ms', value: median(database), spread: spread(database) },
  ]
}

/** Of the process in which gateway and bench both run, before and after. */
export async function benchMemory({ quick, large }: Plan): Promise<Figure[]> {
  const messages = large ? 1_000_000 : quick ? 30_000 : 200_000
  const { gateway, during } = await receiving()
  try {
    const before = process.memoryUsage().rss / 1e6
    await during((done) => done + callers <= messages)
    const after = process.memoryUsage().rss / 1e6
    return [
      { name: 'memory before (RSS, gateway and bench in one process)', unit: 'MB', value: before, spread: [before, before] },
      { name: `memory after ${messages.toLocaleString('en')} messages`, unit: 'MB', value: after, spread: [after, after] },
    ]
  } finally {
    await gateway.close()
  }
}

export async function benchInbound(plan: Plan): Promise<Figure[]> {
  return [...await byWebhook(plan, 'people'), ...await byWebhook(plan, 'bot')]
}

const secret = 'the-app-secret'

async function byWebhook({ rounds, seconds }: Plan, owner: 'people' | 'bot'): Promise<Figure[]> {
  const database = await muted()
  const gateway = await startGateway({
    databaseUrl: database.url,
    channels: { whatsapp: {
      kind: 'whatsapp', phoneNumberId: '106540352242922', wabaId: '102290129340398', graphBaseUrl: 'http://127.0.0.1:9', registerWebhook: false,
      accessToken: { env: 'TOKEN' }, appSecret: { env: 'SECRET' }, verifyToken: { env: 'VERIFY' },
    } },
    env: { TOKEN: 'token', SECRET: secret, VERIFY: 'verify-me' },
    ...(owner === 'people' && { respond: toPeople }),
  })
  const post = (connections: number, each: number) => loadWebhooks({
    url: `${gateway.url}/channels/whatsapp`, secret, phoneNumberId: '106540352242922', wabaId: '102290129340398', connections, seconds: each, citizens, run: randomUUID().slice(0, 8), texts,
  })
  const figures: Figure[] = []
  try {
    await post(32, 2)
    if (owner === 'people') await ownByOperator(gateway)
    for (const connections of [1, 32, 128]) {
      const { ours, floor }: Record<'ours' | 'floor', number[]> = { ours: [], floor: [] }
      const [late, floorLate, gatewayCpu, databaseCpu]: number[][] = [[], [], [], []]
      for (let round = 0; round < rounds; round += 1) {
        const base = await floorTransactions(gateway.databaseUrl, Math.min(32, connections), seconds)
        floor.push(base.perSecond)
        floorLate!.push(...base.late)
        const cpu = await countCpu(gateway.databaseUrl)
        const { done, seconds: took, late: each, refused } = await post(connections, seconds)
        if (refused > 0) throw new Error(`${refused} webhooks were refused`)
        const used = cpu?.()
        ours.push(done / took)
        late!.push(...each)
        if (used) {
          gatewayCpu!.push(used.gateway / done * 1_000)
          databaseCpu!.push(used.database / done * 1_000)
        }
      }
      const figure = compared(ours, floor)
      const goal = owner === 'people' ? 1 : 0.5
      const [p50, p99, floorP50, floorP99] = [late!, floorLate!].flatMap((each) => [percentile(each, 0.5), percentile(each, 0.99)]) as [number, number, number, number]
      const name = `webhook, ${owner === 'people' ? 'operator-owned' : 'bot answers'}, ${connections} connection${connections === 1 ? '' : 's'}`
      figures.push({ name, unit: 'messages/s', ...figure, p50, p99, floorP50, floorP99, goal: `ratio ≥ ${goal}, p99 ≤ 3 × floor`, met: figure.ratio! >= goal && p99 <= 3 * floorP99 })
      if (connections === 128) figures.push(...cpuFigures(name, gatewayCpu!, databaseCpu!))
    }
  } finally {
    await gateway.close()
    await database.drop()
  }
  return figures
}

/** Replies are queued and stay so: what is measured ends with the 200. */
async function muted() {
  const database = await freshDatabase()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(`insert into setting (name, value) values ('muted', 'true')`)
  await client.end()
  return database
}

async function ownByOperator(gateway: Harness): Promise<void> {
  const { id } = await gateway.operator()
  await gateway.gateway.pool.db.updateTable('conversation').set({ state: 'assigned', operator_id: id }).where('state', '=', 'waiting').execute()
}
