/** Every list by its name and, where it has one, its key: views, departments, and the views that people saved. */

import { useMemo } from 'react'
import type { ConversationFilter } from '../../../src/operator-api.types.ts'
import { type Command, useCommands } from '../commands.ts'
import { useSavedViews } from '../queries.ts'
import { hasDeadlines, useSession } from '../session-data.tsx'
import { inLanguage, useSpeech } from '../words.ts'

const keyed = [
  ['mine', 'g m'],
  ['waiting', 'g w'],
  ['unanswered', 'g u'],
  ['due', 'g d'],
  ['bot', 'g b'],
  ['all', 'g a'],
  ['closed', 'g c'],
  ['snoozed', 'g z'],
  ['problems', 'g f'],
  ['mentions', 'g @'],
] as const

export function useViewCommands(go: (filter: ConversationFilter) => void): void {
  const { words, language } = useSpeech()
  const session = useSession()
  const saved = useSavedViews().data
  useCommands(
    useMemo<Command[]>(
      () => [
        ...keyed
          .filter(([view]) => view !== 'due' || hasDeadlines(session))
          .map<Command>(([view, keys]) => ({ id: `go-${view}`, group: 'go', label: words.views[view], keys, run: () => go({ view }) })),
        ...session.departments.map<Command>(({ id, name }) => ({
          id: `department-${id}`,
          group: 'go',
          label: inLanguage(name, language),
          run: () => go({ view: 'department', department: id }),
        })),
        ...(saved ?? []).map<Command>(({ id, name, filter }) => ({ id: `saved-${id}`, group: 'go', label: name, run: () => go(filter) })),
      ],
      [words, language, session, saved, go],
    ),
  )
}
