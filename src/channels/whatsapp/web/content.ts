/** One message of the linked device → what it says. https://docs.wwebjs.dev/Message.html */

import type { Attachment, ContactCard, Content, MediaKind } from '../../../core/model.ts'
import { withCards } from '../contacts.ts'
import { fields, type Fields, items, list, number, text, word } from '../../fields.ts'
import { wid } from './person.ts'

export function contentOf(message: Fields): Content {
  const type = word(message.type) ?? 'unknown'
  const data = fields(message._data) ?? {}
  const body = text(message.body) ?? ''
  if (Object.hasOwn(media, type)) return withMedia(type, body, message, data)
  switch (type) {
    case 'chat':
      return { text: body }
    case 'location':
      return location(message, data) ?? { text: '', unsupported: type }
    case 'vcard':
    case 'multi_vcard':
      return cards(message, body)
    case 'buttons_response':
    case 'list_response':
    case 'template_button_reply': {
      const id = word(message.selectedButtonId) ?? word(message.selectedRowId) ?? word(data.selectedId)
      return { text: body, ...(id && { chosen: id }) }
    }
    case 'poll_creation': {
      const options = list(message.pollOptions)
        .map((option) => word(option.name))
        .filter(Boolean)
      return {
        text: [word(message.pollName) ?? body, ...options.map((option) => `- ${option}`)].join('\n'),
        unsupported: type,
      }
    }
    default:
      return { text: body, unsupported: type }
  }
}

const media: Record<string, { kind: MediaKind; role?: NonNullable<Attachment['role']> }> = {
  image: { kind: 'image' },
  video: { kind: 'video' },
  audio: { kind: 'audio' },
  ptt: { kind: 'audio', role: 'voice' },
  document: { kind: 'file' },
  sticker: { kind: 'image', role: 'sticker' },
}

function withMedia(type: string, body: string, message: Fields, data: Fields): Content {
  const id = wid(message.id)
  const as = media[type]
  // Without the file, `body` is a thumbnail.
  if (!as || !id || message.hasMedia !== true) return { text: text(data.caption) ?? '', unsupported: type }
  const name = word(data.filename)
  const bytes = number(data.size)
  return {
    text: body,
    attachments: [
      {
        kind: as.kind,
        source: `web:${id}`,
        mimeType: word(data.mimetype) ?? 'application/octet-stream',
        ...(name && { name }),
        ...(bytes !== undefined && { bytes }),
        ...(as.role && { role: as.role }),
      },
    ],
  }
}

function location(message: Fields, data: Fields): Content | undefined {
  const place = fields(message.location) ?? {}
  const latitude = number(place.latitude) ?? number(data.lat)
  const longitude = number(place.longitude) ?? number(data.lng)
  if (latitude === undefined || longitude === undefined) return undefined
  const [first, second] = (word(data.loc) ?? '').split('\n')
  const name = word(place.name) ?? word(first)
  const address = word(place.address) ?? word(second)
  return { text: '', location: { latitude, longitude, ...(name && { name }), ...(address && { address }) } }
}

function cards(message: Fields, body: string): Content {
  const sources = items(message.vCards)
    .map(text)
    .filter((card) => card !== undefined)
  const read = (sources.length > 0 ? sources : [body]).map(cardOf).filter((card) => card !== undefined)
  return read.length > 0 ? withCards(read) : { text: body, unsupported: word(message.type) ?? 'vcard' }
}

/** vCard 3.0, as phones write it: long lines are folded, names and types vary. https://www.rfc-editor.org/rfc/rfc2426 */
function cardOf(vcard: string): ContactCard | undefined {
  if (!/^BEGIN:VCARD/i.test(vcard)) return undefined
  const values = (field: string): string[] =>
    vcard
      .replace(/\r?\n[ \t]/g, '')
      .split(/\r?\n/)
      .slice(0, 500)
      .map((line) => /^(?:item\d+\.)?([A-Za-z-]+)[^:]*:(.*)$/.exec(line))
      .filter((match) => match?.[1]?.toUpperCase() === field)
      .map((match) =>
        (match?.[2] ?? '')
          .replace(/\\n/gi, ' ')
          .replace(/\\([,;\\])/g, '$1')
          .trim(),
      )
      .filter(Boolean)
  const emails = values('EMAIL')
  const parts = (values('N')[0] ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter(Boolean)
  return {
    name: values('FN')[0] ?? parts.reverse().join(' '),
    phones: values('TEL'),
    ...(emails.length > 0 && { emails }),
  }
}
