/** Raw bytes → Mail. Bounded in size, depth, parts and time; throws CorruptMail beyond that. Does no I/O. */

import { createHash } from 'node:crypto'
import { simpleParser, type AddressObject, type Attachment as Parsed, type EmailAddress, type ParsedMail } from 'mailparser'
import { normaliseAddress, withoutTag, type Mailbox } from './addresses.ts'
import { automaticReason } from './automatic.ts'
import type { OwnAddress } from './config.ts'
import { htmlToText, isTooDeep, largestHtml, sanitiseHtml } from './html.ts'
import type { Mail, MailAttachment } from './mail.ts'
import { readId, threadOf, wentTo } from './message-id.ts'
import { partReply } from './quoted.ts'
import { repair } from './repair.ts'
import { reportOf, type ReportParts } from './report.ts'
import { bounds, CorruptMail, fieldsOf, partsOf, type Part } from './structure.ts'
import { trustOf } from './trust.ts'
import { cleanFileName, cleanLine, cleanText } from './words.ts'

export interface ParseSettings {
  own: OwnAddress[]
  forms: string[]
  authServers: string[]
  secret: string
  maxBytes: number
}

/** What the server knows and the mail does not say. */
export interface Arrival {
  at?: Date
  /** By SMTP: what RCPT TO and MAIL FROM said. */
  envelope?: { from: string; to: string[] }
  recovered?: boolean
}

export interface ReadMail {
  mail: Mail
  /** Bytes of the attachments, to be kept before the mail is received. The same order as `mail.attachments`. */
  files: { bytes: Buffer; name?: string; mimeType: string }[]
}

const longestText = 200_000
const mostReferences = 50

export async function parse(raw: Buffer, settings: ParseSettings, arrival: Arrival = {}): Promise<ReadMail> {
  if (raw.length > settings.maxBytes) throw new CorruptMail(`larger than ${settings.maxBytes} bytes`)
  const structure = partsOf(raw)
  const parsed = await read(repair(raw, structure))
  const fields = parsed.headerLines.map(({ key, line }): [string, string] =>
    [key, line.slice(line.indexOf(':') + 1).replace(/\r?\n[ \t]*/g, ' ').trim()])
  const header = (name: string): string | undefined => fields.find(([key]) => key === name)?.[1]

  const own = settings.own.map(({ address }) => address)
  const subject = cleanLine(parsed.subject ?? '', 300)
  const senders = sendersOf(parsed, fields, settings.forms)
  const from = senders.problem === undefined ? senders.list[0] : undefined
  const recipients = recipientsOf(parsed, fields, arrival)
  const alias = settings.own.find(({ address }) => recipients.some((to) => withoutTag(to).address === address))
  const nullSender = arrival.envelope ? arrival.envelope.from === '' : /^\s*<\s*>\s*$/.test(header('return-path') ?? '')

  const messageId = idsIn(header('message-id') ?? '')[0]
  const chain = [...new Set([...idsIn(header('references') ?? ''), ...idsIn(header('in-reply-to') ?? '')])]
  const answers = answered(header('in-reply-to'), header('references'), from, settings.secret)
  // Named within its sender, so that a thread of somebody else can never be meant. An answer by another than whom we
  // wrote to begins a thread of its own.
  const root = answers && !answers.addressee ? undefined : chain.find((id) => !readId(id, settings.secret))
  const thread = answers?.addressee ? answers.thread : threadOf(`${from?.address ?? ''} ${root ?? messageId ?? hash(raw)}`)

  const files = filesOf(parsed)
  const sources = files.map(({ bytes }) => `file:${hash(bytes)}`)
  const cids = new Map(files.flatMap(({ cid }, index) => cid === undefined ? [] : [[cid, sources[index] ?? ''] as const]))
  const body = bodyOf(parsed, structure, subject, cids)
  const attachments = files.map(({ bytes, name, mimeType, cid }, index): MailAttachment => ({
    kind: kindOf(mimeType), source: sources[index] ?? '', mimeType, ...(name !== undefined && { name }), bytes: bytes.length,
    ...(cid !== undefined && body.html?.includes(sources[index] ?? '') && { role: 'inline' as const }),
  }))

  const reportParts: ReportParts = {
    type: header('content-type') ?? '', subject, from: addressIn(header('from') ?? ''), nullSender, recipients,
    parts: readable(parsed, files),
  }
  const report = reportOf(reportParts, settings.secret)
  const ignored = report?.state === 'nothing' ? report.why
    : !report && from !== undefined && own.includes(from.address) ? 'from our own address' : undefined
  const automatic = automaticReason({ header, subject, from: from?.address, nullSender })
  const trust = trustOf(fields, settings.authServers, from?.address)

  const mail: Mail = {
    id: externalId(raw, messageId, header('from') ?? '', header('date') ?? '', subject, body.all, sources),
    subject, from: senders.list, text: body.text, references: chain.slice(-mostReferences), thread, attachments,
    copies: others(parsed, own, from?.address),
    trust: {
      ...trust,
      ...(senders.problem !== undefined && { from: senders.problem }),
      ...(answers && !answers.addressee && { thread: 'another-sender' }),
      ...(senders.replyTo !== undefined && { replyTo: senders.replyTo }),
    },
    ...(messageId !== undefined && { messageId }),
    ...(senders.problem !== undefined && { fromProblem: senders.problem }),
    ...(alias && { alias: { address: alias.address, ...(alias.department !== undefined && { department: alias.department }) } }),
    ...(answers && { answers }),
    ...(body.quoted !== undefined && { quoted: body.quoted }),
    ...(body.html !== undefined && { html: body.html }),
    ...(automatic !== undefined && { automatic }),
    ...(ignored !== undefined && { ignored }),
    ...(report && report.state !== 'nothing' && { report }),
    ...(arrival.at && { at: arrival.at.toISOString() }),
    ...(arrival.recovered && { recovered: true }),
  }
  return { mail, files: files.map(({ bytes, name, mimeType }) => ({ bytes, mimeType, ...(name !== undefined && { name }) })) }
}

async function read(raw: Buffer): Promise<ParsedMail> {
  try {
    return await simpleParser(raw, {
      skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true, keepCidLinks: true, keepDeliveryStatus: true,
      ignoreEmbedded: true, checksumAlgo: false, maxChildNodes: bounds.parts * 2, maxHeadSize: bounds.headerBytes * 2,
    })
  } catch (error) {
    throw new CorruptMail(`cannot be read: ${error instanceof Error ? cleanLine(error.message, 200) : 'unknown'}`)
  }
}

// ── who ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** More than one From, in one header or in two, names nobody: what one program checked another would show. */
function sendersOf(parsed: ParsedMail, fields: [string, string][], forms: string[]):
  { list: Mailbox[]; problem?: string; replyTo?: string } {
  const headers = fields.filter(([name]) => name === 'from')
  const entries = flat(parsed.from?.value ?? [])
  if (headers.length === 0 || entries.length === 0) return { list: [], problem: 'missing' }
  const list = mailboxes(entries)
  if (headers.length > 1 || entries.length > 1) return { list, problem: 'several' }
  const [from] = list
  if (!from) return { list: [], problem: 'invalid' }
  const replies = mailboxes(flat(parsed.replyTo?.value ?? []))
  const [replyTo] = replies
  if (!replyTo || replies.length > 1 || replyTo.address === from.address) return { list }
  if (forms.includes(from.address)) return { list: [replyTo] }
  // Anybody can write Reply-To: an answer goes to From, and people see that another address was asked for.
  return { list, replyTo: replyTo.address }
}

function flat(entries: EmailAddress[], depth = 0): EmailAddress[] {
  return entries.slice(0, 1_000).flatMap((entry) => entry.group ? (depth > 3 ? [] : flat(entry.group, depth + 1)) : [entry])
}

function mailboxes(entries: EmailAddress[]): Mailbox[] {
  return entries.flatMap(({ address, name }) => {
    const normal = normaliseAddress(address ?? '')
    if (normal === undefined) return []
    const said = cleanLine(name, 100)
    return [{ address: normal, ...(said !== '' && said.toLowerCase() !== normal && { name: said }) }]
  })
}

function addressIn(value: string): string | undefined {
  return normaliseAddress(/<([^<>]+)>\s*$/.exec(value)?.[1] ?? value)
}

const listed = (header: AddressObject | AddressObject[] | undefined): Mailbox[] =>
  mailboxes(flat([header ?? []].flat().flatMap(({ value }) => value)))

function recipientsOf(parsed: ParsedMail, fields: [string, string][], arrival: Arrival): string[] {
  const delivered = fields.filter(([name]) => ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to'].includes(name))
    .map(([, value]) => addressIn(value))
  const envelope = arrival.envelope?.to.map((to) => normaliseAddress(to)) ?? []
  return [...listed(parsed.to).map(({ address }) => address), ...listed(parsed.cc).map(({ address }) => address), ...envelope, ...delivered]
    .filter((address) => address !== undefined)
}

function others(parsed: ParsedMail, own: string[], from: string | undefined): Mailbox[] {
  const seen = new Set([...own, from])
  return [...listed(parsed.to), ...listed(parsed.cc)].filter(({ address }) => {
    if (seen.has(withoutTag(address).address)) return false
    seen.add(address)
    return true
  }).slice(0, 50)
}

// ── which thread ────────────────────────────────────────────────────────────────────────────────────────────────────

function idsIn(value: string): string[] {
  return [...value.slice(0, 32_000).matchAll(/<[^<>\s]{1,400}>/g)].map(([id]) => id).slice(0, 200)
}

/** Our newest mail among those it names: In-Reply-To first, then References from the end. */
function answered(inReplyTo: string | undefined, references: string | undefined, from: Mailbox | undefined, secret: string): Mail['answers'] {
  const ours = [...idsIn(inReplyTo ?? ''), ...idsIn(references ?? '').reverse()]
    .map((id) => readId(id, secret)).filter((id) => id !== undefined)
  const addressed = from && ours.find((id) => wentTo(id, from.address, secret))
  const chosen = addressed ?? ours[0]
  return chosen && { id: chosen.id, thread: chosen.thread, addressee: addressed !== undefined }
}

/** Equal Message-IDs of unequal mails are two mails; the same mail read twice is one. */
function externalId(raw: Buffer, messageId: string | undefined, ...said: (string | string[])[]): string {
  if (messageId === undefined) return `sha256:${hash(raw)}`
  return `${messageId}#${hash(said.flat().join('\u0000')).slice(0, 12)}`
}

const hash = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex')

// ── what it says ────────────────────────────────────────────────────────────────────────────────────────────────────

interface File { bytes: Buffer; name?: string; mimeType: string; cid?: string }

function filesOf(parsed: ParsedMail): File[] {
  const long = parsed.text !== undefined && parsed.text.length > longestText
    ? [{ bytes: Buffer.from(parsed.text), name: 'mensagem.txt', mimeType: 'text/plain' }] : []
  return [...parsed.attachments.filter(({ content, filename, contentType }) =>
    content.length > 0 || filename !== undefined || !contentType.startsWith('text/')).map(fileOf), ...long]
}

function fileOf({ content, contentType, filename, cid }: Parsed): File {
  const mimeType = /^[\w.+-]{1,60}\/[\w.+-]{1,80}$/.test(contentType) ? contentType.toLowerCase() : 'application/octet-stream'
  const name = cleanFileName(filename ?? '') ?? usualNames[mimeType]
  return { bytes: content, mimeType, ...(name !== undefined && { name }), ...(cid !== undefined && { cid }) }
}

const usualNames: Record<string, string> = {
  'message/rfc822': 'mensagem.eml', 'text/calendar': 'convite.ics', 'application/ms-tnef': 'winmail.dat',
}

/** SVG is a program, not a picture. */
export function kindOf(mimeType: string): MailAttachment['kind'] {
  if (mimeType === 'image/svg+xml') return 'file'
  const [family] = mimeType.split('/')
  return family === 'image' || family === 'audio' || family === 'video' ? family : 'file'
}

function bodyOf(parsed: ParsedMail, structure: Part[], subject: string, cids: Map<string, string>):
  { text: string; quoted?: string; html?: string; all: string } {
  const html = parsed.html || undefined
  const plain = cleanText(parsed.text ?? '')
  const bounded = html?.slice(0, largestHtml * 2) ?? ''
  const words = html === undefined ? plain
    : plain.trim() === '' || isPlaceholder(plain) ? htmlToText(bounded)
    : besides(structure) ? `${plain.trim()}\n\n${htmlToText(bounded)}` : plain
  const { text, quoted } = partReply(words, subject)
  const safe = html !== undefined && html.length <= largestHtml && !isTooDeep(html) ? sanitiseHtml(html, (cid) => cids.get(cid)) : undefined
  return {
    text: cut(text), all: words,
    ...(quoted !== undefined && { quoted: cut(quoted) }), ...(safe !== undefined && safe.trim() !== '' && { html: cleanText(safe) }),
  }
}

const cut = (text: string): string => text.length <= longestText ? text : `${cleanText(text.slice(0, longestText))}\n[…]`

/** "This mail needs an HTML reader": says nothing, the HTML does. */
const isPlaceholder = (text: string): boolean =>
  text.length < 300 && /(html|HTML).{0,60}(viewer|client|reader|browser|compat|leitor)|cliente de (e-?mail|correio).{0,40}HTML/i.test(text)

/** Text here and HTML there, not the same said twice: both are wanted. */
const besides = (structure: Part[]): boolean =>
  structure.some(({ type, within }) => type === 'text/html' && !within.includes('multipart/alternative'))
  && structure.some(({ type, within }) => type === 'text/plain' && !within.includes('multipart/alternative'))

function readable(parsed: ParsedMail, files: File[]): { type: string; text: string }[] {
  const attached = files.filter(({ mimeType }) => mimeType.startsWith('message/') || mimeType.startsWith('text/'))
    .slice(0, 20).map(({ mimeType, bytes }) => ({ type: mimeType, text: bytes.toString('utf8', 0, 64 * 1024) }))
  const html = parsed.text === undefined && parsed.html ? htmlToText(parsed.html.slice(0, largestHtml)) : ''
  return [{ type: 'text/plain', text: cleanText(parsed.text ?? html).slice(0, 64 * 1024) }, ...attached]
}

/** The headers, for people to see what could not be read. */
export function headOf(raw: Buffer): string {
  const end = raw.indexOf('\r\n\r\n')
  const head = raw.subarray(0, Math.min(end === -1 ? raw.length : end, 64 * 1024))
  return fieldsOf(head.toString('latin1')).map(([name, value]) => `${name}: ${cleanLine(value, 1_000)}`).join('\n')
}
