/** What the linked device tells us: the library's own words, less keys. https://docs.wwebjs.dev/Client.html */

import type { Fields } from '../../fields.ts'

export interface WebPayload {
  provider: 'web'
  /** The library's name of the event. */
  event:
    | 'message'
    | 'message_create'
    | 'message_ack'
    | 'message_edit'
    | 'message_revoke_everyone'
    | 'message_reaction'
    | 'message_ciphertext_failed'
  message?: Fields
  reaction?: Fields
  ack?: number
  newBody?: string
  /** Both names of the person on the other end, where WhatsApp knows them: 123@lid, 351…@c.us. */
  person?: { lid?: string; phone?: string }
  /** The town's own names, to tell a quote of ours from a quote of theirs. */
  me?: string[]
  /** Found by looking back, after we were away. */
  recovered?: boolean
}
