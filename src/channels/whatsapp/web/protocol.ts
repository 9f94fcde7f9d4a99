/** What the gateway and the process with the browser say to each other. */

import type { Location } from '../../../core/model.ts'
import type { WebPayload } from './payload.ts'

export interface StartOptions {
  /** Where the browser's profile lives while it runs. */
  profileFolder: string
  executablePath: string
  browserArguments: string[]
  page?: { version: string; folder: string }
  /** Tells messages of ours from those typed on the phone. */
  idKey: string
}

export type WireMessage =
  | { as: 'text'; text: string }
  | {
      as: 'media'
      bytes: Uint8Array
      mimeType: string
      name: string
      caption: string
      asDocument: boolean
      asVoice: boolean
    }
  | { as: 'location'; location: Location }
  | { as: 'card'; vcard: string }

export type Order =
  | { do: 'start'; options: StartOptions }
  | { do: 'send'; chat: string; message: WireMessage; id: string }
  | { do: 'lookup'; chat: string; id: string }
  | { do: 'download'; id: string; maxBytes: number }
  | { do: 'type'; chat: string }
  | { do: 'see'; chat: string }
  | { do: 'react'; id: string; emoji: string }
  | { do: 'state' }
  /** What was said since then, oldest first; it comes as payloads. */
  | { do: 'look-back'; since: number }
  | { do: 'close' }

/** What each order gives back. */
export interface Answers {
  start: undefined
  send: { sent: true } | { sent: false; why: 'not on WhatsApp' }
  lookup: { found: boolean }
  download: { bytes: Uint8Array; mimeType: string } | undefined
  type: undefined
  see: undefined
  react: undefined
  state: string
  'look-back': { complete: boolean }
  close: undefined
}

export type Ending = 'closed' | 'logged out' | 'taken over' | 'banned' | 'outdated' | 'browser gone' | 'failed'

export type Notice =
  | { answer: number; value: unknown }
  /** `unknown`: it may have been done. `never`: it was not. */
  | { answer: number; failed: 'unknown' | 'never'; detail: string }
  | { tell: 'browser'; pid: number | undefined }
  | { tell: 'qr'; qr: string }
  /** `keyed`: our message ids are taken, so that a message can be looked up. */
  | { tell: 'ready'; me: string[]; keyed: boolean }
  | { tell: 'state'; state: string }
  | { tell: 'payload'; payload: WebPayload }
  | { tell: 'ending'; ending: Ending; detail: string }
