import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findStrays, importsIn, importsOf, sources } from './architecture.ts'

const root = join(import.meta.dirname, '..')

test('imports follow the map', () => {
  const imports = importsOf(root)
  expect(imports.length).toBeGreaterThan(200)
  expect(findStrays(imports)).toEqual([])
})

test.each([
  ['src/core/gateway.ts', `import { telegram } from '../channels/telegram/index.ts'`],
  ['src/core/gateway.ts', `import type { Config } from '../config.ts'`],
  ['src/core/store/write.ts', `import '../../server.ts'`],
  ['src/core/act.ts', `export { respond } from '../bot/respond.ts'`],
  ['src/bot/respond.ts', `import { gateway } from '../core/gateway.ts'`],
  ['src/bot/respond.ts', `const it = await import('../core/store/write.ts')`],
  ['src/channels/sms/send.ts', `import { words } from '../email/words.ts'`],
  ['src/channels/sms/send.ts', `import {\n  one,\n  two,\n} from '../../core/gateway.ts'`],
  ['src/channels/sms/send.ts', `import { kinds } from '../index.ts'`],
  ['src/channels/pause.ts', `import { words } from './email/words.ts'`],
  ['src/channels/pause.ts', `import { fit } from '../core/fit.ts'`],
  ['src/start.ts', `import { send } from './channels/sms/send.ts'`],
  ['src/start.ts', `import { run } from './cli/start.ts'`],
  ['src/database.ts', `import { migrate } from './core/store/migrate.ts'`],
  ['operator-ui/src/api.ts', `import { sendFailures } from '../../src/core/channel.ts'`],
  ['operator-ui/src/api.ts', `import type { Gateway } from '../../src/core/gateway.ts'`],
])('a stray is seen: %s, %s', (file, text) => {
  expect(findStrays(importsIn(file, text))).toHaveLength(1)
})

test('what is allowed is not called a stray', () => {
  const fine: [string, string][] = [
    ['src/channels/sms/send.ts', `import { SendError } from '../../core/channel.ts'\nimport { words } from './words.ts'`],
    ['operator-ui/src/api.ts', `import type { Session } from '../../src/operator-api.types.ts'`],
    ['src/start.ts', `import { kinds } from './channels/index.ts'`],
  ]
  expect(fine.flatMap(([file, text]) => findStrays(importsIn(file, text)))).toEqual([])
})

test('every channel has the same four files', () => {
  // The web chat's page reads from our own store: there is no request to render.
  const pulls = ['webchat']
  const folders = readdirSync(join(root, 'src/channels'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  for (const { name } of folders) {
    expect(readdirSync(join(root, 'src/channels', name)), name).toEqual(expect.arrayContaining(['index.ts', 'normalise.ts', 'transport.ts', ...(pulls.includes(name) ? [] : ['render.ts'])]))
  }
})

test('no file is called utils, helpers, manager, service, handler or base', () => {
  expect(sources(root).filter((file) => /(^|[/-])(utils?|helpers?|manager|service|handlers?|base)(\.tsx?$|\/)/.test(file))).toEqual([])
})

test('each source file says in its first line what it is for', () => {
  const silent = sources(root).filter((file) => !/\.d\.ts$/.test(file) && !readFileSync(join(root, file), 'utf8').startsWith('/**'))
  expect(silent).toEqual([])
})

test('no test is left out or runs alone', () => {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file))
  const marked = files.filter((file) => /\b(it|test|describe)\.(only|skip|todo)\b|vi\.mock\(/.test(readFileSync(join(root, 'test', file), 'utf8').replaceAll(/^\s*(\/\/|\*).*$/gm, '')))
  expect(marked.filter((file) => file !== 'architecture.test.ts')).toEqual([])
})
