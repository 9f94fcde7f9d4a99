/** The keys of a command as people read them. */

import type { Command } from '../commands.ts'
import type { Words } from '../words.ts'

export function keyNames(command: Command, words: Words): string {
  if (command.shown) return command.shown
  return (
    command.keys
      ?.split(' ')
      .map((key) => (key.length === 1 ? key.toUpperCase() : key))
      .join(` ${words.palette.then} `) ?? ''
  )
}
