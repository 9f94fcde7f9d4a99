/** Chromiums for the tests: the machine's own, and the one that npm brings (`CHROME_PATH=npm` asks for nothing but that one). */

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

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
let shell: Promise<TestBrowser> | undefined

/** A whole browser, as a town hall has it. */
export function findChromium(): Promise<TestBrowser> {
  found ??= find()
  return found
}

/** For tests of our pages: the same engine without a browser's windows, where it runs; half the work a page. */
export function findHeadlessChromium(): Promise<TestBrowser> {
  shell ??= findShell()
  return shell
}

// Chromium refuses its sandbox to root.
const own = process.getuid?.() === 0 ? ['--no-sandbox'] : []

async function find(): Promise<TestBrowser> {
  const installed = usual.find((path) => path !== undefined && existsSync(path))
  if (installed && process.env.CHROME_PATH !== 'npm') return { executablePath: installed, args: own }
  const { default: chromium } = await import('@sparticuz/chromium')
  return { executablePath: await unpacked(), args: [...new Set([...own, ...chromium.args])] }
}

async function findShell(): Promise<TestBrowser> {
  const asked = process.env.CHROME_PATH
  if (process.platform !== 'linux' || process.arch !== 'x64' || (asked && asked !== 'npm')) return findChromium()
  const executablePath = await unpacked()
  // It lacks a library where no browser was ever installed.
  const runs = await promisify(execFile)(executablePath, ['--version']).then(() => true, () => false)
  // Not its package's own arguments: they switch off what keeps pages apart.
  return runs ? { executablePath, args: [...own, '--disable-gpu', '--disable-software-rasterizer'] } : findChromium()
}

/** Kept beside the packages: a run's temp folder goes away with it. */
async function unpacked(): Promise<string> {
  const { default: chromium } = await import('@sparticuz/chromium')
  const kept = new URL('../../node_modules/.cache/balcao-chromium/', import.meta.url).pathname
  const file = join(kept, 'chromium')
  await mkdir(kept, { recursive: true })
  return alone(join(kept, 'lock'), async () => {
    if (!existsSync(file)) {
      const whole = await chromium.executablePath()
      await copyFile(whole, `${file}.part`)
      await rename(`${file}.part`, file)
    }
    return file
  })
}

/** It is unpacked on first use: one that another test file has half unpacked would be taken for a whole one. */
async function alone<T>(lock: string, work: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + 60_000; ; await pause(50)) {
    const taken = await mkdir(lock).then(
      () => true,
      () => false,
    )
    if (taken || Date.now() > deadline) break
  }
  return work().finally(() => rm(lock, { recursive: true, force: true }))
}
