/** What the loader and the app say to each other. Types only: they share no code, so that the loader stays small. */

import type { Language } from '../../../core/model.ts'
import type { Setting } from '../protocol.ts'

export interface Mount {
  root: ShadowRoot
  /** https://…/channels/<id> */
  base: string
  setting: Setting
  language: Language
  theme: 'light' | 'dark' | 'auto'
  /** The whole page is the chat: no button, no way to close. */
  isPage: boolean
  position: 'left' | 'right'
  /** Begins the name of everything that is kept in this browser. */
  storage: string
  /** How many messages have not been seen. */
  onUnread(count: number): void
  onOpen(isOpen: boolean): void
}

export interface App {
  open(): void
  close(): void
}
