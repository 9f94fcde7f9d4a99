/** The few statements of the hot path: PostgreSQL reads and plans each once a connection, and need not be waited for one by one. */

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
 * One that, in a transaction, does not wait for what nobody reads: each answer that is waited for costs as much as the work.
 * PostgreSQL still carries out one statement after the other. The first that fails speaks through the next one that is awaited;
 * a commit is always awaited, and never says yes to a transaction of which a part has failed.
 */
export class PipeliningClient extends PreparingClient {
  private failed: Error | undefined

  constructor(config?: pg.ClientConfig) {
    super({ ...config, pipeline: true } as pg.ClientConfig)
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above.
  override query(...given: any[]): any {
    const [text] = given
    if (typeof text !== 'string' || typeof given.at(-1) === 'function') return super.query(...given)
    if (text === 'begin') this.failed = undefined
    const answer = super.query(...given) as Promise<pg.QueryResult>
    if (blind.has(text)) {
      answer.catch((error: Error) => { this.failed ??= error })
      return Promise.resolve(nothing)
    }
    // Answers come in order: whatever was sent before this one has failed or not by now.
    return text === 'rollback' ? answer : answer.then(
      (result) => {
        if (this.failed) throw this.failed
        return result
      },
      (error: Error) => { throw this.failed ?? error },
    )
  }
}
