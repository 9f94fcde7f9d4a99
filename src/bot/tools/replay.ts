/** Stored conversations, answered again by the rulebook of today: what would have been different. */

import type { Action, Language, Responder } from '../../core/model.ts'
import { fold } from '../understand/normalise.ts'
import { simulate, type Scene } from './simulate.ts'

export interface StoredConversation {
  reference: string
  channel: string
  language: Language
  /** In order. Messages of operators are left out; the bot was silent then, and is here. */
  messages: { at: Date; by: 'citizen' | 'bot' | 'operator'; text: string; chosen?: string }[]
}

export interface Difference {
  reference: string
  at: Date
  citizen: string
  then: string[]
  now: string[]
}

export async function* replay(
  responder: Responder,
  conversations: Iterable<StoredConversation> | AsyncIterable<StoredConversation>,
  departments: Scene['departments'],
): AsyncGenerator<Difference> {
  for await (const { reference, channel, language, messages } of conversations) {
    const citizen = { name: null, attributes: {}, isNew: true }
    const simulation = simulate({ channel, language, now: new Date(0), citizen, departments })
    let isWithPeople = false
    for (const [index, message] of messages.entries()) {
      if (message.by === 'operator') isWithPeople = true
      if (message.by !== 'citizen' || isWithPeople) continue
      const content = { text: message.text, ...(message.chosen === undefined ? {} : { chosen: message.chosen }) }
      const now = said(simulation.take(responder, { type: 'message', content }, message.at))
      const next = messages.findIndex((each, at) => at > index && each.by !== 'bot')
      const then = messages.slice(index + 1, next < 0 ? undefined : next).map(({ text }) => text)
      if (fold(now.join('\n')) !== fold(then.join('\n')))
        yield { reference, at: message.at, citizen: message.text, then, now }
      // The bot of today would be silent from here on; what the one of then did is not compared.
      if (simulation.last.some((action) => action.do === 'hand-off')) isWithPeople = true
    }
  }
}

function said(actions: Action[]): string[] {
  return actions.flatMap((action) => (action.do === 'say' ? [action.content.text] : []))
}
