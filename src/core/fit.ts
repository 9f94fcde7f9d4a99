/**
 * Content → content that this channel can carry, losing form but never words. Each result is one row and one vendor
 * request.
 */

import type { Capabilities } from './channel.ts'
import type { Attachment, Choice, ContactCard, Content, Location } from './model.ts'
import { fits, split } from './split.ts'

/** Pure. `linkOf` gives the public link of a file that this channel cannot carry. */
export function fit(content: Content, can: Capabilities, linkOf: (attachment: Attachment) => string): Content[] {
  if (isPlain(content) && fits(content.text, can.text.max, can.text.unit))
    return content.text.trim() === '' ? [] : [content]
  // What the vendor approved goes as it is.
  if (content.template) return [content]

  const { carried, linked } = sort(content.attachments ?? [], can)
  const place = content.location && !can.location ? placeInWords(content.location) : undefined
  const text = paragraphs(
    content.text,
    place,
    content.contact && cardInWords(content.contact),
    linked.map((file) => fileInWords(file, can, linkOf)).join('\n'),
  )
  const offered = content.choices ?? []
  const buttons = offered.length > 0 && canShow(offered, text, can)
  const field = can.fields && text.trim() !== '' ? content.field : undefined
  const words = buttons || offered.length === 0 ? text : paragraphs(text, numbered(offered))
  const files = groups(carried, can)
  const captioned = files.length > 0 && !buttons && !field && words !== '' && isCaption(words, can)

  const texts: Content[] = (captioned ? [] : pieces(words, can, buttons || field !== undefined)).map((piece) => ({ text: piece }))
  const media: Content[] = files.map((attachments, i) => ({ text: captioned && i === 0 ? words : '', attachments }))
  if (content.location && can.location) media.push({ text: '', location: content.location })
  const last = texts.at(-1)
  // Buttons belong at the end of what is read, so the rest goes before them.
  const parts =
    (buttons || field) && last
      ? [...texts.slice(0, -1), ...media, { ...last, ...(buttons && { choices: offered }), ...(field && { field }) }]
      : [...texts, ...media]
  return content.subject === undefined ? parts : parts.map((part) => ({ ...part, subject: content.subject! }))
}

function isPlain({ attachments, choices, field, location, contact, template }: Content): boolean {
  return !attachments?.length && !choices?.length && !field && !location && !contact && !template
}

function pieces(text: string, can: Capabilities, below: boolean): string[] {
  const all = split(text, can.text.max, can.text.unit)
  const beside = can.choices?.maxText
  const last = all.at(-1)
  if (!below || beside === undefined || last === undefined || fits(last, beside, can.text.unit)) return all
  return [...all.slice(0, -1), ...split(last, beside, can.text.unit)]
}

/** No vendor shows buttons without text. */
function canShow(offered: Choice[], text: string, { choices: can }: Capabilities): boolean {
  return (
    can !== null &&
    text.trim() !== '' &&
    offered.length <= can.max &&
    offered.every(({ label }) => label.trim() !== '' && fits(label, can.maxLabel, 'characters'))
  )
}

function isCaption(text: string, can: Capabilities): boolean {
  return fits(text, can.text.max, can.text.unit) && fits(text, can.attachments!.caption, can.text.unit)
}

/** A picture of a kind that is not taken as a picture may still go as a file. */
function sort(files: Attachment[], can: Capabilities): { carried: Attachment[]; linked: Attachment[] } {
  const carried: Attachment[] = []
  const linked: Attachment[] = []
  for (const file of files) {
    if (takes(file, file.kind, can)) carried.push(file)
    else if (takes(file, 'file', can)) carried.push({ ...file, kind: 'file' })
    else linked.push(file)
  }
  return { carried, linked }
}

function takes({ bytes, mimeType }: Attachment, kind: Attachment['kind'], { attachments }: Capabilities): boolean {
  const limit = attachments?.kinds[kind]
  if (!attachments || !limit) return false
  const most = Math.min(limit.maxBytes, attachments.maxTotalBytes ?? Infinity)
  return (bytes ?? 0) <= most && (!limit.mimeTypes || limit.mimeTypes.includes(bare(mimeType)))
}

/** audio/ogg; codecs=opus → audio/ogg */
const bare = (mimeType: string) => mimeType.split(';', 1)[0]!.trim().toLowerCase()

function groups(files: Attachment[], { attachments: can }: Capabilities): Attachment[][] {
  const all: Attachment[][] = []
  let total = Infinity
  for (const file of files) {
    const bytes = file.bytes ?? 0
    const group = all.at(-1)
    if (!group || group.length >= can!.perMessage || total + bytes > (can!.maxTotalBytes ?? Infinity)) {
      all.push([file])
      total = bytes
    } else {
      group.push(file)
      total += bytes
    }
  }
  return all
}

/** One emoji would make every character of an SMS cost double. */
function fileInWords(file: Attachment, { text }: Capabilities, linkOf: (attachment: Attachment) => string): string {
  const name = file.name?.replace(/[\r\n\u2028\u2029]+/g, ' ').trim()
  return `${text.unit === 'sms-segments' ? '' : '📎 '}${name ? `${name}: ` : ''}${linkOf(file)}`
}

function placeInWords({ latitude, longitude, name, address }: Location): string {
  const link = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=18/${latitude}/${longitude}`
  return [name, address, link].filter(Boolean).join('\n')
}

function cardInWords({ name, phones, emails = [] }: ContactCard): string {
  return [name, ...phones, ...emails].filter(Boolean).join('\n')
}

const numbered = (choices: Choice[]) => choices.map(({ label }, i) => `${i + 1}. ${label}`).join('\n')
const paragraphs = (...parts: (string | undefined)[]) => parts.filter((part) => part && part.trim() !== '').join('\n\n')
