/** What the linked device must remember between runs: how far it has read, who it is, how much it sent today. */

import type { Host } from '../../../core/channel.ts'
import { fields, number, word } from '../../fields.ts'
import type { WebPayload } from './payload.ts'

export interface Memory {
  /** Everything up to then is stored, in WhatsApp's seconds. */
  since: number | undefined
  /** When this account was paired: what was said before is not ours to bring in. */
  from: number | undefined
  /** The town's own name at WhatsApp, once paired. */
  paired: string | undefined
  sentOn: string
  sent: number
  save(): Promise<void>
}

export async function recall(host: Host<WebPayload>): Promise<Memory> {
  const kept = fields(await host.cursor.load()) ?? {}
  let saving: Promise<void> = Promise.resolve()
  const memory: Memory = {
    since: number(kept.since),
    from: number(kept.from),
    paired: word(kept.paired),
    sentOn: word(kept.sentOn) ?? '',
    sent: number(kept.sent) ?? 0,
    save() {
      const { since, from, paired, sentOn, sent } = memory
      saving = saving
        .then(() => host.cursor.save({ since, from, paired, sentOn, sent }))
        .catch((error: unknown) => host.log.warn({ err: error }, 'whatsapp: could not save how far was read'))
      return saving
    },
  }
  return memory
}
