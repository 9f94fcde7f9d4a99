/** WhatsApp's linked device in a storm of its own: a whole browser beside six other vendors is more than a small machine carries. */

import { expect, test } from 'vitest'
import { opened, seed } from './chosen.ts'
import { storm } from './storm.ts'
import { whatsappWebRow } from './whatsapp-web.ts'

test('linked: each message in is stored once, each message out arrives once, and in order, though the gateway is killed in the middle', async ({ skip }) => {
  const { linked } = await storm(await opened([{ id: 'linked', kind: 'whatsapp', open: whatsappWebRow }], 8))
  skip(!linked, 'not among STORM_CHANNELS')
  console.log(`STORM_SEED=${seed} linked ${JSON.stringify(linked!.figures)}`)
  expect(linked!.problems).toEqual([])
}, 900_000)
