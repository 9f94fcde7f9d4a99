/** The part of whatsapp-web.js that is used, loaded late: it costs seconds. Its own types do not fit its puppeteer. */

import type { EventEmitter } from 'node:events'

export interface Page {
  evaluate(code: string): Promise<unknown>
}

export interface Browser {
  on(event: 'disconnected', told: () => void): unknown
  process(): { pid?: number } | null
}

export interface Chat {
  id: { _serialized: string; server: string }
  timestamp?: number
  unreadCount?: number
  fetchMessages(options: { limit: number }): Promise<Message[]>
  sendStateTyping(): Promise<unknown>
}

export interface Message {
  id: { _serialized: string; id: string; remote: string; fromMe: boolean }
  type: string
  timestamp: number
  hasMedia: boolean
  ack?: number
  _data?: unknown
  downloadMedia(): Promise<{ data: string; mimetype: string } | undefined>
}

export interface Client extends EventEmitter {
  pupPage: Page | null
  pupBrowser: Browser | null
  info?: { wid?: { _serialized?: string } }
  initialize(): Promise<void>
  destroy(): Promise<void>
  getState(): Promise<string | null>
  getChats(): Promise<Chat[]>
  getChatById(id: string): Promise<Chat>
  getMessageById(id: string): Promise<Message | null>
  getContactLidAndPhone(ids: string[]): Promise<{ lid?: string; pn?: string }[]>
  sendMessage(chat: string, content: unknown, options: object): Promise<Message | undefined>
  sendSeen(chat: string): Promise<boolean>
  sendReaction(id: string, emoji: string): Promise<void>
}

export interface AuthStrategy {
  afterBrowserInitialized(): Promise<void>
}

export interface Library {
  Client: new (options: object) => Client
  LocalAuth: new (options: { clientId: string; dataPath: string }) => AuthStrategy
  MessageMedia: new (mimeType: string, data: string, name?: string, bytes?: number) => object
  Location: new (latitude: number, longitude: number, description: object) => object
}

export async function library(): Promise<Library> {
  const loaded: { default: unknown } = await import('whatsapp-web.js')
  return loaded.default as Library
}
