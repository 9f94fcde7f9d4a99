import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { kinds } from '../../src/channels/index.ts'
import { loadConfig } from '../../src/config.ts'
import { jsonSchema } from '../../src/config/json-schema.ts'
import { formatProblem } from '../../src/core/document.ts'
import { folderWith } from './files.ts'

const folder = join(import.meta.dirname, '../../config')
const sample = readFileSync(join(folder, 'gateway.yaml'), 'utf8')

test('the config that comes with the project is right as it stands', async () => {
  const read = await loadConfig(join(folder, 'gateway.yaml'), kinds, { env: {} })
  expect('problems' in read ? read.problems.map(formatProblem) : []).toEqual([])
})

test('what it shows and leaves commented out is right too', async () => {
  const uncommented = sample.replaceAll(/^( *)#(?=\S|  )/gm, '$1')
  expect(uncommented).not.toBe(sample)
  const at = folderWith({ 'gateway.yaml': uncommented.replace(' yaml-language-server', '# yaml-language-server') })
  const names = [...uncommented.matchAll(/env: (\w+)/g)].map(([, name]) => name!)
  const env = Object.fromEntries(names.filter((name) => name !== 'NAME').map((name) => [name, name === 'TELEGRAM_TOKEN' ? '1234:abc' : 'x'.repeat(32)]))
  const read = await loadConfig(at.path('gateway.yaml'), kinds, { env, thorough: true })
  expect('problems' in read ? read.problems.map(formatProblem) : []).toEqual([])
  const shown = 'config' in read ? [...new Set(read.config.channels.map(({ kind }) => kind))].sort() : []
  // What has a page for admins is shown; the example for developers has none.
  const forAdmins = Object.keys(kinds).filter((kind) => existsSync(join(folder, `../docs/channels/${kind}.md`)))
  expect(forAdmins.length).toBeGreaterThan(5)
  expect(shown).toEqual(forAdmins.sort())
})

test('config/gateway.schema.json is up to date: if not, run `npx balcao schema --write config/gateway.schema.json`', async () => {
  expect(readFileSync(join(folder, 'gateway.schema.json'), 'utf8')).toBe(await jsonSchema(kinds))
})
