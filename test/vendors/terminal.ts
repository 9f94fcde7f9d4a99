/** A stand-in at a terminal: says how a gateway is connected to it, then takes each line as a citizen's words, or as a command. */

import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

export interface Stage {
  /** What stands where, and what it needs to know. */
  what: string
  /** One line below `channels:` in gateway.yaml. */
  block: string
  env: Record<string, string>
  /** What a line without a command does. */
  citizen: string
  writes(line: string): unknown
  commands: Record<string, Command>
  /** A line that begins with / and is no command is the citizen's too. */
  slashes?: true
  close(): Promise<void>
}
export interface Command { says: string; does(rest: string): unknown }

export const print = (...words: (string | undefined | false | 0)[]) => void process.stdout.write(`${words.filter(Boolean).join(' ')}\n`)
export const buttons = (labels: unknown[]) => labels.map((label) => `[${String(label)}]`).join(' ')
/** Something to look at, for whoever sends a photo. */
export const picture = () => readFileSync(new URL('../../docs/images/chat.png', import.meta.url))

/** Ends when the input does. */
export async function perform({ what, block, env, citizen, writes, commands, slashes, close }: Stage): Promise<void> {
  print(what)
  print('\nBelow «channels:» in config/gateway.yaml, on a line of its own:')
  print(`  ${block}`)
  print('and in another terminal:')
  print([...Object.entries(env).map(([name, value]) => `${name}=${value}`), 'npm start'].join(' '))
  const help = () => {
    print(`\nA line is what ${citizen} writes; what they are sent is printed. And:`)
    for (const [name, { says }] of Object.entries(commands)) print(`  /${name}`.padEnd(14), says)
    print('  /help'.padEnd(14), 'this. Ctrl-D ends.')
  }
  help()
  for await (const line of createInterface({ input: process.stdin })) {
    const [, name = '', rest = ''] = /^\/([\w-]+) ?(.*)$/.exec(line) ?? []
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    try {
      if (command) await command.does(rest)
      else if (name === 'help') help()
      else if (name !== '' && !slashes) print(`there is no /${name}; /help`)
      else if (line.trim() !== '') await writes(line)
    } catch (error) {
      print(error instanceof Error ? error.message : String(error))
    }
  }
  await close()
  process.exit()
}

/** Prints what is new of a list, as it comes. */
export function follow<T>(ledger: () => T[] | Promise<T[]>, show: (one: T) => void): void {
  let shown = 0
  const look = async () => {
    const all = await ledger()
    all.slice(shown).forEach(show)
    shown = all.length
  }
  setInterval(() => void look(), 100).unref()
}
