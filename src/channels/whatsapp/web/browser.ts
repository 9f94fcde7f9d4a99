/** Where the browser is, how it is started, and how one that was left behind is put away. */

import { existsSync } from 'node:fs'
import { readFile, readlink, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { WebConfig } from '../config.ts'

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

export function findBrowser(config: WebConfig): string | undefined {
  const named = config.executablePath ?? process.env.CHROME_PATH
  return named ? (existsSync(named) ? named : undefined) : usual.find((path) => existsSync(path))
}

export function browserArguments(config: WebConfig): string[] {
  // Chromium refuses its sandbox to root; containers often run as root.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return [...asRoot, '--disable-dev-shm-usage', '--disable-gpu', '--no-first-run', ...config.browserArguments]
}

/**
 * A lock left by a browser that was killed keeps the next one from starting. One that still closes, after our process
 * died, is waited for: two browsers would spoil the profile.
 */
export async function clearLocks(profile: string): Promise<void> {
  const [, host, pid] = /^(.*)-(\d+)$/.exec(await readlink(join(profile, 'SingletonLock')).catch(() => '')) ?? []
  if (pid && host === hostname()) {
    for (let waited = 0; waited < 100 && (await isOf(profile, Number(pid))); waited++) {
      if (waited === 50) process.kill(Number(pid), 'SIGKILL')
      await pause(200)
    }
  }
  for (const lock of ['SingletonLock', 'SingletonCookie', 'SingletonSocket'])
    await rm(join(profile, lock), { force: true })
}

/** The number may belong to somebody else by now. */
async function isOf(profile: string, pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return command.includes(profile)
}
