/** Who wrote, and how to answer. Only private chats: there the chat is the person. */

import type { Language, Sender } from '../../core/model.ts'
import { type Fields, fields, label } from '../fields.ts'
import { id } from './values.ts'

export interface TelegramRoute {
  chatId: string
}

/** `user` is missing where the chat itself says who it is. */
export function senderOf(chat: Fields | undefined, user: Fields | undefined): Sender | undefined {
  const chatId = id(chat?.id)
  if (chatId === undefined) return undefined
  const who = user ?? chat!
  const name = [label(who.first_name), label(who.last_name)].filter(Boolean).join(' ') || label(who.username)
  const language = languageOf(user?.language_code)
  const route: TelegramRoute = { chatId }
  return { address: chatId, route: { ...route }, ...(name && { name }), ...(language && { language }) }
}

export const isPrivate = (chat: Fields | undefined): boolean => chat?.type === 'private'

/** Ids of messages count from 1 in every chat. */
export function messageId(chat: unknown, message: unknown): string | undefined {
  const chatId = id(fields(chat)?.id)
  const number = id(message)
  return chatId !== undefined && number !== undefined ? `${chatId}:${number}` : undefined
}

const spoken = new Set<string>(['pt', 'en', 'es', 'fr'] satisfies Language[])

function languageOf(code: unknown): Language | undefined {
  const language = typeof code === 'string' ? code.slice(0, 2).toLowerCase() : ''
  return spoken.has(language) ? (language as Language) : undefined
}
