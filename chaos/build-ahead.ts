/** A second build of the gateway: this code, and a migration that only adds. */

import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const planted = `alter table conversation add column planted text default 'by the next build'`

export function buildAhead(): { root: string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), 'balcao-chaos-build-'))
  for (const part of ['src', 'test', 'chaos', 'config', 'package.json', 'tsconfig.json']) cpSync(part, join(root, part), { recursive: true })
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'))
  const file = join(root, 'src/core/store/migrate.ts')
  const text = readFileSync(file, 'utf8')
  const place = 'const migrations: Record<string, string> = {'
  if (!text.includes(place)) throw new Error(`the next build cannot be made: «${place}» is not in migrate.ts`)
  writeFileSync(file, text.replace(place, `${place}\n  '999-planted': ${JSON.stringify(planted)},`))
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) }
}
