/** From the bot to people, with what the citizen is told: the place in the queue, or when somebody is there again. */

import type { HandOffReason } from '../core/model.ts'
import { noteOf } from './form-note.ts'
import { say, word, write, type Turn } from './turn.ts'

export function handOff(turn: Turn, wanted: string | undefined, reason: HandOffReason, before?: string): void {
  const { book, context, memory } = turn
  const find = (id: string | undefined) => context.departments.find((each) => each.id === id)
  // A department that the config does not know would be a queue that nobody sees.
  const department = find(wanted) ?? find(book.settings.department) ?? context.departments[0]
  const texts = book.handover.departments[department?.id ?? ''] ?? {}
  const open = department?.open ?? false
  const text = open
    ? (texts.open ?? book.handover.open ?? book.texts['handover-open'])
    : (texts.closed ?? book.handover.closed ?? book.texts['handover-closed'])
  const said = write(turn, text, {
    department: {
      name: department?.name ?? book.town.name,
      position: (department?.waiting ?? 0) + 1,
      opensAt: department?.opensAt,
    },
  })
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
