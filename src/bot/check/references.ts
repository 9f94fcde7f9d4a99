/** Every name that is used must exist; every answer must be within reach. */

import { nearest } from '../../core/nearest.ts'
import { conditionsIn, type Condition } from '../condition.ts'
import type { Check, Report, Rulebook, Surroundings } from '../rulebook.ts'
import type { Command } from '../shape/file.ts'
import { splitRef } from '../shape/text.ts'

type Path = (string | number)[]

/** Commands that the engine knows by itself; others need a `go`. */
export const builtInCommands = [
  'operator',
  'video',
  'menu',
  'cancel',
  'back',
  'stop',
  'language',
  'gdpr-erase',
  'gdpr-access',
]

/** What is said when nobody can take a call: in general, and of each department of its own. */
export function* closedTexts(id: string, { closed }: Command) {
  if (!closed) return
  const path: Path = ['commands', id, 'closed']
  yield [path, closed] as const
  for (const [department, own] of Object.entries(closed.departments))
    yield [[...path, 'departments', department], own] as const
}

export const checkReferences: Check = (book, report, surroundings) => {
  const reached = new Set<string>()
  const look = lookIn(book, report, surroundings, reached)

  look.department(['settings', 'department'], book.settings.department)
  if (book.settings.menu) look.name(['settings', 'menu'], 'menu', book.settings.menu, book.menus)
  for (const [id, command] of Object.entries(book.commands)) {
    const path: Path = ['commands', id]
    if (command.department) look.department([...path, 'department'], command.department)
    if (command.menu) look.name([...path, 'menu'], 'menu', command.menu, book.menus)
    if (command.go) look.ref([...path, 'go'], command.go)
    for (const [at, { links, offer }] of closedTexts(id, command)) {
      for (const [index, link] of (links ?? []).entries()) look.name([...at, 'links', index], 'link', link, book.links)
      for (const [index, ref] of (offer ?? []).entries()) look.ref([...at, 'offer', index], ref)
    }
    for (const department of Object.keys(command.closed?.departments ?? {}))
      look.department([...path, 'closed', 'departments', department], department)
    if (!builtInCommands.includes(id)) {
      if (!command.go) report(path, 'a command of your own needs a "go"')
      if (!command.phrases) report(path, 'a command of your own needs "phrases"')
    }
  }
  for (const [id, menu] of Object.entries(book.menus)) {
    for (const [index, option] of menu.options.entries()) {
      look.ref(['menus', id, 'options', index, 'go'], option.go)
      look.condition(['menus', id, 'options', index, 'when'], option.when)
    }
  }
  for (const [id, answer] of Object.entries(book.answers)) {
    const path: Path = ['answers', id]
    if (answer.department) look.department([...path, 'department'], answer.department)
    for (const [index, link] of answer.links.entries()) look.name([...path, 'links', index], 'link', link, book.links)
    for (const [index, ref] of answer.offer.entries()) look.ref([...path, 'offer', index], ref)
    if (answer.then && answer.then !== 'helpful') look.ref([...path, 'then'], answer.then)
    if (Array.isArray(answer.say)) {
      for (const [index, variant] of answer.say.entries()) look.condition([...path, 'say', index, 'when'], variant.when)
      if (answer.say.at(-1)?.when)
        report([...path, 'say'], 'the last variant must have no "when", or nothing may be said')
      for (const [index, variant] of answer.say.slice(0, -1).entries()) {
        if (!variant.when) report([...path, 'say', index], 'has no "when": the variants below it are never said')
      }
    }
  }
  for (const [id, form] of Object.entries(book.forms)) {
    const path: Path = ['forms', id]
    if (form.department) look.department([...path, 'department'], form.department)
    if (form.then) look.ref([...path, 'then'], form.then)
    if (form.submit !== 'inbox') look.connection([...path, 'submit', 'connection'], form.submit.connection)
    if (form.look) look.connection([...path, 'look', 'connection'], form.look.connection)
    checkSteps(book, id, report, look)
  }
  for (const [index, rung] of book.fallback.entries()) {
    if (rung.menu) look.name(['fallback', index, 'menu'], 'menu', rung.menu, book.menus)
    if (rung.handover) look.department(['fallback', index, 'handover'], rung.handover)
  }
  for (const id of Object.keys(book.handover.departments)) look.department(['handover', 'departments', id], id)
  for (const id of Object.keys(book.survey?.departments ?? {})) look.department(['survey', 'departments', id], id)

  for (const [id, answer] of Object.entries(book.answers)) {
    if (!answer.listed && !reached.has(`answer.${id}`))
      report(['answers', id], 'is not listed, and nothing leads to it: nobody can reach it')
  }
  for (const id of Object.keys(book.menus)) {
    const isStart =
      book.settings.menu === id || book.commands.menu?.menu === id || book.fallback.some((rung) => rung.menu === id)
    if (!isStart && !reached.has(`menu.${id}`)) report(['menus', id], 'nothing leads to this menu', 'warning')
  }
  for (const [id, form] of Object.entries(book.forms)) {
    if (!form.question && !reached.has(`form.${id}`))
      report(['forms', id], 'has no "question", and nothing leads to it: nobody can reach it')
  }
}

type Look = ReturnType<typeof lookIn>

function lookIn(book: Rulebook, report: Report, surroundings: Surroundings, reached: Set<string>) {
  const missing = (path: Path, kind: string, id: string, known: Iterable<string>) => {
    const near = nearest(id, known)
    report(path, `there is no ${kind} "${id}"${near ? `: did you mean "${near}"?` : ''}`)
  }
  const name = (path: Path, kind: string, id: string, known: Record<string, unknown>) => {
    if (!Object.hasOwn(known, id)) missing(path, kind, id, Object.keys(known))
  }
  const department = (path: Path, id: string) => {
    if (surroundings.departments && !surroundings.departments.includes(id))
      missing(path, 'department', id, surroundings.departments)
  }
  return {
    name,
    department,
    connection(path: Path, id: string) {
      if (surroundings.connections && !surroundings.connections.includes(id))
        missing(path, 'connection', id, surroundings.connections)
    },
    ref(path: Path, ref: string) {
      const { kind, id } = splitRef(ref)
      reached.add(ref)
      if (kind === 'handover') department(path, id)
      else if (kind === 'command') {
        if (!builtInCommands.includes(id)) name(path, kind, id, book.commands)
      } else name(path, kind, id, { answer: book.answers, menu: book.menus, form: book.forms }[kind])
    },
    condition(
      path: Path,
      condition: Condition | undefined,
      slots: ReadonlyMap<string, readonly string[] | undefined> = new Map(),
    ) {
      for (const each of conditionsIn(condition)) {
        if (each.department) department(path, each.department)
        if (each.from && each.until && each.until < each.from) report(path, '"until" is earlier than "from"')
        for (const [step, wanted] of Object.entries(each.slot ?? {})) {
          if (!slots.has(step)) missing(path, 'earlier step', step, slots.keys())
          const values = slots.get(step)
          for (const value of [wanted].flat())
            if (values && !values.includes(value)) missing(path, `choice of "${step}"`, value, values)
        }
      }
    },
  }
}

function checkSteps(book: Rulebook, id: string, report: Report, look: Look): void {
  const earlier = new Map<string, readonly string[] | undefined>()
  for (const [index, step] of book.forms[id]!.steps.entries()) {
    const path: Path = ['forms', id, 'steps', index]
    if (earlier.has(step.id)) report([...path, 'id'], `two steps are called "${step.id}"`)
    look.condition([...path, 'when'], step.when, earlier)
    if (step.type === 'choice') {
      for (const [at, choice] of step.choices.entries()) {
        look.condition([...path, 'choices', at, 'when'], choice.when, earlier)
        if (step.choices.findIndex((each) => each.value === choice.value) !== at)
          report([...path, 'choices', at], `"${choice.value}" is there twice`)
      }
    }
    if (
      (step.type === 'text' || step.type === 'number') &&
      step.min !== undefined &&
      step.max !== undefined &&
      step.min > step.max
    ) {
      report([...path, 'min'], 'is larger than "max"')
    }
    const values =
      step.type === 'choice'
        ? step.choices.map(({ value }) => value)
        : step.type === 'yes-no'
          ? ['yes', 'no']
          : undefined
    earlier.set(step.id, values)
  }
}
