/** `npm run check`: types, lint, dead code, and who imports whom. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, runAll } from './steps.mjs'

const program = (path) => join(root, 'node_modules', ...path.split('/'))
const tool = (name, path, ...args) => ({ name, command: process.execPath, args: [program(path), ...args] })

const projects = ['tsconfig.json', 'tsconfig.test.json', 'operator-ui/tsconfig.json', 'src/channels/webchat/widget/tsconfig.json', 'src/call-page/tsconfig.json']

export const checks = () => [
  ...projects.filter((file) => existsSync(join(root, file))).map((file) => tool(`types: ${file}`, 'typescript/bin/tsc', '-p', file, '--noEmit')),
  tool('lint', '@biomejs/biome/bin/biome', 'lint', '--error-on-warnings', '.'),
  tool('dead code', 'knip/bin/knip.js', '--no-progress'),
]

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const imports = tool('import map', 'vitest/vitest.mjs', 'run', 'test/architecture.test.ts', '--reporter=dot')
  const { failed } = await runAll([...checks(), imports])
  process.exitCode = failed > 0 ? 1 : 0
}
