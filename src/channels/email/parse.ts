/** Raw bytes → Mail. Bounded in size, depth, parts and time; throws CorruptMail beyond that. Does no I/O. */

import { createHash } from 'node:crypto'
import { simpleParser, type ParsedMail } from 'mailparser'
import { withoutTag, type Mailbox } from './addresses.ts'
import { automaticReason } from './automatic.ts'
import { bodyOf, filesOf, kindOf, readable, withUnwrapped } from './body.ts'
import type { OwnAddress } from './config.ts'
import type { Mail, MailAttachment } from './mail.ts'
import { readId, threadOf, wentTo } from './message-id.ts'
import { addressIn, others, recipientsOf, sendersOf } from './people.ts'
import { repair } from './repair.ts'
import { reportOf, type ReportParts } from './report.ts'
import { bounds, CorruptMail, fieldsOf, partsOf } from './structure.ts'
import { trustOf } from './trust.ts'
import { cleanLine } from './words.ts'

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

const mostReferences = 50

export async function parse(raw: Buffer, settings: ParseSettings, arrival: Arrival = {}): Promise<ReadMail> {
  if (raw.length > settings.maxBytes) throw new CorruptMail(`larger than ${settings.maxBytes} bytes`)
  const structure = partsOf(raw)
  const parsed = await read(repair(raw, structure))
  const fields = parsed.headerLines.map(({ key, line }): [string, string] => [
    key,
    line
      .slice(line.indexOf(':') + 1)
      .replace(/\r?\n[ \t]*/g, ' ')
      .trim(),
  ])
  const header = (name: string): string | undefined => fields.find(([key]) => key === name)?.[1]

  const own = settings.own.map(({ address }) => address)
  const subject = cleanLine(parsed.subject ?? '', 300)
  const senders = sendersOf(parsed, fields, settings.forms)
  const from = senders.problem === undefined ? senders.list[0] : undefined
  const recipients = recipientsOf(parsed, fields, arrival.envelope?.to ?? [])
  const alias = settings.own.find(({ address }) => recipients.some((to) => withoutTag(to).address === address))
  const nullSender = arrival.envelope ? arrival.envelope.from === '' : /^\s*<\s*>\s*$/.test(header('return-path') ?? '')

  const messageId = idsIn(header('message-id') ?? '')[0]
  const chain = [...new Set([...idsIn(header('references') ?? ''), ...idsIn(header('in-reply-to') ?? '')])]
  const answers = answered(header('in-reply-to'), header('references'), from, settings.secret)
  // Named within its sender, so that a thread of somebody else can never be meant. An answer by another than whom we
  // wrote to begins a thread of its own.
  const root = answers && !answers.addressee ? undefined : chain.find((id) => !readId(id, settings.secret))
  const thread = answers?.addressee
    ? answers.thread
    : threadOf(`${from?.address ?? ''} ${root ?? messageId ?? hash(raw)}`)

  const files = await withUnwrapped(filesOf(parsed))
  const sources = files.map(({ bytes }) => `file:${hash(bytes)}`)
  const cids = new Map(
    files.flatMap(({ cid }, index) => (cid === undefined ? [] : [[cid, sources[index] ?? ''] as const])),
  )
  const body = bodyOf(parsed, structure, subject, cids)
  const attachments = files.map(
    ({ bytes, name, mimeType, cid }, index): MailAttachment => ({
      kind: kindOf(mimeType),
      source: sources[index] ?? '',
      mimeType,
      ...(name !== undefined && { name }),
      bytes: bytes.length,
      ...(cid !== undefined && body.html?.includes(sources[index] ?? '') && { role: 'inline' as const }),
    }),
  )

  const reportParts: ReportParts = {
    type: header('content-type') ?? '',
    subject,
    from: addressIn(header('from') ?? ''),
    nullSender,
    recipients,
    parts: readable(parsed, files),
  }
  const report = reportOf(reportParts, settings.secret)
  const ignored =
    report?.state === 'nothing'
      ? report.why
      : !report && from !== undefined && own.includes(from.address)
        ? 'from our own address'
        : undefined
  const calendarAnswer = structure.some(({ type, contentType }) => type === 'text/calendar' && /;\s*method\s*=\s*"?reply\b/i.test(contentType))
  const automatic = automaticReason({ header, subject, from: from?.address, nullSender, calendarAnswer })
  const trust = trustOf(fields, settings.authServers, from?.address)

  const mail: Mail = {
    id: externalId(raw, messageId, header('from') ?? '', header('date') ?? '', subject, body.all, sources),
    subject,
    from: senders.list,
    text: body.text,
    references: chain.slice(-mostReferences),
    thread,
    attachments,
    copies: others(parsed, own, from?.address),
    trust: {
      ...trust,
      ...(senders.problem !== undefined && { from: senders.problem }),
      ...(answers && !answers.addressee && { thread: 'another-sender' }),
      ...(senders.replyTo !== undefined && { replyTo: senders.replyTo }),
    },
    ...(messageId !== undefined && { messageId }),
    ...(senders.problem !== undefined && { fromProblem: senders.problem }),
    ...(alias && {
      alias: { address: alias.address, ...(alias.department !== undefined && { department: alias.department }) },
    }),
    ...(answers && { answers }),
    ...(body.quoted !== undefined && { quoted: body.quoted }),
    ...(body.html !== undefined && { html: body.html }),
    ...(automatic !== undefined && { automatic }),
    ...(ignored !== undefined && { ignored }),
    ...(report && report.state !== 'nothing' && { report }),
    ...(arrival.at && { at: arrival.at.toISOString() }),
    ...(arrival.recovered && { recovered: true }),
  }
  return {
    mail,
    files: files.map(({ bytes, name, mimeType }) => ({ bytes, mimeType, ...(name !== undefined && { name }) })),
  }
}

async function read(raw: Buffer): Promise<ParsedMail> {
  try {
    return await simpleParser(raw, {
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipTextLinks: true,
      keepCidLinks: true,
      keepDeliveryStatus: true,
      ignoreEmbedded: true,
      checksumAlgo: false,
      maxChildNodes: bounds.parts * 2,
      maxHeadSize: bounds.headerBytes * 2,
    })
  } catch (error) {
    throw new CorruptMail(`cannot be read: ${error instanceof Error ? cleanLine(error.message, 200) : 'unknown'}`)
  }
}

function idsIn(value: string): string[] {
  return [...value.slice(0, 32_000).matchAll(/<[^<>\s]{1,400}>/g)].map(([id]) => id).slice(0, 200)
}

/** Our newest mail among those it names: In-Reply-To first, then References from the end. */
function answered(
  inReplyTo: string | undefined,
  references: string | undefined,
  from: Mailbox | undefined,
  secret: string,
): Mail['answers'] {
  const ours = [...idsIn(inReplyTo ?? ''), ...idsIn(references ?? '').reverse()]
    .map((id) => readId(id, secret))
    .filter((id) => id !== undefined)
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

/** The headers, for people to see what could not be read. */
export function headOf(raw: Buffer): string {
  const end = raw.indexOf('\r\n\r\n')
  const head = raw.subarray(0, Math.min(end === -1 ? raw.length : end, 64 * 1024))
  return fieldsOf(head.toString('latin1'))
    .map(([name, value]) => `${name}: ${cleanLine(value, 1_000)}`)
    .join('\n')
}
