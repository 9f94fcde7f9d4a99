/** Inbound: what storing a message costs, by receive() alone and by a signed webhook, against one durable transaction that inserts one. */

import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Responder } from '../src/core/model.ts'
import { type Harness, startGateway } from '../test/harness/gateway.ts'
import { plainKind } from '../test/harness/plain-channel.ts'
import { freshDatabase } from '../test/database.ts'
import { floorTransactions } from './floor.ts'
import { compared, type Figure, percentile, type Plan } from './figures.ts'
import { loadWebhooks } from './load.ts'

const toPeople: Responder = (state) => ({ actions: [{ do: 'hand-off', reason: 'rule' }], state })
const texts = [
  'Bom dia, a fatura da água veio muito alta este mês. Podem ver o que se passa?', 'Qual é o horário de atendimento?', 'Como peço uma licença de obras?',
  'Quando passam a recolher os monos?', 'Onde posso pagar a fatura da água?', 'Obrigado',
]

/** Rounds of floor and gateway in turn, so that a ratio holds when the machine's speed drifts. The first warms both and is not counted. */
export async function benchReceive({ rounds, seconds }: Plan): Promise<Figure[]> {
  const callers = 128
  const gateway = await startGateway({ channels: { linha: { kind: 'plain' } }, kinds: { plain: plainKind() }, respond: toPeople })
  const channel = gateway.channels.all.get('linha')!
  const [floor, ours, late]: [number[], number[], number[]] = [[], [], []]
  const run = randomUUID().slice(0, 8)
  let n = 0
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const base = await floorTransactions(gateway.databaseUrl, 32, seconds)
      const begun = performance.now()
      const end = begun + seconds * 1_000
      let done = 0
      await Promise.all(Array.from({ length: callers }, async () => {
        while (performance.now() < end) {
          n += 1
          const from = performance.now()
          await gateway.gateway.receiver.receive(channel, { messages: [{ id: `${run}-${n}`, from: `p${n % 1_000}`, text: texts[0]! }] })
          if (round > 0) late.push(performance.now() - from)
          done += 1
        }
      }))
      if (round === 0) continue
      floor.push(base)
      ours.push(done / ((performance.now() - begun) / 1_000))
    }
  } finally {
    await gateway.close()
  }
  const figure = compared(ours, floor)
  return [{ name: `receive(), ${callers} callers`, unit: 'messages/s', ...figure, p50: percentile(late, 0.5), p99: percentile(late, 0.99), goal: 'ratio ≥ 1.5', met: figure.ratio! >= 1.5 }]
}

export async function benchInbound(plan: Plan): Promise<Figure[]> {
  return [...await byWebhook(plan, 'people'), ...await byWebhook(plan, 'bot')]
}

const secret = 'the-app-secret'

async function byWebhook({ rounds, seconds, quick }: Plan, owner: 'people' | 'bot'): Promise<Figure[]> {
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
    url: `${gateway.url}/channels/whatsapp`, secret, phoneNumberId: '106540352242922', wabaId: '102290129340398', connections, seconds: each, citizens: 1_000, run: randomUUID().slice(0, 8), texts,
  })
  const figures: Figure[] = []
  try {
    await post(32, 2)
    if (owner === 'people') await ownByOperator(gateway)
    for (const connections of quick ? [32, 128] : [1, 32, 128]) {
      const [ours, floor, late]: [number[], number[], number[]] = [[], [], []]
      for (let round = 0; round < rounds; round += 1) {
        floor.push(await floorTransactions(gateway.databaseUrl, Math.min(32, connections), seconds))
        const { done, seconds: took, late: each, refused } = await post(connections, seconds)
        if (refused > 0) throw new Error(`${refused} webhooks were refused`)
        ours.push(done / took)
        late.push(...each)
      }
      const figure = compared(ours, floor)
      const goal = owner === 'people' ? 1 : 0.5
      figures.push({
        name: `webhook, ${owner === 'people' ? 'operator-owned' : 'bot answers'}, ${connections} connection${connections === 1 ? '' : 's'}`, unit: 'messages/s', ...figure,
        p50: percentile(late, 0.5), p99: percentile(late, 0.99), goal: `ratio ≥ ${goal}`, met: figure.ratio! >= goal,
      })
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
