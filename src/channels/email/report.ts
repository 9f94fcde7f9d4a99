/** What mail servers say about a mail of ours: bounces (RFC 3464 and those without any form), delays, read receipts. */

import type { Said, Words } from '../../core/model.ts'
import { readBounceTag, readId } from './message-id.ts'
import { cleanLine } from './words.ts'

export interface ReportParts {
  /** Content-Type of the whole. */
  type: string
  subject: string
  from: string | undefined
  nullSender: boolean
  /** Every address of ours that it went to, tags included. */
  recipients: string[]
  /** Readable parts: text, delivery-status, the returned mail or its headers. */
  parts: { type: string; text: string }[]
}

export type Report =
  | { state: 'failed' | 'sent' | 'delivered' | 'read'; id?: string; key?: string; reason?: Said }
  /** About a mail of ours, but nothing to change; or about a mail that is not ours. */
  | { state: 'nothing'; why: string }

const daemon = /^(mailer-daemon|mail-daemon|postmaster|microsoftexchange[0-9a-f]*|double-bounce)@/i

export function reportOf(mail: ReportParts, secret: string): Report | undefined {
  const status = mail.parts.find(({ type }) => type === 'message/delivery-status')
  const disposition = mail.parts.find(({ type }) => type === 'message/disposition-notification')
  const isReport = /^multipart\/report\b/i.test(mail.type) || status !== undefined
  const fromDaemon = mail.from !== undefined && daemon.test(mail.from)
  if (disposition) return receipt(disposition.text, secret)
  // Somebody marked our mail as spam (RFC 5965): it had arrived.
  if (/report-type\s*=\s*"?feedback-report/i.test(mail.type)) return { state: 'nothing', why: 'complaint about a mail' }
  const tagged = mail.recipients
    .map((address) => /\+(b\.[0-9a-f.]+)@/.exec(address)?.[1])
    .map((tag) => (tag === undefined ? undefined : readBounceTag(tag, secret)))
    .find((key) => key !== undefined)
  if (!isReport && !(mail.nullSender && (fromDaemon || tagged !== undefined)) && !fromDaemon) return undefined

  const about = aboutOurs(mail.parts, secret)
  // A person at postmaster@ may write to us as well.
  if (!about && tagged === undefined && !isReport && !mail.nullSender) return undefined
  if (!about && tagged === undefined) return { state: 'nothing', why: 'bounce of a mail that is not ours' }
  const named = {
    ...(about && { id: about.id }),
    ...(about ? { key: about.key } : tagged !== undefined && { key: tagged }),
  }

  const fields = status ? worstOf(status.text) : undefined
  const action = fields?.get('action')?.toLowerCase()
  if (action === 'delayed' || (action === undefined && isDelay(mail)))
    return { state: 'sent', ...named, reason: 'delayed' }
  if (action === 'delivered') return { state: 'delivered', ...named }
  if (action === 'relayed' || action === 'expanded') return { state: 'nothing', why: `delivery report: ${action}` }
  return { state: 'failed', ...named, reason: reasonOf(fields, mail.parts) }
}

function receipt(text: string, secret: string): Report {
  const fields = statusFields(text)
  const id = fields.get('original-message-id')?.trim()
  const ours = id === undefined ? undefined : readId(id, secret)
  if (!ours) return { state: 'nothing', why: 'read receipt of a mail that is not ours' }
  if (!/displayed/i.test(fields.get('disposition') ?? ''))
    return { state: 'nothing', why: 'read receipt: not displayed' }
  return { state: 'read', id: ours.id, key: ours.key }
}

/** The newest of our ids that is named anywhere in what came back; the returned headers first. */
function aboutOurs(parts: { type: string; text: string }[], secret: string): { id: string; key: string } | undefined {
  const rank = (type: string): number => (type.startsWith('message/rfc822') || type === 'text/rfc822-headers' ? 0 : 1)
  for (const { text } of [...parts].sort((a, b) => rank(a.type) - rank(b.type))) {
    const head = text.slice(0, 64 * 1024)
    const own = /^message-id:\s*(<[^<>\s]{10,400}>)/im.exec(head)?.[1]
    const ours = own === undefined ? undefined : readId(own, secret)
    if (ours) return ours
    if (rank('') === 0) continue
    for (const [id] of head.matchAll(/<[A-Za-z0-9_~.-]{50,300}@[^<>\s@]{1,255}>/g)) {
      const named = readId(id, secret)
      if (named) return named
    }
  }
  return undefined
}

function statusFields(text: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const line of text
    .slice(0, 32 * 1024)
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).trim().toLowerCase()
    if (colon > 0 && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim())
  }
  return fields
}

/** One block a recipient, after one about the whole: where a list or an alias stands behind an address, what failed counts. */
function worstOf(text: string): Map<string, string> {
  const blocks = text
    .slice(0, 32 * 1024)
    .split(/\r?\n[ \t]*\r?\n/)
    .map(statusFields)
    .filter((fields) => fields.has('action'))
  const is = (action: string) => (fields: Map<string, string>) => fields.get('action')?.toLowerCase().startsWith(action)
  return blocks.find(is('failed')) ?? blocks.find(is('delayed')) ?? blocks[0] ?? statusFields(text)
}

function isDelay(mail: ReportParts): boolean {
  const words = `${mail.subject}\n${mail.parts.find(({ type }) => type === 'text/plain')?.text.slice(0, 4_000) ?? ''}`
  return (
    /\b(delay(ed)?|not yet been delivered|will (be )?retr(y|ied)|still in (the )?queue|no action is required)\b/i.test(
      words,
    ) && !/\b(failed|failure|could not be delivered|undeliverable|gave up|permanent)\b/i.test(words)
  )
}

const noAddress: Words = { pt: 'o endereço de correio não existe', en: 'the e-mail address does not exist' }

/** https://www.iana.org/assignments/smtp-enhanced-status-codes */
const words: [RegExp, Words][] = [
  [/^5\.1\.[016]$/, noAddress],
  [/^5\.1\.2$|^5\.4\.4$/, { pt: 'o domínio do endereço não existe', en: 'the domain of the address does not exist' }],
  [/^5\.1\.10$/, noAddress],
  [/^[45]\.2\.2$/, { pt: 'a caixa de correio do destinatário está cheia', en: "the addressee's mailbox is full" }],
  [/^5\.2\.1$/, { pt: 'a caixa de correio do destinatário está desativada', en: "the addressee's mailbox is disabled" }],
  [/^5\.[23]\.[34]$/, { pt: 'a mensagem é grande de mais para o destinatário', en: 'the message is too large for the addressee' }],
  [/^5\.7\.(23|25|26|509)$/, { pt: 'o servidor do destinatário recusou a mensagem (verifique SPF, DKIM e DMARC)', en: "the addressee's server refused the message (check SPF, DKIM and DMARC)" }],
  [/^5\.7\./, { pt: 'o servidor do destinatário recusou a mensagem', en: "the addressee's server refused the message" }],
  [/^[45]\.4\.[1-7]$/, { pt: 'o servidor do destinatário não respondeu a tempo', en: "the addressee's server did not answer in time" }],
]

function reasonOf(fields: Map<string, string> | undefined, parts: { type: string; text: string }[]): Words {
  const plain = parts.find(({ type }) => type === 'text/plain')?.text ?? ''
  const said =
    fields?.get('diagnostic-code')?.replace(/^\s*(smtp|x-[\w-]+)\s*;\s*/i, '') ??
    /^.*\b([45]\d\d[ -].{5,}|[45]\.\d{1,3}\.\d{1,3}\b.*)$/m.exec(plain.slice(0, 16_000))?.[0] ??
    ''
  const code =
    /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(fields?.get('status') ?? '')?.[0] ?? /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(said)?.[0]
  const meant =
    words.find(([pattern]) => code !== undefined && pattern.test(code))?.[1] ??
    (/user unknown|no such user|does not exist|unknown user|invalid recipient|mailbox unavailable/i.test(said)
      ? noAddress
      : { pt: 'o servidor de correio devolveu a mensagem', en: 'the mail server returned the message' })
  const detail = cleanLine(said, 200)
  return detail === '' ? meant : { pt: `${meant.pt}: ${detail}`, en: `${meant.en}: ${detail}` }
}
