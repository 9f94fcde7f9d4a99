/** The files of config/bot, read from the disk. */

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readRulebook, type RulebookReading, type RulebookSource, type Surroundings } from './rulebook.ts'

export async function loadRulebook(folder: string, surroundings: Surroundings = {}): Promise<RulebookReading> {
  return readRulebook(await readSources(folder), surroundings)
}

export async function readSources(folder: string): Promise<RulebookSource[]> {
  const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => ({ name: join(folder, name), text: await readFile(join(folder, name), 'utf8') })),
  )
}
