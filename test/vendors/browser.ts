/** A Chromium for the tests: the machine's own, or the one that npm brings (`CHROME_PATH=npm` asks for that one). */

import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

export interface TestBrowser {
  executablePath: string
  args: string[]
}

const usual = [
  process.env.CHROME_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

let found: Promise<TestBrowser> | undefined

export function findChromium(): Promise<TestBrowser> {
  found ??= find()
  return found
}

async function find(): Promise<TestBrowser> {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const installed = usual.find((path) => path !== undefined && existsSync(path))
  if (installed && process.env.CHROME_PATH !== 'npm') return { executablePath: installed, args }
  const { default: chromium } = await import('@sparticuz/chromium')
  const executablePath = await alone(() => chromium.executablePath())
  return { executablePath, args: [...new Set([...args, ...chromium.args])] }
}

/** It is unpacked on first use: one that another test file has half unpacked would be taken for a whole one. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  const lock = join(tmpdir(), 'balcao-chromium-lock')
  for (const deadline = Date.now() + 60_000; ; await pause(50)) {
    const taken = await mkdir(lock).then(
      () => true,
      () => false,
    )
    if (taken || Date.now() > deadline) break
  }
  return work().finally(() => rm(lock, { recursive: true, force: true }))
}
