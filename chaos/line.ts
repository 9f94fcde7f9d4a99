/** A line, to PostgreSQL or to a gateway, that can be slow, be cut, or swallow everything without a word. */

import { createServer, connect, type Socket } from 'node:net'

export interface Line {
  url: string
  delayMs: number
  /** Lines that are open now go dead: no answer, no end. New ones work. */
  swallow(): void
  /** Lines that are open now are cut. */
  cut(): void
  close(): Promise<void>
}

export async function openLine(target: string): Promise<Line> {
  const to = new URL(target)
  const pairs = new Set<{ near: Socket; far: Socket; dead: boolean }>()
  const server = createServer((near) => {
    const far = connect(Number(to.port), to.hostname)
    const pair = { near, far, dead: false }
    pairs.add(pair)
    const pass = (from: Socket, into: Socket) => from.on('data', (bytes) => {
      if (pair.dead) return
      if (line.delayMs === 0) into.write(bytes)
      else setTimeout(() => { if (!pair.dead && !into.destroyed) into.write(bytes) }, line.delayMs)
    })
    pass(near, far)
    pass(far, near)
    for (const socket of [near, far]) {
      socket.on('error', () => undefined)
      socket.on('close', () => {
        // Of a dead line, the other end does not learn that one has hung up.
        if (pair.dead) return
        pairs.delete(pair)
        near.destroy()
        far.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = new URL(target)
  url.port = String(typeof address === 'object' && address ? address.port : 0)
  const line: Line = {
    url: url.href.replace(/\/$/, ''),
    delayMs: 0,
    swallow() { for (const pair of pairs) pair.dead = true },
    cut() { for (const { near } of pairs) near.destroy() },
    close: () => new Promise((resolve) => {
      for (const { near, far } of pairs) {
        near.destroy()
        far.destroy()
      }
      server.close(() => resolve())
    }),
  }
  return line
}
