/** The rulebook as it was last found right, kept in the data folder: to read and check the same one again would cost each start a second. */

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Rulebook } from './bot/rulebook.ts'

/** What the program was built from: another one may check otherwise. Not built, nothing is kept. */
const stamp = fileURLToPath(new URL('./.built-from', import.meta.url))
const program = existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined

export interface KeptRulebook {
  /** undefined: none that was made of the very same. */
  take(): Promise<Rulebook | undefined>
  keep(rulebook: Rulebook): Promise<void>
}

/** `madeFrom`: all that the rulebook and its being right depend on. */
export function keptRulebook(folder: string, madeFrom: unknown, by = program): KeptRulebook {
  const file = path.join(folder, 'rulebook.json')
  const key = createHash('sha256').update(JSON.stringify([by, madeFrom])).digest('hex')
  return {
    async take() {
      if (by === undefined) return undefined
      try {
        const kept = JSON.parse(await readFile(file, 'utf8')) as { key: string; rulebook: Rulebook }
        return kept.key === key ? kept.rulebook : undefined
      } catch {
        return undefined
      }
    },
    async keep(rulebook) {
      if (by === undefined) return
      // Half a file is never seen; where none can be written, the next start only takes longer.
      const fresh = `${file}.${process.pid}`
      await mkdir(folder, { recursive: true })
        .then(() => writeFile(fresh, JSON.stringify({ key, rulebook }), { mode: 0o600 })).then(() => rename(fresh, file)).catch(() => undefined)
    },
  }
}
