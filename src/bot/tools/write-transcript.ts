/** A conversation that was tried out → the transcript that `balcao bot test` plays. */

import { stringify } from 'yaml'
import type { Action } from '../../core/model.ts'
import type { Rulebook } from '../rulebook.ts'
import type { Scene } from './simulate.ts'
import { playTranscripts } from './transcripts.ts'
import type { TriedTurn } from './trial.ts'

/** Enough to know the answer by, and short enough to survive a change of its words. */
const longestPart = 60

/** `at`: the beginning, as the clock on the wall of that town showed it. */
export function writeTranscript(book: Rulebook, scene: Scene, at: string, tried: readonly TriedTurn[]): string {
  const here = scene.departments(scene.now)
  const own = here.find(({ id }) => id === book.settings.department) ?? here[0]
  const takesCalls = here.filter((each) => each.takesCalls).map(({ id }) => id)
  const text = stringify(
    {
      transcripts: [
        {
          name: nameOf(tried),
          channel: scene.channel,
          at,
          language: scene.language,
          ...(!scene.citizen.isNew && { citizen: { isNew: false } }),
          ...(own?.open === false && { departments: 'closed', ...(own.opensAt && { opensAt: onTheWall(own.opensAt, book.town.timezone) }) }),
          ...(takesCalls.length > 0 && { calls: takesCalls }),
          turns: tried.filter(({ isSilent }) => !isSilent).map(turnOf),
        },
      ],
    },
    { lineWidth: 110, singleQuote: true },
  )
  const failures = playTranscripts(book, [{ name: 'transcript', text }]).outcomes.flatMap((each) => each.failures)
  // A transcript has one state of the departments from its beginning to its end.
  return failures.length === 0 ? text : `# Played again it differs; correct by hand:\n${failures.map((each) => `#   ${each.replaceAll('\n', ' ')}\n`).join('')}${text}`
}

function turnOf({ input, after, actions }: TriedTurn): object {
  const said = actions.flatMap((action) => (action.do === 'say' ? [action.content] : []))
  const parts = said.map(({ text }) => partOf(text)).filter((part) => part !== '')
  const labels = said.at(-1)?.choices?.map(({ label }) => label) ?? []
  const does = actions.flatMap(doneBy)
  return {
    ...inputOf(input),
    after: `${Math.max(1, Math.round(after))}s`,
    ...(parts.length > 0 && { bot: parts.length === 1 ? parts[0] : parts }),
    ...(labels.length > 0 && { choices: labels }),
    ...(does.length > 0 && { does }),
  }
}

function inputOf(input: TriedTurn['input']): object {
  if (input.type === 'start') return { start: true }
  if (input.type === 'result') return { result: { ok: input.ok, status: input.status, body: input.body } }
  if (input.type !== 'message') return {}
  return input.content.chosen === undefined ? { citizen: input.content.text } : { press: input.content.text }
}

function doneBy(action: Action): (string | object)[] {
  if (action.do === 'say') return []
  if (action.do === 'answered') return [{ do: 'answered', answer: action.answer }]
  if (action.do === 'hand-off') return [{ do: 'hand-off', ...(action.departmentId && { departmentId: action.departmentId }) }]
  if (action.do === 'submit') return [{ do: 'submit', form: action.form }]
  return [action.do]
}

function partOf(text: string): string {
  const line = text.split('\n').find((each) => each.trim() !== '')?.trim() ?? ''
  if (line.length <= longestPart) return line
  const cut = line.lastIndexOf(' ', longestPart)
  return line.slice(0, cut > 20 ? cut : longestPart)
}

function nameOf(tried: readonly TriedTurn[]): string {
  const first = tried.find(({ input }) => input.type === 'message')?.input
  return first?.type === 'message' ? partOf(first.content.text) || 'conversa' : 'conversa'
}

function onTheWall(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(at).replace(' ', 'T')
}
