/** Gateway processes: started, killed as kill -9 does, ended politely, started again. Only those that were started here are ever ended. */

import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export const plainChannels = ['sms', 'telegram', 'whatsapp', 'teams']
export const keyedChannels = ['email', 'webchat']

export type ChannelBlocks = Record<string, { kind: string } & Record<string, unknown>>
export const blocksFor = (vendorUrl: string): ChannelBlocks => Object.fromEntries([
  ...plainChannels.map((id) => [id, { kind: 'plain', vendorUrl }]), ...keyedChannels.map((id) => [id, { kind: 'keyed', vendorUrl }]),
])

export interface NodeStart {
  /** Another build of the gateway. */
  root?: string
  /** Where it keeps its files. */
  filesIn?: string
}

export interface Nodes {
  /** Those that answer now. */
  urls(): string[]
  start(change?: NodeStart): Promise<void>
  /** Kills the oldest and starts another in its place. */
  replace(): Promise<void>
  /** The oldest gets no new request, ends what it has begun, and goes. Gives milliseconds. */
  retire(): Promise<number>
  /** The oldest one's clock is so far ahead from now on. */
  setClock(aheadMs: number): void
  kills(): number
  stop(): Promise<void>
}

/** `secrets`: by the names that the channels' blocks give them. `dataFolder`: that of a single gateway, which outlives its deaths. */
export function openNodes(databaseUrl: string, channels: ChannelBlocks, { secrets = {}, dataFolder }: { secrets?: Record<string, string>; dataFolder?: string } = {}): Nodes {
  const running: { child: ChildProcess; url: string; ended: Promise<void> }[] = []
  let kills = 0

  /** As whatever keeps a gateway running does: one that could not start is started again. */
  async function start(change: NodeStart = {}): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await startOnce(change)
      } catch (error) {
        if (attempt === 10) throw error
      }
    }
  }

  async function startOnce({ root = process.cwd(), filesIn }: NodeStart): Promise<void> {
    const child = spawn(process.execPath, ['--no-deprecation', '--import', 'tsx', 'chaos/gateway-process.ts', JSON.stringify({ databaseUrl, channels, dataFolder })],
      { cwd: root, stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...secrets, ...(filesIn && { TMPDIR: filesIn }) } })
    // It may be gone already when something is said to it.
    child.stdin!.on('error', () => undefined)
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
    async retire() {
      const oldest = running.shift()
      if (!oldest) return 0
      const begun = Date.now()
      oldest.child.kill('SIGTERM')
      await oldest.ended
      return Date.now() - begun
    },
    setClock(aheadMs) { running[0]?.child.stdin?.write(`clock ${aheadMs}\n`) },
    kills: () => kills,
    async stop() {
      for (const { child, ended } of running.splice(0)) {
        child.kill('SIGKILL')
        await ended
      }
    },
  }
}
