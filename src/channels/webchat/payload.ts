/** What our own front door hands to `receive`: already checked there, and still translated as if it were not. */

import type { Attachment } from '../../core/model.ts'
import type { OutgoingMessage } from './protocol.ts'

export type WebchatPayload =
  | { type: 'message'; address: string; message: Omit<OutgoingMessage, 'files'>; files: Attachment[] }
  | { type: 'typing'; address: string }
