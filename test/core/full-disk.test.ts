/** The disk for attachments is full: a vendor's file is fetched again and again until there is room. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSmallDisk } from '../../chaos/small-disk.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { plainKind, type PlainVendor, plainVendor } from '../harness/plain-channel.ts'

/** Only root may mount one. */
const disk = openSmallDisk(4)
const before = process.env.TMPDIR
let gateway: Harness
let vendor: PlainVendor
let clock = new Date('2026-11-24T10:00:00Z')

beforeAll(async () => {
  vendor = await plainVendor()
  if (disk) process.env.TMPDIR = disk.folder
  gateway = await startGateway({ channels: { linha: { kind: 'plain', vendorUrl: vendor.url } }, kinds: { plain: plainKind() }, now: () => clock })
})
afterAll(async () => {
  await gateway.close()
  await vendor.close()
  if (before === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = before
  disk?.remove()
})

test.skipIf(!disk)('a full disk uses up none of the tries that a vendor’s file has, and text goes on', async () => {
  vendor.media.set('planta', Buffer.from('%PDF-1.4 uma planta da casa'))
  disk!.fill()
  const posted = await fetch(`${gateway.url}/channels/linha`, {
    method: 'POST', body: JSON.stringify({ messages: [{ id: 'm1', from: 'ana', text: 'a planta', attachments: [{ source: 'planta', kind: 'file', mimeType: 'application/pdf', name: 'planta.pdf' }] }] }),
  })
  expect(posted.status).toBe(200)
  const { db } = gateway.gateway.pool
  for (let tries = 0; tries < 12; tries += 1) {
    clock = new Date(clock.getTime() + 600_000)
    await gateway.gateway.chores()
  }
  const { state, attempts } = await db.selectFrom('attachment').select(['state', 'attempts']).executeTakeFirstOrThrow()
  expect(state).toBe('pending')
  // One may be under way at this moment.
  expect(attempts).toBeLessThanOrEqual(1)
  disk!.free()
  clock = new Date(clock.getTime() + 600_000)
  await gateway.until('the file', async () => {
    await gateway.gateway.chores()
    return (await db.selectFrom('attachment').select('state').executeTakeFirstOrThrow()).state === 'stored'
  })
})
