/** The few statements of the hot path: PostgreSQL reads and plans each once a connection, and need not be waited for one by one. */

import type { Socket } from 'node:net'
import pg from 'pg'

const names = new Map<string, string>()
const blind = new Set(['begin'])

/** Marks a constant statement as worth preparing; gives the text back unchanged. */
export function prepared(name: string, text: string): string {
  names.set(text, `balcao-${name}`)
  return text
}

/** The same for one whose result nobody reads: inside a transaction, the next statement may be sent behind it. */
export function preparedBlind(name: string, text: string): string {
  blind.add(text)
  return prepared(name, text)
}

/** A client that sends marked statements by name. */
export class PreparingClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: pg's own signature has eight forms; only one of them is touched.
  override query(...given: any[]): any {
    const [text, values] = given
    const name = typeof text === 'string' && Array.isArray(values) ? names.get(text) : undefined
    return name ? super.query({ name, text, values }, given[2]) : super.query(...(given as [string]))
  }
}

const nothing = { command: '', rowCount: 0, rows: [], fields: [], oid: 0 }

/**
 * One that, in a transaction, does not wait for what nobody reads: each answer that is waited for costs as much as the work. Nor is it
 * sent alone: it leaves together with the next one that is awaited, for each packet wakes the other side once.
 * PostgreSQL still carries out one statement after the other. The first that fails speaks through the next one that is awaited;
 * a commit is always awaited, and never says yes to a transaction of which a part has failed.
 */
export class PipeliningClient extends PreparingClient {
  private failed: Error | undefined
  /** How often the line is held back: as many as were sent blind since the last one that is awaited. */
  private corks = 0

  constructor(config?: pg.ClientConfig) {
    super({ ...config, pipeline: true } as pg.ClientConfig)
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above.
  override query(...given: any[]): any {
    const [text] = given
    if (blind.has(text)) return this.sendLater(...given)
    const answer = super.query(...given)
    const { stream } = this.wire
    for (; this.corks > 0; this.corks -= 1) stream.uncork()
    if (typeof text !== 'string' || typeof given.at(-1) === 'function') return answer
    if (text === 'rollback') return answer.finally(() => { this.failed = undefined })
    // Answers come in order: whatever was sent before this one has failed or not by now.
    return answer.then(
      (result: pg.QueryResult) => {
        if (this.failed) throw this.failed
        return result
      },
      (error: Error) => { throw this.failed ?? error },
    )
  }

  private sendLater(...given: unknown[]): Promise<unknown> {
    if (given[0] === 'begin') this.failed = undefined
    this.wire.stream.cork()
    this.corks += 1
    const answer = super.query(...given as [string]) as Promise<unknown>
    answer.catch((error: Error) => { this.failed ??= error })
    return Promise.resolve(nothing)
  }

  private get wire(): { stream: Socket } {
    return (this as unknown as { connection: { stream: Socket } }).connection
  }
}
