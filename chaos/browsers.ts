/** Citizens' pages with the real chat of the town's page, in a process of their own. */

import { spawn } from 'node:child_process'

export interface BrowserPage { said: string[]; /** What stands on it, from top to bottom. */ screen: string[] }
export interface Browsers { end(): Promise<BrowserPage[]> }

export async function openBrowsers(base: string, count: number): Promise<Browsers> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'chaos/browsers-process.ts', base, String(count)], { stdio: ['pipe', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (text: Buffer) => { said += text.toString() })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return {
    async end() {
      child.stdin.end()
      await ended
      return JSON.parse(said) as BrowserPage[]
    },
  }
}
