/** What to say → one mail. Pure; its Message-ID comes with the delivery, in `send`. */

import { escapeHtml as escaped } from '../../core/escape-html.ts'
import type { Attachment, Content, Route } from '../../core/model.ts'
import { normaliseAddress, type Mailbox } from './addresses.ts'
import { ownAddresses, type Config } from './config.ts'
import { threadOf } from './message-id.ts'
import { cleanFileName, cleanLine, cleanText } from './words.ts'

export interface MailRequest {
  /** undefined: the route names nobody who can be answered. */
  to?: Mailbox
  from: Mailbox
  subject: string
  text: string
  html: string
  inReplyTo?: string
  references: string[]
  /** undefined: this mail begins one. */
  thread?: string
  attachments: { source: string; name: string; mimeType: string }[]
}

const messageId = /^<[^<>\s]{1,400}>$/

export function render(content: Content, route: Route, config: Config): MailRequest {
  const to = typeof route.to === 'string' ? normaliseAddress(route.to) : undefined
  const toName = typeof route.name === 'string' ? cleanLine(route.name, 100) : ''
  const own = ownAddresses(config)
  const writer = own.find(({ address }) => address === route.from) ?? own[0]
  const name = cleanLine(writer?.name ?? config.name ?? '', 100)
  const inReplyTo = typeof route.inReplyTo === 'string' && messageId.test(route.inReplyTo) ? route.inReplyTo : undefined
  const earlier = Array.isArray(route.references)
    ? route.references.filter((id): id is string => typeof id === 'string' && messageId.test(id))
    : []
  // The first names the thread and the last ones the way to it; a header without end helps nobody.
  const chain = [...new Set([...earlier, ...(inReplyTo === undefined ? [] : [inReplyTo])])]
  const references = chain.length <= 20 ? chain : [...chain.slice(0, 1), ...chain.slice(-19)]
  const text = cleanText(content.text)
  return {
    ...(to !== undefined && { to: { address: to, ...(toName !== '' && { name: toName }) } }),
    from: { address: writer?.address ?? config.address, ...(name !== '' && { name }) },
    subject: subjectOf(content, route, inReplyTo !== undefined, name),
    text: signed(text, config.signature),
    html: page(text, config.signature),
    references,
    ...(inReplyTo !== undefined && { inReplyTo }),
    ...(typeof route.thread === 'string' && /^[0-9a-f]{16}$/.test(route.thread) && { thread: route.thread }),
    attachments: (content.attachments ?? []).map(attached),
  }
}

/** The thread that a mail without one begins: named after its delivery, so the same at every attempt. */
export const newThread = (key: string): string => threadOf(`delivery ${key}`)

function subjectOf(content: Content, route: Route, isReply: boolean, name: string): string {
  const said = cleanLine(content.subject ?? (typeof route.subject === 'string' ? route.subject : ''), 250)
  if (!isReply) return said === '' ? `Mensagem${name === '' ? '' : ` de ${name}`}` : said
  // Every language adds its own; one is enough.
  const bare = said.replace(/^((re|res|aw|sv|antw|fwd?|enc)(\[\d+\])?\s*:\s*)+/i, '')
  return `Re: ${bare === '' ? '(sem assunto)' : bare}`
}

function attached({ source, name, mimeType, kind }: Attachment, index: number): MailRequest['attachments'][number] {
  return {
    source,
    mimeType,
    name: cleanFileName(name ?? '') ?? `${kind === 'file' ? 'ficheiro' : kind}-${index + 1}${extensionOf(mimeType)}`,
  }
}

const extensions: Record<string, string> = {
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'application/pdf': '.pdf',
  'audio/ogg': '.ogg',
  'audio/mpeg': '.mp3',
  'video/mp4': '.mp4',
}
const extensionOf = (mimeType: string): string => extensions[mimeType] ?? ''

function signed(text: string, signature: string | undefined): string {
  return signature === undefined ? text : `${text}\n\n-- \n${cleanText(signature).trim()}`
}

function page(text: string, signature: string | undefined): string {
  const foot =
    signature === undefined
      ? ''
      : `<p style="color:#555;border-top:1px solid #ddd;padding-top:8px">${lines(cleanText(signature).trim())}</p>`
  return (
    '<!DOCTYPE html><html><head><meta charset="utf-8"></head>' +
    '<body style="font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5;color:#111">' +
    `<p>${lines(text)}</p>${foot}</body></html>`
  )
}


function lines(text: string): string {
  return text
    .split(/(https?:\/\/[^\s<>"']{1,2000}[^\s<>"'.,;:!?)\]])/)
    .map((piece, index) => (index % 2 === 1 ? `<a href="${escaped(piece)}">${escaped(piece)}</a>` : escaped(piece)))
    .join('')
    .replace(/\n/g, '<br>')
}
