/**
 * Content → one request of the Bot API. Plain text, without parse_mode: what looks like markup arrives as it was
 * written.
 */

import type { Attachment, Choice, Content, Route } from '../../core/model.ts'
import type { Fields } from '../fields.ts'
import type { TelegramRoute } from './sender.ts'

export interface TelegramRequest {
  method: string
  payload: Fields
  upload?: Upload
}

/** Bytes that go along, in this field. */
export interface Upload {
  field: string
  source: string
  name: string
}

/** https://core.telegram.org/bots/api#sendphoto: above it, or of another type, a picture goes as a file. */
const photoBytes = 10 * 1024 * 1024

/** Choices with these ids ask the citizen's own phone for them; only the button itself can vouch for a number. */
const asks: Record<string, Fields> = {
  'ask:phone': { request_contact: true },
  'ask:location': { request_location: true },
}

export function render({ text, attachments, choices, location }: Content, route: Route): TelegramRequest {
  const chat = { chat_id: (route as Partial<TelegramRoute>).chatId }
  const keyboard = choices?.length ? { reply_markup: keyboardOf(choices) } : {}
  const file = attachments?.[0]
  if (file) {
    const { method, field } = methodOf(file)
    return {
      method,
      payload: { ...chat, ...(text && { caption: text }), ...keyboard },
      upload: { field, source: file.source, name: nameOf(file) },
    }
  }
  if (location) {
    const { latitude, longitude, name, address } = location
    if (!name && !address) return { method: 'sendLocation', payload: { ...chat, latitude, longitude } }
    return {
      method: 'sendVenue',
      payload: { ...chat, latitude, longitude, title: name ?? address, address: address ?? name },
    }
  }
  return { method: 'sendMessage', payload: { ...chat, text, ...keyboard } }
}

function keyboardOf(choices: Choice[]): Fields {
  if (choices.some(({ id }) => asks[id])) {
    const keyboard = choices.map(({ id, label }) => [{ text: label, ...asks[id] }])
    return { keyboard, resize_keyboard: true, one_time_keyboard: true }
  }
  return {
    inline_keyboard: rows(choices).map((row) => row.map(({ id, label }) => ({ text: label, callback_data: id }))),
  }
}

/** Short labels share a row, as many as a narrow phone shows whole. */
function rows(choices: Choice[]): Choice[][] {
  const longest = Math.max(...choices.map(({ label }) => label.length))
  const perRow = longest <= 8 ? 3 : longest <= 14 ? 2 : 1
  return Array.from({ length: Math.ceil(choices.length / perRow) }, (_, i) =>
    choices.slice(i * perRow, (i + 1) * perRow),
  )
}

function methodOf({ kind, mimeType, bytes, role }: Attachment): { method: string; field: string } {
  const type = mimeType.split(';', 1)[0]!.trim().toLowerCase()
  if (kind === 'image' && ['image/jpeg', 'image/png', 'image/webp'].includes(type) && (bytes ?? 0) <= photoBytes)
    return { method: 'sendPhoto', field: 'photo' }
  if (kind === 'image' && type === 'image/gif') return { method: 'sendAnimation', field: 'animation' }
  if (kind === 'video' && type === 'video/mp4') return { method: 'sendVideo', field: 'video' }
  if (kind === 'audio' && role === 'voice' && ['audio/ogg', 'audio/opus'].includes(type))
    return { method: 'sendVoice', field: 'voice' }
  if (kind === 'audio' && ['audio/mpeg', 'audio/mp4', 'audio/x-m4a'].includes(type))
    return { method: 'sendAudio', field: 'audio' }
  return { method: 'sendDocument', field: 'document' }
}

const usual: Record<Attachment['kind'], string> = { image: 'imagem', audio: 'som', video: 'video', file: 'ficheiro' }

/** telegraf writes the name into a header as it is: a quote would cut it, a line break forge another header. */
function nameOf({ name, kind }: Attachment): string {
  const safe = (name ?? '')
    .normalize('NFC')
    .replace(/^.*[/\\]/s, '')
    .replace(/[\p{Cc}\p{Cf}\p{Surrogate}\u2028\u2029"]/gu, '')
    .trim()
  const characters = Array.from(safe)
  const dot = characters.lastIndexOf('.')
  const ending = dot > 0 && characters.length - dot <= 12 ? characters.slice(dot).join('') : ''
  return characters.length === 0
    ? usual[kind]
    : characters.length <= 120
      ? safe
      : characters.slice(0, 120 - ending.length).join('') + ending
}
