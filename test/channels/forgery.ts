/** How one kind's webhook is knocked at: what its vendor would send, and what somebody else might. */

import type { Gateway } from './host.ts'

export interface Call {
  /** After /channels/<id>. */
  path?: string
  headers: Record<string, string>
  body: string | Buffer
}

export interface Door {
  gateway: Gateway
  /** Rightly signed: one message. `secretWords` are in it. */
  good: Call
  secretWords: string
  forgeries: [string, Call | Promise<Call>][]
  close(): Promise<void>
}
