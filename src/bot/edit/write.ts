/** A file of the rulebook in place of itself: whole or not at all, for every process that reads it. */

import { open, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

export async function replaceFile(name: string, text: string): Promise<void> {
  // Where it is a link, what it leads to is the file.
  const file = await realpath(name)
  const { mode } = await stat(file)
  // Its name is none that is read as a part of the rulebook.
  const aside = join(dirname(file), `.${basename(file)}.${process.pid}`)
  try {
    const handle = await open(aside, 'w', mode & 0o777)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(aside, file)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
}
