/** A rulebook from its folder. */

import { readRulebook, type RulebookReading, type Surroundings } from './rulebook.ts'
import { readSources } from './sources.ts'

export async function loadRulebook(folder: string, surroundings: Surroundings = {}): Promise<RulebookReading> {
  return readRulebook(await readSources(folder), surroundings)
}
