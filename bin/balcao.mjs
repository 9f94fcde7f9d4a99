#!/usr/bin/env node
/** The command `balcao`: builds what has changed, then runs it. */

import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Balcão needs Node 20.19 or newer; this is ${process.versions.node}.\n`)
  process.exit(1)
}

const build = new URL('../scripts/build.mjs', import.meta.url)
if (existsSync(build)) {
  try {
    await (await import(build.href)).buildIfStale()
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}
// Node 22 and later keep what they have compiled for the next start; where the folder may not be written, they go without.
module.enableCompileCache?.(fileURLToPath(new URL('../dist/.compiled', import.meta.url)))
await import('../dist/gateway/main.js')
