/** A conversation tried out from its first turn to its last: what the bot did at each, and why. Keeps and sends nothing. */

import type { Action, BotInput, Language } from '../../core/model.ts'
import { createResponder } from '../respond.ts'
import type { Rulebook } from '../rulebook.ts'
import { explain, type Explanation } from './explain.ts'
import { simulate, type Scene } from './simulate.ts'

export interface TrialTurn {
  input: BotInput
  /** Seconds since the turn before. */
  after: number
}
export interface TriedTurn extends TrialTurn {
  at: Date
  actions: Action[]
  /** What of the rulebook was reached: answer.x, menu.y, step.form.z … */
  reached: string[]
  /** What the bot makes of the words alone; undefined where nothing was written. */
  why: Explanation | undefined
  /** People have the conversation: the bot keeps silent. */
  isSilent: boolean
}

export function tryOut(book: Rulebook, scene: Scene, turns: readonly TrialTurn[]): TriedTurn[] {
  const reached: string[] = []
  const responder = createResponder(book, (what) => reached.push(what))
  const simulation = simulate(scene)
  let now = scene.now.getTime()
  let isSilent = false
  let language: Language = scene.language
  return turns.map((turn) => {
    now += turn.after * 1000
    const at = new Date(now)
    reached.length = 0
    const input = answering(turn.input, simulation.last)
    if (input.type === 'start') isSilent = false
    const why = input.type === 'message' && input.content.chosen === undefined && input.content.text.trim() !== '' ? explain(book, input.content.text, language) : undefined
    if (isSilent) return { ...turn, at, actions: [], reached: [], why, isSilent }
    const actions = simulation.take(responder, input, at)
    for (const action of actions) {
      if (action.do === 'set-language') language = action.language
      if (action.do === 'hand-off') isSilent = true
    }
    return { ...turn, at, actions, reached: [...new Set(reached)], why, isSilent: false }
  })
}

/** What answers whatever was asked last, without saying which. */
function answering(input: BotInput, last: readonly Action[]): BotInput {
  if (input.type !== 'result' || input.id !== '') return input
  const request = last.find((action) => action.do === 'request')
  return { ...input, id: request?.id ?? '' }
}
