/** WhatsApp's linked device in a storm of its own: a whole browser beside six other vendors is more than a small machine carries. */

import { expect, test } from 'vitest'
import { chanceOf } from '../../../chaos/random.ts'
import { storm } from './storm.ts'
import { whatsappWebRow } from './whatsapp-web.ts'

const seed = Number(process.env.STORM_SEED ?? 20_261_126)

test('linked: each message in is stored once, each message out arrives once, and in order, though the gateway is killed in the middle', async () => {
  const { linked } = await storm({ linked: await whatsappWebRow(chanceOf(seed + 8)) })
  console.log(`STORM_SEED=${seed} linked ${JSON.stringify(linked!.figures)}`)
  expect(linked!.problems).toEqual([])
}, 900_000)
