/** From the bot to people, with what the citizen is told: the place in the queue, or when somebody is there again. */

import type { DepartmentNow, HandOffReason } from '../core/model.ts'
import { noteOf } from './form-note.ts'
import { say, word, write, type Turn } from './turn.ts'

export function handOff(turn: Turn, wanted: string | undefined, reason: HandOffReason, before?: string): void {
  const { book, memory } = turn
  const department = departmentFor(turn, wanted)
  const texts = book.handover.departments[department?.id ?? ''] ?? {}
  const open = department?.open ?? false
  const text = open
    ? (texts.open ?? book.handover.open ?? book.texts['handover-open'])
    : (texts.closed ?? book.handover.closed ?? book.texts['handover-closed'])
  const said = write(turn, text, departmentValues(turn, department))
  if (memory.form) turn.actions.push({ do: 'note', text: noteOf(turn, memory.form) })
  say(turn, before === undefined ? said : `${before}\n\n${said}`)
  turn.actions.push({
    do: 'hand-off',
    reason,
    ...(department ? { departmentId: department.id } : {}),
    ...(memory.topic ? { topic: memory.topic } : {}),
  })
  delete memory.form
  delete memory.helpful
  delete memory.waiting
  delete memory.missedAt
  Object.assign(memory, {
    handedOff: true,
    offered: [],
    misses: 0,
    fragments: 0,
    recent: [],
    loops: 0,
    last: { key: '', times: 0 },
  })
}

/** Who is asked for; else whose conversation it is; else the general counter. */
export function departmentFor({ book, context }: Turn, wanted: string | null | undefined): DepartmentNow | undefined {
  const find = (id: string | null | undefined) => context.departments.find((each) => each.id === id)
  // A department that the config does not know would be a queue that nobody sees.
  for (const id of [wanted, context.department, book.settings.department]) {
    const department = find(id)
    if (department) return department
  }
  return context.departments[0]
}

/** For texts: `{{ department.name }}`. */
export const departmentValues = ({ book }: Turn, department: DepartmentNow | undefined) => ({
  department: {
    name: department?.name ?? book.town.name,
    position: (department?.waiting ?? 0) + 1,
    opensAt: department?.opensAt,
  },
})

/** The bot itself failed: nothing of the rulebook is needed to reach people. */
export function rescue(turn: Turn, error: unknown): void {
  turn.actions.length = 0
  delete turn.memory.form
  turn.actions.push({
    do: 'note',
    text: `Bot: ${error instanceof Error ? `${error.name}: ${error.message.slice(0, 200)}` : 'unknown error'}`,
  })
  handOff(turn, undefined, 'bot-failed', word(turn, 'bot-failed'))
}
