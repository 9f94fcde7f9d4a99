/** The YAML files of a folder, read from the disk: a rulebook, or its transcripts. */

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RulebookSource } from './rulebook.ts'

export async function readSources(folder: string): Promise<RulebookSource[]> {
  const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => ({ name: join(folder, name), text: await readFile(join(folder, name), 'utf8') })),
  )
}
