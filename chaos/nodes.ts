/** Gateway processes: started, killed as kill -9 does, started again. Only those that were started here are ever ended. */

import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export const channels = [
  ...['sms', 'telegram', 'whatsapp', 'teams'].map((id) => ({ id, kind: 'plain' })),
  ...['email', 'webchat'].map((id) => ({ id, kind: 'keyed' })),
]

export interface Nodes {
  /** Those that answer now. */
  urls(): string[]
  start(change?: { offsetMs?: number }): Promise<void>
  /** Kills the oldest and starts another in its place. */
  replace(): Promise<void>
  kills(): number
  /** Megabytes of each, while it runs. */
  stop(): Promise<void>
}

export function openNodes(databaseUrl: string, vendorUrl: string): Nodes {
  const running: { child: ChildProcess; url: string; ended: Promise<void> }[] = []
  let kills = 0

  async function start({ offsetMs = 0 } = {}): Promise<void> {
    const child = spawn(process.execPath, ['--import', 'tsx', 'chaos/gateway-process.ts', JSON.stringify({ databaseUrl, vendorUrl, channels, offsetMs })],
      { stdio: ['pipe', 'pipe', 'inherit'] })
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout! }).on('line', (line) => { if (line.startsWith('ready ')) resolve(line.slice(6)) })
      child.once('exit', (code) => reject(new Error(`a gateway ended with ${code} before it was ready`)))
    })
    running.push({ child, url, ended })
    void ended.then(() => {
      const at = running.findIndex((node) => node.child === child)
      if (at >= 0) running.splice(at, 1)
    })
  }

  return {
    urls: () => running.map(({ url }) => url),
    start,
    async replace() {
      const oldest = running.shift()
      if (oldest) {
        kills += 1
        oldest.child.kill('SIGKILL')
        await oldest.ended
      }
      await start()
    },
    kills: () => kills,
    async stop() {
      for (const { child, ended } of running.splice(0)) {
        child.kill('SIGKILL')
        await ended
      }
    },
  }
}
