/** Takes one guard away at a time: the simulator must see it, or its silence is worth nothing. */

import { afterAll, expect, test } from 'vitest'
import { type Plant, plants } from '../../chaos/simulator/plants.ts'
import type { Servers } from '../../chaos/simulator/servers.ts'
import { openWarm, tell } from '../../chaos/simulator/story.ts'

const open = new Set<Servers>()
afterAll(async () => { for (const servers of open) await servers.close() })

async function serversFor(plant?: Plant): Promise<Servers> {
  const servers = await openWarm(plant?.setUp)
  open.add(servers)
  return servers
}

/** Most are seen within three; a place that changes between two looks, in three of a hundred. */
const enough = 150

test.each(Object.entries<Plant>(plants))('without the guard «%s» a history goes wrong', async (_name, plant: Plant) => {
  const servers = await serversFor(plant)
  const seen: string[] = []
  const from = plant.from ?? 1
  for (let seed = from; seed < from + enough && seen.length === 0; seed += 1) seen.push(...(await tell(seed, servers, plant)).violations)
  expect(seen.filter((violation) => !violation.includes('no longer fits'))).not.toEqual([])
}, 240_000)

test('with all guards in place the same seeds keep every promise, and a seed tells the same history whatever was told before it', async () => {
  const told = new Map<number, string>()
  for (const seeds of [[1, 2, 3, 4, 5], [3, 1]]) {
    const servers = await serversFor()
    for (const seed of seeds) {
      const { violations, digest } = await tell(seed, servers)
      expect(violations, `npm run simulate -- --seed ${seed} --verbose`).toEqual([])
      expect(digest).toBe(told.get(seed) ?? digest)
      told.set(seed, digest)
    }
  }
}, 240_000)
