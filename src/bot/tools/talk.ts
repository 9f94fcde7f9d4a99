/** `balcao bot talk`: a conversation in the terminal, as a channel would show it. */

import { createInterface } from 'node:readline/promises'
import type { Readable, Writable } from 'node:stream'
import type { Action, BotInput, Responder } from '../../core/model.ts'
import { roughlyBy, simulate, type Scene, type Shown } from './simulate.ts'

export async function talk(
  responder: Responder,
  scene: Scene,
  input: Readable,
  output: Writable,
  elapsed: () => number,
  shown: Shown = roughlyBy(scene.channel),
): Promise<void> {
  const lines = createInterface({ input, output: 'isTTY' in output && output.isTTY ? output : undefined, prompt: '> ' })
  const simulation = simulate(scene)
  const now = () => new Date(scene.now.getTime() + elapsed())
  const show = (turn: BotInput) => {
    for (const line of simulation.take(responder, turn, now()).flatMap((action) => asLines(action, shown)))
      output.write(`${line}\n`)
  }
  // What comes by a pipe has ended before its last lines are read: Node 24 throws where nobody can be asked any more.
  let isOver = false
  lines.once('close', () => { isOver = true })
  const ask = () => { if (!isOver) lines.prompt() }
  show({ type: 'start' })
  ask()
  for await (const text of lines) {
    show({ type: 'message', content: { text } })
    ask()
  }
}

function asLines(action: Action, partsOf: Shown): string[] {
  if (action.do === 'say')
    return partsOf(action.content).flatMap(({ text, choices = [] }) => ['', ...text.split('\n'), ...choices.map(({ label }) => `  [${label}]`)])
  const { do: what, ...more } = action
  const detail = Object.entries(more).map(
    ([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return [`(${[what, ...detail].join(', ')})`]
}
