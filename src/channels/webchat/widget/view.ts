/** All that is drawn, in one place; the components hold nothing of their own. */

import type { Language } from '../../../core/model.ts'
import type { Entry, Setting } from '../protocol.ts'
import type { Conversation, State } from './conversation.ts'
import type { Chosen } from './files.ts'
import type { Words } from './words.ts'

export interface View {
  setting: Setting
  base: string
  isPage: boolean
  language: Language
  words: Words
  state: State
  conversation: Conversation
  ui: Ui
  draw(): void
  nameOf(entry: Entry): string
  open(isOpen: boolean): void
  speak(language: Language): void
  /** The drawn element of this class. */
  find<E extends HTMLElement>(name: string): E | null
}

export interface Ui {
  isOpen: boolean
  showsOptions: boolean
  asksForget: boolean
  mail: 'hidden' | 'open' | 'wrong' | 'given'
  text: string
  problem: string
  files: Chosen[]
  /** Does the citizen read the end? If not, new messages are told of, and nothing moves. */
  atEnd: boolean
  hasBelow: boolean
  /** Pictures that this page may not show. */
  hidden: Set<string>
  /** "Sent", "connected again": for a screen reader. */
  heard: string
}

export const newUi = (): Ui => ({
  isOpen: false, showsOptions: false, asksForget: false, mail: 'hidden', text: '', problem: '', files: [], atEnd: true, hasBelow: false, hidden: new Set(), heard: '',
})

/** Only a link that opens a page of its own says so. */
export const newTab = { target: '_blank', rel: 'noopener noreferrer nofollow' }
