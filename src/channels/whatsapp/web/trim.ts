/** A message of the library, as plain data: without the keys of its media, and without its thumbnails. */

import { fields, type Fields } from '../../fields.ts'

const told = [
  'id',
  'type',
  'body',
  'timestamp',
  'from',
  'to',
  'author',
  'hasMedia',
  'isForwarded',
  'isStatus',
  'hasQuotedMsg',
  'location',
  'vCards',
  'selectedButtonId',
  'selectedRowId',
  'pollName',
  'pollOptions',
  'protocolMessageKey',
  'latestEditMsgKey',
  'title',
  'description',
  'duration',
  'isGif',
  'isEphemeral',
  'deviceType',
  'links',
  'ack',
]
const data = [
  'notifyName',
  'mimetype',
  'filename',
  'size',
  'caption',
  'quotedStanzaID',
  'quotedParticipant',
  'lat',
  'lng',
  'loc',
  'selectedId',
  'subtype',
  'isViewOnce',
  'eventName',
  'eventDescription',
  'eventStartTime',
  'orderTitle',
  'itemCount',
  'inviteGrpName',
]
/** Their `body` is a picture in base64. */
const pictured = new Set([
  'location',
  'live_location',
  'image',
  'video',
  'sticker',
  'product',
  'order',
  'groups_v4_invite',
])

export function trim(message: unknown): Fields {
  const whole = fields(message) ?? {}
  const inner = fields(whole._data) ?? {}
  const trimmed = pick(whole, told)
  if (whole.hasMedia !== true && pictured.has(String(whole.type))) delete trimmed.body
  return { ...trimmed, _data: pick(inner, data) }
}

/** Enough to say that it was left out, and nothing of what it says. */
export function outline(message: unknown): Fields {
  return pick(fields(message) ?? {}, ['id', 'type', 'timestamp'])
}

/** As JSON would have it: classes of the library do not travel. */
const pick = (from: Fields, names: string[]): Fields =>
  JSON.parse(JSON.stringify(Object.fromEntries(names.map((name) => [name, from[name]])))) as Fields
