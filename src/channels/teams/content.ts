/** What a message says. https://learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability */

import type { Attachment, Content } from '../../core/model.ts'
import { answersIn } from '../answers.ts'
import { clean, type Fields, fields, label, list, short, word } from '../fields.ts'
import { filledIn } from './cards.ts'
import { copyOf, plain, withLinks, wordsIn } from './markup.ts'
import { id } from './values.ts'

const fileDownload = 'application/vnd.microsoft.teams.file.download.info'

export function contentOf(activity: Fields): Content {
  const text = textOf(activity)
  const pressed = pressedOf(activity.value, text)
  const files: Attachment[] = []
  const links: string[] = []
  let unknown: string | undefined
  for (const attachment of list(activity.attachments)) {
    const type = word(attachment.contentType)?.toLowerCase() ?? ''
    // The same words again, with markup.
    if (type === 'text/html' || type === 'text/plain') continue
    const file = fileOf(attachment, type)
    if (file) files.push(file)
    else {
      unknown ??= short(label(type) ?? 'unknown', 64)
      links.push(...wordsOf(attachment))
    }
  }
  const quoted = quotesIn(activity).length > 1 ? quotesIn(activity).flatMap(({ preview }) => word(preview) ?? []).join('\n') : ''
  return {
    ...(pressed ?? { text: [text, ...links].filter(Boolean).join('\n') }),
    ...(quoted && { quoted }),
    ...(files.length > 0 && { attachments: files }),
    ...(unknown && { unsupported: unknown }),
  }
}

/** What people can read of an attachment that we cannot show: a card's words, a file's name and address. */
function wordsOf(attachment: Fields): string[] {
  const card = fields(attachment.content) ?? {}
  const said = [attachment.name, card.title, card.subtitle, card.text, ...list(card.body).map(({ text }) => text)]
  return [...said.map(word), link(attachment.contentUrl)].filter((part) => part !== undefined)
}

const quotesIn = (activity: Fields): Fields[] =>
  list(list(activity.entities).map((entity) => (entity.type === 'quotedReply' ? entity.quotedReply : undefined)))

/** The message that this one quotes: said in an entity, by older clients only inside the copy with markup. */
export function quotedBy(activity: Fields): string | undefined {
  const named = id(quotesIn(activity)[0]?.messageId)
  if (named) return named
  const quote = /<blockquote\b[^>]{0,300}\bitemtype="http:\/\/schema\.skype\.com\/Reply"[^>]{0,300}>/i.exec(copyOf(activity))
  return quote ? /\bitemid="(\d{1,20})"/i.exec(quote[0])?.[1] : undefined
}

/** A bot is mentioned by name even where it is alone with its citizen; a quotation leaves a mark where it stood. */
function textOf(activity: Fields): string {
  let text = typeof activity.text === 'string' ? clean(activity.text) : ''
  const bot = id(fields(activity.recipient)?.id)
  for (const entity of list(activity.entities)) {
    const mentioned = word(entity.text)
    if (entity.type !== 'mention' || !mentioned) continue
    const name = id(fields(entity.mentioned)?.id) === bot ? '' : mentioned.replace(/<\/?at\b[^>]*>/gi, '')
    text = text.replace(mentioned, () => name)
  }
  if (quotesIn(activity).length > 0) text = text.replace(/<quoted messageId="[^"<>]{0,200}"\/> ?/gi, '')
  if (activity.textFormat === 'xml') text = plain(text)
  const copy = copyOf(activity)
  const isAlone = list(activity.attachments).every(({ contentType }) => contentType === 'text/html')
  return withLinks(text.replace(/\r\n?/g, '\n').trim() || (isAlone ? wordsIn(copy) : ''), copy)
}

/** What came back from a card: one of our buttons, or the fields of a form. */
export function pressedOf(value: unknown, said = ''): Content | undefined {
  // The button of another's card may bring back one word.
  if (typeof value === 'string' && value !== '' && said === '') return { text: clean(value) }
  const data = fields(value)
  if (!data || Object.keys(data).length === 0) return undefined
  const ours = fields(data.balcao)
  const filled = ours && filledInto(ours, data[filledIn])
  if (filled) return filled
  const chosen = id(ours?.chosen)
  const answers = answersIn(data, ['balcao', 'msteams', ...(ours ? [filledIn] : [])])
  if (chosen === undefined) return answers.length > 0 ? { text: [said, ...answers].filter(Boolean).join('\n') } : undefined
  return { text: [word(ours!.label) ?? (said || chosen), ...answers].join('\n'), chosen }
}

/** Our list of choices, or the field of a form: as if the citizen had written it. */
function filledInto(ours: Fields, given: unknown): Content | undefined {
  const labels = fields(ours.labels)
  const picked = labels && id(given)
  if (picked !== undefined) return Object.hasOwn(labels!, picked) ? { text: word(labels![picked]) ?? picked, chosen: picked } : undefined
  const answers = id(ours.answers)
  if (answers === undefined) return undefined
  const said = typeof given === 'number' ? String(given) : (word(given) ?? '')
  return { text: asWritten[word(ours.input) ?? '']?.(said) ?? said, answers }
}

/** Fields give what programs read: here people do, and a full stop would be taken to group digits. */
const asWritten: Record<string, ((said: string) => string) | undefined> = Object.assign(Object.create(null), {
  date: (said: string) => said.replace(/^(\d{4})-(\d\d)-(\d\d)$/, '$3/$2/$1'),
  number: (said: string) => said.replace('.', ','),
})

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
