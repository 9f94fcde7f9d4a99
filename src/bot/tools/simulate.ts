/** A conversation without a gateway: the bot, a clock of our own, and a made-up town hall around it. */

import type {
  Action,
  BotContext,
  BotInput,
  BotState,
  Content,
  DepartmentNow,
  Language,
  Responder,
} from '../../core/model.ts'
import { conditionsIn } from '../condition.ts'
import type { Rulebook } from '../rulebook.ts'

/** Where choices are buttons; elsewhere they are numbered lines. */
const withButtons = ['webchat', 'telegram', 'teams', 'whatsapp']

export interface Scene {
  channel: string
  /** Has it buttons? By its kind when left out. */
  choices?: boolean
  language: Language
  now: Date
  citizen: BotContext['citizen']
  departments(now: Date): DepartmentNow[]
}

export interface Simulation {
  state: BotState
  last: Action[]
  take(responder: Responder, input: BotInput, now: Date): Action[]
}

export function simulate(scene: Scene): Simulation {
  let language = scene.language
  return {
    state: {},
    last: [],
    take(responder, input, now) {
      const turn = responder(this.state, input, {
        now,
        channel: { id: scene.channel, kind: scene.channel, choices: scene.choices ?? withButtons.includes(scene.channel) },
        language,
        citizen: scene.citizen,
        reference: 'BAL-2026-000001',
        department: null,
        departments: scene.departments(now),
      })
      for (const action of turn.actions) if (action.do === 'set-language') language = action.language
      this.state = turn.state
      this.last = turn.actions
      return turn.actions
    },
  }
}

/** A reply as a kind of channel can carry it: cut, and with numbers where it has no buttons. */
export type Shown = (content: Content) => Content[]

/** Without knowing what channels can carry: buttons or numbers. */
export const roughlyBy = (kind: string): Shown => ({ text, choices = [] }) =>
  withButtons.includes(kind) ? [{ text, choices }] : [{ text: [text, ...choices.map(({ label }, n) => `${n + 1}. ${label}`)].join('\n') }]

/** Every department that the rulebook speaks of. */
export function departmentsOf(book: Rulebook): string[] {
  const named = new Set([book.settings.department, ...Object.keys(book.handover.departments)])
  const add = (id: string | undefined) => id !== undefined && named.add(id)
  const addRef = (ref: string | undefined) => ref?.startsWith('handover.') && named.add(ref.slice('handover.'.length))
  for (const answer of Object.values(book.answers)) {
    add(answer.department)
    addRef(answer.then)
    for (const ref of answer.offer) addRef(ref)
    if (!Array.isArray(answer.say)) continue
    for (const { when } of answer.say) for (const condition of conditionsIn(when)) add(condition.department)
  }
  for (const form of Object.values(book.forms)) {
    add(form.department)
    addRef(form.then)
  }
  for (const command of Object.values(book.commands)) add(command.department)
  for (const menu of Object.values(book.menus)) for (const option of menu.options) addRef(option.go)
  return [...named].sort()
}

/** `2026-12-25T10:00` on the wall of that time zone. */
export function wallTime(written: string, timeZone: string): Date {
  const guess = new Date(`${written.length === 10 ? `${written}T10:00` : written}Z`)
  if (Number.isNaN(guess.getTime())) throw new Error(`"${written}" is no time: write 2026-12-25T10:00`)
  const wall = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(guess)
  return new Date(2 * guess.getTime() - Date.parse(`${wall.replace(' ', 'T')}Z`))
}
