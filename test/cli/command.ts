/** The command line as people run it: another process, its two outputs, and how it ended. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const main = join(import.meta.dirname, '../../src/main.ts')
const built = join(import.meta.dirname, '../../bin/balcao.mjs')

export interface Ended { code: number | null; out: string; err: string }
export interface Going {
  child: ChildProcess
  /** Resolves with everything said so far once a line of it fits; rejects when the command ends before. */
  until(pattern: RegExp): Promise<string>
  ended: Promise<Ended>
}

export const beginBuilt = (args: string[], env: Environment = {}): Going => begin(args, env, [built])

type Environment = Record<string, string | undefined>

/** From its sources, unless the built program is meant. */
export function begin(args: string[], env: Environment = {}, program = ['--import', 'tsx', main]): Going {
  const { DATABASE_URL: _1, PORT: _2, BALCAO_DATA: _3, BALCAO_CONFIG: _4, ...rest } = process.env
  const child = spawn(process.execPath, [...program, ...args], { env: { ...rest, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = { out: '', err: '' }
  child.stdout.on('data', (text) => { said.out += String(text) })
  child.stderr.on('data', (text) => { said.err += String(text) })
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }))
  const until = (pattern: RegExp) => new Promise<string>((resolve, reject) => {
    const look = () => { if (pattern.test(said.out)) resolve(said.out) }
    child.stdout.on('data', look)
    look()
    void ended.then(() => reject(new Error(`ended without ${pattern}:\n${said.out}\n${said.err}`)))
  })
  return { child, until, ended }
}

export const command = (args: string[], env?: Environment): Promise<Ended> => begin(args, env).ended
