#!/usr/bin/env node
/** The command `balcao`: builds what has changed, then runs it. */

import { existsSync } from 'node:fs'

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
await import('../dist/main.js')
