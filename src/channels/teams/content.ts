/** What a message says. https://learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability */

import type { Attachment, Content } from '../../core/model.ts'
import { clean, type Fields, fields, label, list, short, word } from '../fields.ts'
import { id } from './values.ts'

const fileDownload = 'application/vnd.microsoft.teams.file.download.info'

export function contentOf(activity: Fields): Content {
  const text = textOf(activity)
  const pressed = pressedOf(activity.value, text)
  if (pressed) return pressed
  const files: Attachment[] = []
  let unknown: string | undefined
  for (const attachment of list(activity.attachments)) {
    const type = word(attachment.contentType)?.toLowerCase() ?? ''
    // The same words again, with markup.
    if (type === 'text/html' || type === 'text/plain') continue
    const file = fileOf(attachment, type)
    if (file) files.push(file)
    else unknown ??= short(label(type) ?? 'unknown', 64)
  }
  return { text, ...(files.length > 0 && { attachments: files }), ...(unknown && { unsupported: unknown }) }
}

/** The message that this one quotes: Teams says it only inside the copy with markup. */
export function quotedBy(activity: Fields): string | undefined {
  for (const { contentType, content } of list(activity.attachments)) {
    if (contentType !== 'text/html' || typeof content !== 'string') continue
    const quote = /<blockquote\b[^>]{0,300}\bitemtype="http:\/\/schema\.skype\.com\/Reply"[^>]{0,300}>/i.exec(content)
    const item = quote && /\bitemid="(\d{1,20})"/i.exec(quote[0])
    if (item) return item[1]
  }
  return undefined
}

/** A bot is mentioned by name even where it is alone with its citizen. */
function textOf(activity: Fields): string {
  let text = typeof activity.text === 'string' ? clean(activity.text) : ''
  const bot = id(fields(activity.recipient)?.id)
  for (const entity of list(activity.entities)) {
    const mentioned = word(entity.text)
    if (entity.type !== 'mention' || !mentioned) continue
    const name = id(fields(entity.mentioned)?.id) === bot ? '' : mentioned.replace(/<\/?at\b[^>]*>/gi, '')
    text = text.replace(mentioned, () => name)
  }
  return text.replace(/\r\n?/g, '\n').trim()
}

/** What came back from a card: one of our buttons, or the fields of a form. */
export function pressedOf(value: unknown, said = ''): Content | undefined {
  const data = fields(value)
  if (!data || Object.keys(data).length === 0) return undefined
  const ours = fields(data.balcao)
  const chosen = id(ours?.chosen)
  const answers = Object.entries(data).flatMap(([key, answer]) => {
    const name = label(key)
    const plain = typeof answer === 'string' || typeof answer === 'number' || typeof answer === 'boolean'
    return key === 'balcao' || key === 'msteams' || !name || !plain ? [] : [`${name}: ${clean(String(answer))}`]
  })
  if (chosen === undefined) return answers.length > 0 ? { text: [said, ...answers].filter(Boolean).join('\n') } : undefined
  return { text: [word(ours!.label) ?? (said || chosen), ...answers].join('\n'), chosen }
}

/** `download:` needs no password and soon expires; `connector:` needs our token. */
function fileOf(attachment: Fields, type: string): Attachment | undefined {
  const name = short(label(attachment.name) ?? '', 200)
  if (type === fileDownload) {
    const url = link(fields(attachment.content)?.downloadUrl)
    if (!url) return undefined
    const ending = word(fields(attachment.content)?.fileType)?.toLowerCase() ?? name.split('.').at(-1)?.toLowerCase()
    const [kind, mimeType] = byEnding[ending ?? ''] ?? (['file', 'application/octet-stream'] as const)
    return { kind, source: `download:${url}`, mimeType, ...(name && { name }) }
  }
  const kind = /^(image|audio|video)\//.exec(type)?.[1] as Attachment['kind'] | undefined
  const url = link(attachment.contentUrl)
  if (!url || !(kind || /^application\/(pdf|octet-stream|zip)$/.test(type))) return undefined
  const mimeType = type === 'image/*' ? 'image/png' : (label(type) ?? 'application/octet-stream')
  return {
    kind: kind ?? 'file',
    source: `connector:${url}`,
    mimeType,
    ...(name && { name }),
    ...(kind === 'image' && { role: 'inline' as const }),
  }
}

const link = (value: unknown): string | undefined => {
  const text = word(value)
  return text !== undefined && text.length <= 8_000 && URL.canParse(text) ? text : undefined
}

const byEnding: Record<string, readonly [Attachment['kind'], string]> = Object.assign(Object.create(null), {
  jpg: ['image', 'image/jpeg'],
  jpeg: ['image', 'image/jpeg'],
  png: ['image', 'image/png'],
  gif: ['image', 'image/gif'],
  webp: ['image', 'image/webp'],
  mp3: ['audio', 'audio/mpeg'],
  m4a: ['audio', 'audio/mp4'],
  ogg: ['audio', 'audio/ogg'],
  mp4: ['video', 'video/mp4'],
  mov: ['video', 'video/quicktime'],
  pdf: ['file', 'application/pdf'],
  txt: ['file', 'text/plain'],
  doc: ['file', 'application/msword'],
  docx: ['file', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  xlsx: ['file', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
})
