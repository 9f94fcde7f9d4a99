/**
 * What Meta refuses in a message.
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
 */

export interface Refusal {
  status: number
  code: number
  title: string
  details: string
}
type Json = Record<string, unknown>

const object = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const string = (value: unknown): string => (typeof value === 'string' ? value : '')

const invalid = (details: string): Refusal => ({ status: 400, code: 100, title: 'Invalid parameter', details })
const wrongValue = (details: string): Refusal => ({
  status: 400,
  code: 131009,
  title: 'Parameter value is not valid',
  details,
})
const missing = (details: string): Refusal => ({
  status: 400,
  code: 131008,
  title: 'Required parameter is missing',
  details,
})

export interface Known {
  media: Set<string>
  templates: Map<string, number>
  received: Set<string>
}

/** undefined: taken. */
export function refusal(body: Json, known: Known): Refusal | undefined {
  if (body.messaging_product !== 'whatsapp') return invalid("(#100) Param messaging_product must be 'whatsapp'")
  if (body.status === 'read') {
    return known.received.has(string(body.message_id)) ? undefined : invalid('Message id does not exist')
  }
  const to = string(body.to)
  const recipient = string(body.recipient)
  if (!to && !recipient) return missing('The parameter to is required')
  if (to && !/^\+?\d{7,15}$/.test(to)) return wrongValue('Recipient is not a valid phone number')
  if (!to && !/^[A-Z]{2}\.(ENT\.)?\w{1,128}$/.test(recipient)) return wrongValue('Recipient is not a valid user id')
  if (string(body.biz_opaque_callback_data).length > 512)
    return wrongValue('biz_opaque_callback_data is longer than 512')
  const type = string(body.type) || 'text'
  const rule = rules[type]
  return rule
    ? rule(object(body[type]), known, body)
    : invalid(`Param type must be one of {${Object.keys(rules).join(', ')}}`)
}

const between = (name: string, value: unknown, most: number): Refusal | undefined =>
  string(value).length === 0
    ? missing(`${name} is required`)
    : string(value).length > most
      ? wrongValue(`${name} must be at most ${most} characters`)
      : undefined

const media =
  (caption: boolean) =>
  (body: Json, known: Known): Refusal | undefined => {
    if (!string(body.id) && !string(body.link)) return missing('id or link is required')
    if (string(body.id) && !known.media.has(string(body.id)))
      return invalid(`(#100) Invalid media id ${string(body.id)}`)
    if (body.caption !== undefined && !caption) return invalid('Unexpected key "caption"')
    return string(body.caption).length > 1024 ? wrongValue('caption must be at most 1024 characters') : undefined
  }

const rules: Record<string, (body: Json, known: Known, whole: Json) => Refusal | undefined> = {
  text: (body) => between('text.body', body.body, 4096),
  image: media(true),
  video: media(true),
  document: media(true),
  audio: media(false),
  sticker: media(false),
  location: (body) =>
    typeof body.latitude === 'number' && typeof body.longitude === 'number'
      ? undefined
      : missing('latitude and longitude are required'),
  contacts: (_, __, whole) => {
    const cards = list(whole.contacts)
    if (cards.length === 0) return missing('contacts is required')
    return cards.some((card) => !string(object(object(card).name).formatted_name))
      ? missing('formatted_name is required')
      : undefined
  },
  reaction: (body) => between('message_id', body.message_id, 512),
  interactive,
  template: (body, known) => {
    const count = known.templates.get(`${string(body.name)}/${string(object(body.language).code)}`)
    if (count === undefined)
      return { status: 404, code: 132001, title: 'Template name does not exist in the translation', details: '' }
    const given = list(object(list(body.components).find((part) => object(part).type === 'body')).parameters).length
    return given === count
      ? undefined
      : {
          status: 400,
          code: 132000,
          title: 'Number of parameters does not match the expected number of params',
          details: '',
        }
  },
}

function interactive(body: Json, known: Known): Refusal | undefined {
  const wrong = between('interactive.body.text', object(body.body).text, body.type === 'list' ? 4096 : 1024)
  if (wrong) return wrong
  const header = object(body.header)
  if (body.header !== undefined && header.type !== 'text') {
    if (body.type === 'list') return invalid('Only a text header is allowed in a list')
    const refused = media(false)({ ...object(header[string(header.type)]), caption: undefined }, known)
    if (refused) return refused
  }
  const action = object(body.action)
  if (body.type === 'button') {
    const replies = list(action.buttons).map((button) => object(object(button).reply))
    if (replies.length < 1 || replies.length > 3)
      return wrongValue('Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3')
    return named(replies, 20, 256) ?? (unique(replies, 'title') ? undefined : wrongValue('Duplicate button titles'))
  }
  if (body.type === 'list') {
    const rows = list(action.sections)
      .flatMap((section) => list(object(section).rows))
      .map(object)
    if (rows.length < 1 || rows.length > 10) return wrongValue('Total row count exceed max allowed count: 10')
    return between('action.button', action.button, 20) ?? named(rows, 24, 200)
  }
  return invalid('interactive.type must be button or list')
}

const unique = (items: Json[], field: string): boolean =>
  new Set(items.map((item) => item[field])).size === items.length

function named(items: Json[], longestTitle: number, longestId: number): Refusal | undefined {
  for (const item of items) {
    const wrong =
      between('title', string(item.title).trim() && item.title, longestTitle) ?? between('id', item.id, longestId)
    if (wrong) return wrong
  }
  return unique(items, 'id') ? undefined : wrongValue('Duplicate ids')
}
