/** Ctrl+K: everything that can be done right now, by its name; or a search. */

import { useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { useAllCommands } from '../commands.ts'
import { writeFilter } from '../filter.ts'
import { Chooser, type Option } from '../ui/chooser.tsx'
import { useWords } from '../words.ts'
import { keyNames } from './key-names.ts'

export default function Palette({ onClose }: { onClose(): void }) {
  const words = useWords()
  const [, navigate] = useLocation()
  const commands = useAllCommands()
  const [typed, setTyped] = useState('')
  const options = useMemo(
    () =>
      commands
        .filter(({ id }) => id !== 'palette')
        .map<Option>((command) => ({
          id: command.id,
          label: command.label,
          group: words.palette.groups[command.group],
          ...(keyNames(command, words) && { hint: keyNames(command, words) }),
        })),
    [commands, words],
  )
  return (
    <Chooser
      title={words.palette.title}
      hint={words.palette.hint}
      options={options}
      onClose={onClose}
      onType={setTyped}
      create={(text) => ({ id: 'search', label: words.palette.findConversation(text), icon: 'search' })}
      onChoose={({ id }) => {
        if (id === 'search') navigate(`/?${writeFilter({ view: 'all', q: typed.trim() })}`)
        else commands.findLast((command) => command.id === id)?.run()
      }}
    />
  )
}
