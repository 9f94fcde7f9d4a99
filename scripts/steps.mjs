/** Runs one program after another and tells which held. */

import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** @returns the exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options })
    const passOn = (signal) => child.kill(signal)
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, passOn)
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}

/** @returns how many held and how many did not; all are run. */
export async function runAll(steps) {
  const held = []
  for (const { name, command, args } of steps) {
    const began = Date.now()
    const code = await run(command, args)
    const seconds = ((Date.now() - began) / 1000).toFixed(1)
    process.stdout.write(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)\n`)
    held.push(code === 0)
  }
  return { passed: held.filter(Boolean).length, failed: held.filter((each) => !each).length }
}
