/** Notices when files change. By asking every second: editors replace files, and mounted folders send no events. */

import { statSync } from 'node:fs'
import { loadConfig } from '../config.ts'
import type { Problem } from '../core/document.ts'
import type { Kinds } from './channels.ts'
import type { Config } from './shape.ts'

/** A bad change is told and otherwise ignored; the gateway goes on with what it had. Gives the end of the watch. */
export function watchConfig(
  file: string, kinds: Kinds, onChange: (config: Config) => void, onProblems: (problems: Problem[]) => void,
  options: { every?: number; env?: Readonly<Record<string, string | undefined>> } = {},
): () => void {
  let files = [file]
  const reload = async () => {
    const read = await loadConfig(file, kinds, options)
    if ('problems' in read) return onProblems(read.problems)
    files = read.config.readFrom
    onChange(read.config)
  }
  return watchFiles(() => files, reload, options.every)
}

/** Calls `changed` after any of the files is another one than at this moment; never twice at a time. */
export function watchFiles(files: () => readonly string[], changed: () => Promise<void> | void, every = 1_000): () => void {
  let known = marksOf(files())
  let isBusy = false
  const look = async () => {
    const now = marksOf(files())
    if (isBusy || now === known) return
    isBusy = true
    try {
      known = now
      const before = files().join('\n')
      await changed()
      // What changed meanwhile is seen next time; that more is watched from now on is no change.
      if (files().join('\n') !== before) known = marksOf(files())
    } finally {
      isBusy = false
    }
  }
  const timer = setInterval(() => void look(), every)
  timer.unref()
  return () => clearInterval(timer)
}

function marksOf(files: readonly string[]): string {
  return files.map((file) => {
    const found = statSync(file, { throwIfNoEntry: false })
    return found ? `${file} ${found.ino} ${found.size} ${found.mtimeMs}` : `${file} missing`
  }).join('\n')
}
