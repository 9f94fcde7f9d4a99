/** The inbox as it is now, built into a folder of its own: no test looks at yesterday's page. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

export async function builtInbox(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'balcao-inbox-'))
  // The test runner's own mode would build the page for developers.
  const mode = process.env.NODE_ENV
  process.env.NODE_ENV = 'production'
  await build({
    configFile: fileURLToPath(new URL('../../operator-ui/vite.config.ts', import.meta.url)),
    logLevel: 'error', build: { outDir: folder, emptyOutDir: true },
  }).finally(() => { process.env.NODE_ENV = mode })
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}
