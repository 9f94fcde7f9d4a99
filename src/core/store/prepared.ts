/** The few statements of the hot path: PostgreSQL reads and plans each once a connection, not once a call. */

import pg from 'pg'

const names = new Map<string, string>()

/** Marks a constant statement as worth preparing; gives the text back unchanged. */
export function prepared(name: string, text: string): string {
  names.set(text, `balcao-${name}`)
  return text
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
