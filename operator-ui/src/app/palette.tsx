/** Ctrl+K: everything that can be done right now, by its name; or a search. What is open comes first. */

import { useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { type Command, useAllCommands } from '../commands.ts'
import { writeFilter } from '../filter.ts'
import { Chooser, type Option } from '../ui/chooser.tsx'
import { useWords } from '../words.ts'
import { keyNames } from './key-names.ts'

/** Nearest to the eye first: the open conversation, its reply, the list, and only then the rest of the house. */
const nearest: Command['group'][] = ['conversation', 'write', 'list', 'go', 'general']
const distance = ({ group }: Command) => nearest.indexOf(group)

export default function Palette({ onClose }: { onClose(): void }) {
  const words = useWords()
  const [, navigate] = useLocation()
  const commands = useAllCommands()
  const [typed, setTyped] = useState('')
  const options = useMemo(
    () =>
      commands
        .filter(({ id }) => id !== 'palette')
        .toSorted((a, b) => distance(a) - distance(b))
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
