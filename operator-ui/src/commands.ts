/** What can be done right now, told by the parts of the page that can do it; palette, keys and key sheet read it. */

import { useEffect, useSyncExternalStore } from 'react'

export interface Command {
  id: string
  label: string
  group: 'go' | 'list' | 'conversation' | 'write' | 'general'
  /** 'r', '?', or two keys one after the other: 'g m'. */
  keys?: string
  /** Shown beside, where the key is not ours to handle (Ctrl+Enter belongs to the composer). */
  shown?: string
  run(): void
}

let registered: Command[][] = []
let all: Command[] = []
const watchers = new Set<() => void>()

function changed(next: Command[][]) {
  registered = next
  all = next.flat()
  for (const watch of watchers) watch()
}

/** Pass a memoised list. The newest one to register a key has it. */
export function useCommands(commands: Command[]): void {
  useEffect(() => {
    changed([...registered, commands])
    return () => changed(registered.filter((list) => list !== commands))
  }, [commands])
}

const subscribe = (watch: () => void) => {
  watchers.add(watch)
  return () => {
    watchers.delete(watch)
  }
}

export function useAllCommands(): Command[] {
  return useSyncExternalStore(subscribe, () => all)
}

/** Two keys one after the other within this time are one command. */
const sequenceMs = 900

export function useKeys(singleKeys: boolean): void {
  useEffect(() => {
    if (!singleKeys) return
    let first = ''
    let firstAt = 0
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
      if (isWriting(event.target) || document.querySelector('dialog[open]')) return
      const pair = event.timeStamp - firstAt < sequenceMs ? `${first} ${event.key}` : ''
      const command = findLast(pair) ?? findLast(event.key)
      first = event.key
      firstAt = event.timeStamp
      if (!command) return
      event.preventDefault()
      firstAt = 0
      command.run()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [singleKeys])
}

const findLast = (keys: string) => (keys ? all.findLast((command) => command.keys === keys) : undefined)

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.isContentEditable ||
    target.closest('input:not([type=checkbox]):not([type=radio]), textarea, select') !== null
  )
}
