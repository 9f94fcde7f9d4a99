/** The log: JSON lines for machines, short lines for a person at a terminal. Neither secrets nor citizens' words go in. */

import { Writable } from 'node:stream'
import pino, { type Logger } from 'pino'

export function openLog(options: { level?: string | undefined; terminal?: boolean; to?: NodeJS.WritableStream } = {}): Logger {
  const to = options.to ?? process.stdout
  const settings: pino.LoggerOptions = {
    level: options.level ?? 'info',
    base: null,
    // Keys under which libraries are known to hand out what nobody may read.
    redact: { paths: hidden.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[hidden]' },
    serializers: { error: named, err: named },
  }
  return pino(settings, options.terminal ? new Writable({ write: (line, _, done) => { to.write(forPeople(String(line))); done() } }) : to)
}

const hidden = ['authorization', 'cookie', 'password', 'token', 'secret', 'accessToken', 'body', 'text', 'html']

/** An SDK's error carries the request with its tokens: only what it says and where is kept. */
function named(error: unknown): unknown {
  return error instanceof Error ? { name: error.name, message: error.message, stack: error.stack } : error
}

function forPeople(line: string): string {
  const { level, time, msg, ...rest } = JSON.parse(line) as { level: number; time: number; msg?: string } & Record<string, unknown>
  const mark = level >= 50 ? '✗' : level >= 40 ? '!' : '·'
  const facts = Object.entries(rest).map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return `${new Date(time).toTimeString().slice(0, 8)} ${mark} ${[msg ?? '', ...facts].join(' ').trim()}\n`
}
