/** Manners: greeting, thanks, goodbye, insults, «are you a robot», yes and no. */

import { counterOf, understood } from './lead.ts'
import { distinct, menuOffers, offerOf, person, say, word, type Turn } from './turn.ts'

/** False when the manner says nothing here: then it is a question like any other. */
export function mind(turn: Turn, manner: string): boolean {
  const { memory } = turn
  switch (manner) {
    case 'greet':
      greet(turn)
      return true
    case 'thanks':
    case 'bye':
      delete memory.helpful
      understood(turn)
      say(turn, word(turn, manner))
      return true
    case 'insult':
    case 'robot':
      say(turn, word(turn, manner), distinct([person(turn), offerOf(turn, 'command.menu')]))
      return true
    case 'yes':
    case 'no':
      agree(turn, manner)
      return true
    default:
      return false
  }
}

export function greet(turn: Turn): void {
  const { memory, book } = turn
  const offers = book.settings.menu ? menuOffers(turn, book.settings.menu) : []
  const text = memory.handedOff ? 'back-from-people' : memory.greeted ? 'greeting-again' : 'greeting'
  memory.greeted = true
  memory.handedOff = false
  understood(turn)
  say(turn, word(turn, text), offers)
}

function agree(turn: Turn, manner: 'yes' | 'no'): void {
  const { memory } = turn
  if (memory.helpful !== undefined) {
    turn.actions.push({ do: 'judge', answer: memory.helpful, helpful: manner === 'yes' })
    delete memory.helpful
    // Whom text does not help may be helped face to face.
    const video = counterOf(turn)?.takesCalls ? offerOf(turn, 'command.video') : undefined
    const offers = manner === 'yes' ? [] : distinct([video, person(turn), offerOf(turn, 'command.menu')])
    return say(turn, word(turn, manner === 'yes' ? 'helpful-thanks' : 'helpful-sorry'), offers)
  }
  const [only, ...others] = memory.offered
  // «Quer falar com uma pessoa?» «Sim.» Anything else with several choices needs to be chosen.
  if (manner === 'no' && only !== undefined)
    return say(turn, word(turn, 'rephrase'), distinct([person(turn), offerOf(turn, 'command.menu')]))
  if (manner === 'yes' && only !== undefined && others.length > 0)
    return say(turn, word(turn, 'invalid-choice'), memory.offered)
  say(turn, word(turn, 'acknowledged'))
}
