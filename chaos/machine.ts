/** What a page of figures says of where they come from. */

import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'

export const commitNow = () => execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()

export const machine = () => `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`

export const today = () => new Date().toISOString().slice(0, 10)
