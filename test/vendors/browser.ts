/** A Chromium for the tests: the machine's own, or the one that npm brings. */

import { existsSync } from 'node:fs'

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
  if (installed) return { executablePath: installed, args }
  const { default: chromium } = await import('@sparticuz/chromium')
  return { executablePath: await chromium.executablePath(), args: [...new Set([...args, ...chromium.args])] }
}
