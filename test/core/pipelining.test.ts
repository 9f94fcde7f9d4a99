/** In a transaction of the hot path, what nobody waits for is sent with what is waited for, and still has its say. */

import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import pg from 'pg'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { PipeliningClient, preparedBlind } from '../../src/core/store/prepared.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'

const divide = preparedBlind('test-divide', 'select 1 / $1::int')
let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase({ migrated: false })
  return database.drop
})

/** A line to the database, and what went over it; `afterwards`: whatever was sent before has been heard. */
async function listening(): Promise<{ client: PipeliningClient; sent: () => number; afterwards: () => Promise<void> }> {
  let bytesSent = 0
  const { hostname, port } = new URL(database.url)
  const near = new URL(database.url)
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const isFirst = sockets.size === 0
    const far = connect(Number(port), hostname)
    for (const [from, to] of [[client, far], [far, client]] as const) {
      sockets.add(from.setNoDelay(true).on('error', () => undefined))
      from.on('data', (bytes) => {
        if (isFirst && from === client) bytesSent += bytes.length
        to.write(bytes)
      })
      from.on('end', () => to.end())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  near.hostname = '127.0.0.1'
  near.port = String((server.address() as AddressInfo).port)
  const client = new PipeliningClient({ connectionString: near.href })
  const other = new pg.Client({ connectionString: near.href })
  await client.connect()
  await other.connect()
  onTestFinished(async () => {
    await Promise.all([client.end(), other.end()])
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { client, sent: () => bytesSent, afterwards: async () => void await other.query('select 1') }
}

test('begin and a blind statement are sent together with the one that is waited for', async () => {
  const { client, sent, afterwards } = await listening()
  const before = sent()
  await client.query('begin')
  await client.query(divide, [1])
  await afterwards()
  expect(sent()).toBe(before)
  expect((await client.query('select 7 as n')).rows).toEqual([{ n: 7 }])
  expect(sent()).toBeGreaterThan(before)
  await client.query('commit')
})

test('a blind statement that failed speaks at the commit, and the next transaction is free of it', async () => {
  const { client } = await listening()
  await client.query('begin')
  await client.query(divide, [0])
  await expect(client.query('commit')).rejects.toThrow('division by zero')
  await client.query('begin')
  await client.query(divide, [1])
  await client.query('commit')
  expect((await client.query('select 1 as n')).rows).toEqual([{ n: 1 }])
})
