/** A value that must not be printed: a token, a password. Written in YAML as { env: NAME } or { file: PATH }. */

import { inspect } from 'node:util'
import { z } from 'zod'

export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The only way to read it; search for this word to see who does. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}

/** The zod shape of a secret. The config reader resolves the reference before the shape sees it. */
export const secret = z.custom<Secret>((value) => value instanceof Secret, {
  error: 'expected { env: NAME } or { file: PATH } — do not write the secret itself here',
}).meta({ id: 'secret' })
