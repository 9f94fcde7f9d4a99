/** The page as citizens get it: built by vite, once a run, into the place where the gateway looks. */

import { fileURLToPath } from 'node:url'
import { build } from 'vite'

let built: Promise<unknown> | undefined

export function builtPage(): Promise<unknown> {
  built ??= build({ configFile: fileURLToPath(new URL('../../src/call-page/vite.config.ts', import.meta.url)), logLevel: 'error' })
  return built
}
