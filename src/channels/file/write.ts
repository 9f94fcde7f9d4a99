/** Appends whole lines. Half a line, of a process that died over it, was never said and is cut off. */

import { open } from 'node:fs/promises'
import { SendError } from '../../core/channel.ts'
import { parseBody } from '../json-body.ts'

export interface Out {
  append(line: { key: string } & Record<string, unknown>): Promise<void>
  has(key: string): Promise<boolean>
  close(): Promise<void>
}

export async function openOut(file: string): Promise<Out> {
  const handle = await open(file, 'a+')
  const whole = (await handle.readFile()).lastIndexOf('\n') + 1
  await handle.truncate(whole)
  let end = whole
  // One after the other: two at once could cut each other's lines off.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }
  return {
    append: (line) =>
      inTurn(async () => {
        const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
        try {
          await handle.appendFile(bytes)
          await handle.datasync()
          end += bytes.length
        } catch (error) {
          // A full disk: what got there is taken back, so that a second attempt is the only one.
          await handle.truncate(end)
          throw new SendError('unreachable', { pt: `não se conseguiu escrever (${(error as NodeJS.ErrnoException).code})`, en: `it could not be written (${(error as NodeJS.ErrnoException).code})` })
        }
      }),
    has: (key) =>
      inTurn(async () => {
        const handleOfAll = await open(file)
        for await (const line of handleOfAll.readLines()) if (parseBody(Buffer.from(line)).value?.key === key) return true
        return false
      }),
    close: () => inTurn(() => handle.close()),
  }
}
