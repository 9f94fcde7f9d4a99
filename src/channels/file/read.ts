/** Takes each whole line that is appended to a file, once and in order, also across restarts. */

import { type FileHandle, open } from 'node:fs/promises'
import { type Host, SendError, inBoth } from '../../core/channel.ts'
import { fields, number } from '../fields.ts'
import { parseBody } from '../json-body.ts'
import { backoffMs, pause } from '../pause.ts'
import type { State } from '../state.ts'
import type { FilePayload } from './normalise.ts'

/** No line is longer; what is, is kept as corrupt in pieces. */
const longest = 1_000_000
const newline = 0x0a

interface Following {
  file: string
  everyMs: number
  host: Host<FilePayload>
  state: State
  closed: AbortSignal
}

/** Resolves when closed. */
export async function follow({ file, everyMs, host, state, closed }: Following): Promise<void> {
  let failures = 0
  while (!closed.aborted) {
    try {
      const more = await takeSome(file, host)
      failures = 0
      state.tell('connected')
      if (!more) await pause(everyMs, closed)
    } catch (error) {
      failures += 1
      state.failed(new SendError('unreachable', inBoth(codeOf(error))))
      await pause(backoffMs(failures, host.random), closed)
    }
  }
}

/** True when something was taken, and more may be there. */
async function takeSome(file: string, host: Host<FilePayload>): Promise<boolean> {
  const from = number(fields(await host.cursor.load())?.at) ?? 0
  const handle = await open(file).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  })
  if (!handle) return false
  try {
    // Shorter than what we have read: it was begun anew.
    const at = (await handle.stat()).size < from ? 0 : from
    const bytes = await readFrom(handle, at)
    const end = bytes.lastIndexOf(newline) + 1 || (bytes.length === longest ? longest : 0)
    if (end === 0) return false
    for (let start = 0; start < end; ) {
      const stop = bytes.indexOf(newline, start)
      const line = bytes.subarray(start, stop === -1 ? end : stop)
      if (line.length > 0) await take(line, host)
      start = stop === -1 ? end : stop + 1
    }
    // After it is stored: what we die over is read again, and known by its id.
    await host.cursor.save({ at: at + end })
    return true
  } finally {
    await handle.close()
  }
}

async function readFrom(handle: FileHandle, position: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(longest)
  const { bytesRead } = await handle.read({ buffer, position })
  return buffer.subarray(0, bytesRead)
}

async function take(line: Buffer, host: Host<FilePayload>): Promise<void> {
  const { value, problem } = parseBody(line)
  if (value) await host.receive(value)
  else await host.receiveCorrupt(line.toString('utf8'), problem)
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).name
