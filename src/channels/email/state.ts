/** What an admin is told about the mailbox; and the server that we send by, looked at until it takes us in. */

import { type Host, SendError } from '../../core/channel.ts'
import { pause } from '../pause.ts'
import { openState, type State } from '../state.ts'
import type { Mail } from './mail.ts'
import type { Pauses } from './read.ts'

export const stateOf = (host: Host<Mail>): State =>
  openState(host, {
    attention: (detail) => ({
      pt: `O correio precisa de atenção: ${detail.pt}. Veja a configuração, e «balcao channel test ${host.channelId}».`,
      en: `The mailbox needs attention: ${detail.en}. See the config, and "balcao channel test ${host.channelId}".`,
    }),
    trouble: (detail) => ({
      pt: `Sem ligação ao correio: ${detail.pt}. Tenta-se de novo; o que chegar ou houver a enviar entretanto não se perde.`,
      en: `No connection to the mailbox: ${detail.en}. It is being tried again; what arrives or is to be sent meanwhile is not lost.`,
    }),
  })

/** It could not be spoken with at all: not its word about one mail. */
export class NoServer extends SendError {}

export interface Sending {
  /** What became of a mail; undefined: it went. */
  went(error?: unknown): void
  close(): Promise<void>
}

const sending = 'sending'

/** `look` signs in and sends nothing: who writes nothing for a week is told all the same. */
export function watchSending(look: () => Promise<void>, state: State, host: Pick<Host<never>, 'random'>, pauses: Pauses): Sending {
  const closing = new AbortController()
  const closed = closing.signal
  let watching: Promise<void> | undefined

  function went(error?: unknown): void {
    const isDown = error instanceof NoServer || (error instanceof SendError && error.reason === 'misconfigured')
    if (isDown) state.failed(error, sending)
    else state.well(sending)
    if (isDown) watching ??= watch().finally(() => (watching = undefined))
  }

  async function watch(): Promise<void> {
    for (let failures = 0; !closed.aborted; failures++) {
      await pause(Math.min(pauses.lastRetry, pauses.firstRetry * 2 ** Math.min(failures, 16)) * (0.5 + host.random() / 2), closed)
      if (closed.aborted) return
      const error = await look().then(() => undefined, (thrown: unknown) => thrown)
      if (closed.aborted) return
      went(error)
      if (error === undefined) return
    }
  }

  void look().then(() => went(), (error: unknown) => closed.aborted || went(error))
  return {
    went,
    async close() {
      closing.abort()
      await watching
    },
  }
}
