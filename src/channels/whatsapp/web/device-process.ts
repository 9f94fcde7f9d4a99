/** The process with the browser: started by `device.ts`, one a number. Whatever fails here fails here alone. */

import { deviceOf } from './device-client.ts'
import type { Notice, Order } from './protocol.ts'

const tell = (notice: Notice): void => {
  if (process.connected) process.send?.(notice)
}
const device = deviceOf(tell)

async function leave(code: number): Promise<never> {
  // A browser that hangs must not keep us.
  setTimeout(() => process.exit(code), 8000).unref()
  await device.close().catch(() => undefined)
  process.exit(code)
}

function fall(error: unknown): void {
  // The library throws bare strings, e.g. 'auth timeout'.
  const detail = error instanceof Error ? error.message : String(error)
  tell({ tell: 'ending', ending: 'failed', detail: detail.slice(0, 200) })
  void leave(1)
}
process.on('unhandledRejection', fall)
process.on('uncaughtException', fall)
// Asked to stop by the terminal: the gateway says when.
process.on('SIGINT', () => undefined)
// The gateway is gone: no browser may stay behind.
process.on('disconnect', () => void leave(0))

process.on('message', ({ id, order }: { id: number; order: Order }) => {
  if (order.do === 'close') {
    tell({ tell: 'ending', ending: 'closed', detail: '' })
    void leave(0)
    return
  }
  device.obey(order).then(
    (value) => tell({ answer: id, value }),
    (error: unknown) => tell({ answer: id, ...device.nameOf(error) }),
  )
})
