import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPool, type Pool } from '../../src/core/store/pool.ts'
import { freshDatabase } from '../database.ts'
import { until } from '../harness/gateway.ts'
import { type PlainVendor, plainVendor } from '../harness/plain-channel.ts'

interface Node { process: ChildProcess; url: string; ended: Promise<void> }
let database: { url: string; drop(): Promise<void> }
let vendor: PlainVendor
let pool: Pool
const nodes = new Set<Node>()

beforeAll(async () => {
  database = await freshDatabase()
  vendor = await plainVendor()
  pool = openPool(database.url, 2, () => undefined)
})
afterAll(async () => {
  for (const { process: child } of nodes) child.kill('SIGKILL')
  await Promise.all([...nodes].map(({ ended }) => ended))
  await pool.close()
  await vendor.close()
  await database.drop()
})

async function node(dieAt?: string, idempotent?: 'key'): Promise<Node> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/harness/gateway-process.ts', JSON.stringify({ databaseUrl: database.url, vendorUrl: vendor.url, dieAt, idempotent })], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => { if (line.startsWith('ready ')) resolve(line.slice(6)) })
    child.once('exit', () => reject(new Error('the gateway ended before it was ready')))
  })
  const made = { process: child, url, ended }
  nodes.add(made)
  return made
}

const post = (url: string, id: string, from: string, text: string) => fetch(`${url}/channels/linha`, { method: 'POST', body: JSON.stringify({ messages: [{ id, from, text }] }) }).then(({ status }) => status, () => 0)

/** Vendors deliver again what was not acknowledged. */
async function deliver(url: () => string, id: string, from: string, text: string): Promise<void> {
  await until(`the acknowledgement of ${id}`, async () => await post(url(), id, from, text) === 200)
}

for (const dieAt of ['arrived', 'normalised', 'held', 'written', 'committed', 'claimed', 'sent', 'settled']) {
  test(`killed when a message is ${dieAt}: nothing is lost, stored twice, or blindly sent twice`, async () => {
    const from = `citizen-${dieAt}`
    const dying = await node(dieAt)
    await post(dying.url, `${from}-1`, from, 'primeira')
    await dying.ended
    // What was left as `sending` is taken up when its lease has run out: here at once.
    const heir = await node()
    await pool.db.updateTable('delivery').set({ due_at: new Date(0) }).where('state', '=', 'sending').execute()
    await deliver(() => heir.url, `${from}-1`, from, 'primeira')
    await deliver(() => heir.url, `${from}-2`, from, 'segunda')
    await until('the second answer', () => vendor.ledger.some(({ to, text }) => to === from && text === 'eco: segunda'))

    const messages = await pool.db.selectFrom('message').innerJoin('thread', 'thread.id', 'message.thread_id').innerJoin('identity', 'identity.id', 'thread.identity_id')
      .leftJoin('delivery', 'delivery.message_id', 'message.id').select(['message.seq', 'message.direction', 'message.content', 'delivery.state']).where('identity.address', '=', from).orderBy('message.seq').execute()
    expect(messages.map(({ seq, content }) => [seq, content.text])).toEqual([[1, 'primeira'], [2, 'eco: primeira'], [3, 'segunda'], [4, 'eco: segunda']])
    const arrived = vendor.ledger.filter(({ to, text }) => to === from && text === 'eco: primeira').length
    const doubtful = messages[1]!.state === 'unknown'
    // It arrived once, or somebody is asked: never twice, never silently not at all.
    expect(arrived).toBeLessThanOrEqual(1)
    expect(arrived === 1 || doubtful).toBe(true)
    // Between the commit and the news of it, the outbox may have taken it up already.
    if (dieAt !== 'committed') expect(doubtful).toBe(dieAt === 'claimed' || dieAt === 'sent')
    heir.process.kill('SIGKILL')
    await heir.ended
  })
}

test('killed after the vendor took it, on a channel that knows our key: sent again with the same key, nobody is asked', async () => {
  const from = 'citizen-key'
  const dying = await node('sent', 'key')
  await post(dying.url, `${from}-1`, from, 'primeira')
  await dying.ended
  const heir = await node(undefined, 'key')
  await pool.db.updateTable('delivery').set({ due_at: new Date(0) }).where('state', '=', 'sending').execute()
  await until('settled', async () => (await pool.db.selectFrom('delivery').select('state').where('key', 'in', vendor.ledger.filter(({ to }) => to === from).map(({ key }) => key)).executeTakeFirst())?.state === 'sent')
  const keys = vendor.ledger.filter(({ to }) => to === from).map(({ key }) => key)
  expect(keys).toHaveLength(2)
  expect(new Set(keys).size).toBe(1)
  heir.process.kill('SIGKILL')
  await heir.ended
})
