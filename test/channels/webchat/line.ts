/** A line that can be cut: a TCP proxy between a browser and a gateway that may not be there. */

import { createServer, connect as dial, type Socket } from 'node:net'

export interface Line {
  url: string
  /** How often it was cut so far. */
  cuts: number
  /** Where it leads; undefined: nobody answers. */
  lead(target: string | undefined): Promise<void>
  /** Ends every connection in the middle of whatever it is doing. */
  cut(): void
  open(): number
  close(): Promise<void>
}

export async function openLine(target?: string): Promise<Line> {
  const sockets = new Set<Socket>()
  let leadsTo = target ? new URL(target) : undefined
  const server = createServer((near) => {
    if (!leadsTo) return void near.destroy()
    const far = dial(Number(leadsTo.port), leadsTo.hostname)
    for (const [socket, other] of [[near, far], [far, near]] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as { port: number }
  const stop = () => new Promise<void>((resolve) => {
    for (const socket of sockets) socket.destroy()
    if (server.listening) server.close(() => resolve())
    else resolve()
  })
  if (!leadsTo) await stop()

  const line: Line = {
    url: `http://127.0.0.1:${port}`,
    cuts: 0,
    async lead(next) {
      leadsTo = next ? new URL(next) : undefined
      if (!leadsTo) await stop()
      else if (!server.listening) await listen(port)
    },
    cut() {
      line.cuts += 1
      for (const socket of sockets) socket.destroy()
    },
    open: () => sockets.size / 2,
    close: stop,
  }
  return line
}
