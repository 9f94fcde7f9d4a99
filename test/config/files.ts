/** A folder for one test's config files. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export const town = `version: 1
municipality: { name: Município de Exemplo }
departments:
  geral: { name: Atendimento geral }
  aguas: { name: { pt: Águas, en: Water } }
`

export function folderWith(files: Record<string, string>): { folder: string; path(name: string): string; write(name: string, text: string): void } {
  const folder = mkdtempSync(join(tmpdir(), 'balcao-config-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = (name: string) => join(folder, name)
  const write = (name: string, text: string) => writeFileSync(path(name), text)
  for (const [name, text] of Object.entries(files)) write(name, text)
  return { folder, path, write }
}
