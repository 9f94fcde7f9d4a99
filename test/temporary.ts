/** A temp folder of its own for a test run: whatever a test, a killed gateway or a browser leaves in it goes away with the run. */

import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Vitest's globalSetup, before the database's. Gives what vitest calls when all is over. */
export function setup(): () => Promise<void> {
  const before = process.env.TMPDIR
  const folder = mkdtempSync(join(tmpdir(), 'balcao-run-'))
  // As the machine's: daemons that give up root write there too.
  chmodSync(folder, 0o1777)
  process.env.TMPDIR = folder
  // Outlives us for a moment: when we are killed, its input ends, and it clears away what those who die after us still write.
  const warden = spawn('sh', ['-c', 'read -r wait; for again in 1 2 3 4 5; do rm -rf "$0"; sleep 1; done', folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  warden.unref()
  return async () => {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    // Browsers that were just closed may still write.
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    warden.kill()
  }
}
