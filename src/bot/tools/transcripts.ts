/** Conversations written down by the town: played to the bot with a clock of their own, and counted for coverage. */

import { z } from 'zod'
import { formatProblem, readDocument } from '../../core/document.ts'
import { fitShape } from '../../core/fit-shape.ts'
import type { Action, BotInput, Content, Responder } from '../../core/model.ts'
import { createResponder } from '../respond.ts'
import type { Rulebook, RulebookSource } from '../rulebook.ts'
import { languages } from '../shape/text.ts'
import { fold } from '../understand/normalise.ts'
import { departmentsOf, simulate, wallTime, type Scene } from './simulate.ts'

const Said = z.union([z.string(), z.array(z.string()).min(1)])

const Turn = z.strictObject({
  citizen: z.string().optional(),
  /** A choice of the last reply, by its label. */
  press: z.string().optional(),
  file: z.string().optional(),
  location: z.strictObject({ latitude: z.number(), longitude: z.number(), address: z.string().optional() }).optional(),
  /** The answer of the connection that was asked. */
  result: z
    .strictObject({ ok: z.boolean().default(true), status: z.number().default(200), body: z.unknown() })
    .optional(),
  start: z.literal(true).optional(),
  after: z
    .string()
    .regex(/^\d+[smhd]$/, 'write 5s, 10m, 2h or 1d')
    .default('30s'),
  /** Parts of what the bot says, without regard to accents and case. */
  bot: Said.optional(),
  not: Said.optional(),
  choices: z.array(z.string()).optional(),
  /** What the bot does besides: a name, or an action of which these fields must be so. */
  does: z.array(z.union([z.string(), z.looseObject({ do: z.string() })])).optional(),
})

const Transcript = z.strictObject({
  name: z.string().min(1),
  channel: z.string().default('webchat'),
  at: z.string().default('2026-11-23T10:00'),
  language: z.enum(languages).default('pt'),
  citizen: z
    .strictObject({
      name: z.string().nullable().default(null),
      isNew: z.boolean().default(true),
      attributes: z.record(z.string(), z.string()).default({}),
    })
    .prefault({}),
  departments: z.enum(['open', 'closed']).default('open'),
  opensAt: z.string().default('2026-11-24T09:00'),
  /** Where a video call can be taken: everywhere, nowhere, or in these departments. */
  calls: z.union([z.enum(['open', 'closed']), z.array(z.string())]).default('closed'),
  turns: z.array(Turn).min(1),
})
type Transcript = z.infer<typeof Transcript>
const File = z.strictObject({ transcripts: z.array(Transcript).min(1) })

export interface Outcome {
  file: string
  name: string
  failures: string[]
}
export interface Coverage {
  reached: string[]
  missed: string[]
  percent: number
}
export interface TestReport {
  outcomes: Outcome[]
  coverage: Coverage
}

export function playTranscripts(book: Rulebook, sources: readonly RulebookSource[]): TestReport {
  const reached = new Set<string>()
  const responder = createResponder(book, (what) => reached.add(what))
  const outcomes = sources.flatMap(({ name, text }): Outcome[] => {
    const document = readDocument(text, name)
    const { value, problems } = fitShape(document, File)
    if (!value) return [{ file: name, name: 'the file itself', failures: problems.map(formatProblem) }]
    return value.transcripts.map((transcript, index) => {
      const place = (turn: number) => document.problem(['transcripts', index, 'turns', turn], '').line
      return {
        file: name,
        name: transcript.name,
        failures: play(book, responder, transcript).map(({ turn, failure }) => `${name}:${place(turn)} ${failure}`),
      }
    })
  })
  return { outcomes, coverage: coverage(book, reached) }
}

function play(book: Rulebook, responder: Responder, transcript: Transcript): { turn: number; failure: string }[] {
  const zone = book.town.timezone
  const simulation = simulate(sceneOf(book, transcript))
  let now = wallTime(transcript.at, zone).getTime()
  const failures: { turn: number; failure: string }[] = []
  for (const [index, turn] of transcript.turns.entries()) {
    now += millis(turn.after)
    const fail = (failure: string) => failures.push({ turn: index, failure })
    const input = inputOf(turn, simulation.last)
    if (!input) {
      fail(
        `there is no choice «${turn.press}» to press: ${
          choicesOf(simulation.last)
            .map(({ label }) => label)
            .join(' | ') || 'none at all'
        }`,
      )
      continue
    }
    compare(turn, simulation.take(responder, input, new Date(now)), fail)
  }
  return failures
}

function sceneOf(book: Rulebook, transcript: Transcript): Scene {
  const isOpen = transcript.departments === 'open'
  const takesCalls = (id: string) => (Array.isArray(transcript.calls) ? transcript.calls.includes(id) : transcript.calls === 'open')
  const departments = departmentsOf(book).map((id) => ({
    id,
    name: id,
    open: isOpen,
    opensAt: isOpen ? null : wallTime(transcript.opensAt, book.town.timezone),
    waiting: 0,
    operatorsOnline: isOpen ? 1 : 0,
    takesCalls: takesCalls(id),
  }))
  return {
    channel: transcript.channel,
    language: transcript.language,
    now: wallTime(transcript.at, book.town.timezone),
    citizen: transcript.citizen,
    departments: () => departments,
  }
}

function inputOf(turn: z.infer<typeof Turn>, last: Action[]): BotInput | undefined {
  if (turn.start) return { type: 'start' }
  if (turn.result) {
    const request = last.find((action) => action.do === 'request')
    return {
      type: 'result',
      id: request?.id ?? '',
      ok: turn.result.ok,
      status: turn.result.status,
      body: turn.result.body,
    }
  }
  const content: Content = { text: turn.citizen ?? '' }
  if (turn.press !== undefined) {
    const choice = choicesOf(last).find(({ label }) => fold(label) === fold(turn.press ?? ''))
    if (!choice) return undefined
    Object.assign(content, { text: choice.label, chosen: choice.id })
  }
  if (turn.file !== undefined) {
    const isImage = /\.(jpe?g|png)$/i.test(turn.file)
    content.attachments = [
      {
        kind: isImage ? 'image' : 'file',
        source: `file:${turn.file}`,
        mimeType: isImage ? 'image/jpeg' : 'application/octet-stream',
        name: turn.file,
      },
    ]
  }
  if (turn.location) {
    const { latitude, longitude, address } = turn.location
    content.location = { latitude, longitude, ...(address === undefined ? {} : { address }) }
  }
  return { type: 'message', content }
}

function compare(turn: z.infer<typeof Turn>, actions: Action[], fail: (failure: string) => void): void {
  const said = actions.flatMap((action) => (action.do === 'say' ? [action.content.text] : []))
  const whole = fold(said.join('\n'))
  const asked = turn.citizen ?? turn.press ?? turn.file ?? ''
  for (const part of [turn.bot ?? []].flat())
    if (!whole.includes(fold(part))) fail(`«${asked}»: expected «${part}», the bot said «${said.join(' / ')}»`)
  for (const part of [turn.not ?? []].flat())
    if (whole.includes(fold(part))) fail(`«${asked}»: must not say «${part}», the bot said «${said.join(' / ')}»`)
  const labels = choicesOf(actions).map(({ label }) => fold(label))
  for (const label of turn.choices ?? [])
    if (!labels.includes(fold(label)))
      fail(`«${asked}»: expected the choice «${label}», there are ${labels.join(' | ')}`)
  const done = JSON.stringify(actions.filter((action) => action.do !== 'say'))
  for (const wanted of turn.does ?? []) {
    const shape: Record<string, unknown> = typeof wanted === 'string' ? { do: wanted } : wanted
    if (!actions.some((action) => contains(action, shape))) {
      fail(`«${asked}»: expected ${JSON.stringify(wanted)}, the bot did ${done}`)
    }
  }
}

function contains(actual: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return actual === wanted
  if (typeof actual !== 'object' || actual === null) return false
  return Object.entries(wanted).every(([key, value]) => contains((actual as Record<string, unknown>)[key], value))
}

function choicesOf(actions: Action[]) {
  return actions.flatMap((action) => (action.do === 'say' ? [action.content.choices ?? []] : [])).at(-1) ?? []
}

function coverage(book: Rulebook, reached: ReadonlySet<string>): Coverage {
  const all = [
    ...['operator', 'video', 'menu', 'cancel', 'back', 'stop', 'language'].map((id) => `command.${id}`),
    ...Object.keys(book.commands).map((id) => `command.${id}`),
    ...Object.keys(book.menus).map((id) => `menu.${id}`),
    ...Object.keys(book.answers).map((id) => `answer.${id}`),
    ...Object.entries(book.forms).flatMap(([id, form]) => [
      `form.${id}`,
      ...form.steps.map((step) => `step.${id}.${step.id}`),
    ]),
    ...[...book.fallback, 'person'].map((_, index) => `fallback.${index + 1}`),
  ]
  const things = [...new Set(all)]
  const missed = things.filter((thing) => !reached.has(thing))
  return {
    reached: things.filter((thing) => reached.has(thing)),
    missed,
    percent: Math.floor((100 * (things.length - missed.length)) / things.length),
  }
}

function millis(written: string): number {
  return (
    Number(written.slice(0, -1)) *
    { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[written.at(-1) as 's' | 'm' | 'h' | 'd']
  )
}
