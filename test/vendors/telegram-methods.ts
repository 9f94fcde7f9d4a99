/** What the Bot API takes and refuses, in Telegram's own words. */

import type { Json } from './telegram-updates.ts'

export interface File {
  name: string
  mimeType: string
  bytes: Buffer
}

/** Field that holds the upload of each method, and the longest text. */
export const uploads: Record<string, string> = {
  sendPhoto: 'photo',
  sendDocument: 'document',
  sendVideo: 'video',
  sendAudio: 'audio',
  sendVoice: 'voice',
  sendAnimation: 'animation',
  sendVideoNote: 'video_note',
  sendSticker: 'sticker',
}
export const sendMethods = new Set([...Object.keys(uploads), 'sendMessage', 'sendLocation', 'sendVenue', 'sendContact'])

const megabyte = 1024 * 1024

/** undefined: taken. */
export function refusal(method: string, payload: Json, file: File | undefined): string | undefined {
  if (method === 'sendMessage') {
    const text = payload.text
    if (typeof text !== 'string' || text.trim() === '') return 'Bad Request: message text is empty'
    if (text.length > 4096) return 'Bad Request: message is too long'
  }
  const field = uploads[method]
  if (field !== undefined) {
    if (!file && typeof payload[field] !== 'string') return `Bad Request: there is no ${field} in the request`
    if (typeof payload.caption === 'string' && payload.caption.length > 1024)
      return 'Bad Request: message caption is too long'
    if (file && file.bytes.length > 50 * megabyte) return 'Request Entity Too Large'
    if (method === 'sendPhoto' && file && file.bytes.length > 10 * megabyte)
      return 'Bad Request: PHOTO_INVALID_DIMENSIONS'
    if (file && file.bytes.length === 0) return 'Bad Request: file must be non-empty'
  }
  if (method === 'sendLocation' || method === 'sendVenue') {
    for (const key of ['latitude', 'longitude'])
      if (!Number.isFinite(Number(payload[key]))) return `Bad Request: ${key} must be a number`
    if (method === 'sendVenue' && (!payload.title || !payload.address))
      return 'Bad Request: venue title and address must be non-empty'
  }
  return keyboardRefusal(payload.reply_markup)
}

function keyboardRefusal(markup: unknown): string | undefined {
  const keyboard = typeof markup === 'string' ? (JSON.parse(markup) as Json) : (markup as Json | undefined)
  for (const button of buttonsOf(keyboard)) {
    if (typeof button.text !== 'string' || button.text === '')
      return 'Bad Request: text buttons are unallowed in the inline keyboard'
    if (button.callback_data !== undefined && Buffer.byteLength(String(button.callback_data)) > 64)
      return 'Bad Request: BUTTON_DATA_INVALID'
    if (button.callback_data === '') return 'Bad Request: BUTTON_DATA_INVALID'
  }
  return undefined
}

export function buttonsOf(keyboard: Json | undefined): Json[] {
  const rows = keyboard?.inline_keyboard ?? keyboard?.keyboard ?? []
  return (rows as Json[][]).flat()
}

/** JSON, or the multipart that carries files. */
export async function readPayload(
  contentType: string,
  body: Buffer,
): Promise<{ payload: Json; file: File | undefined }> {
  if (!contentType.startsWith('multipart/form-data')) {
    return { payload: body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as Json), file: undefined }
  }
  const payload: Json = {}
  let file: File | undefined
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData()
  for (const [key, value] of form) {
    if (typeof value === 'string') payload[key] = key === 'reply_markup' ? JSON.parse(value) : value
    else file = { name: value.name, mimeType: value.type, bytes: Buffer.from(await value.arrayBuffer()) }
  }
  return { payload, file }
}
