/** One mail out by SMTP. Its Message-ID follows from the delivery's key, so that a second attempt is the same mail. */

import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import XOAuth2 from 'nodemailer/lib/xoauth2'
import { SendError, type Host, inBoth } from '../../core/channel.ts'
import type { Author, DeliveryKey, ExternalId } from '../../core/model.ts'
import { badCertificate } from '../certificates.ts'
import { mailDomain, type Config, type Server } from './config.ts'
import type { Mail } from './mail.ts'
import { bounceTag, signId } from './message-id.ts'
import type { AccessToken } from './oauth.ts'
import { newThread, type MailRequest } from './render.ts'
import { NoServer } from './state.ts'
import { cleanLine } from './words.ts'

export interface Delivery {
  key: DeliveryKey
  attempt: number
  signal: AbortSignal
  by?: Author['by']
}
export interface Timing {
  connect: number
  silence: number
}

export async function send(
  request: MailRequest,
  delivery: Delivery,
  {
    config,
    secret,
    host,
    token,
    timing,
  }: {
    config: Config
    secret: string
    host: Pick<Host<Mail>, 'open' | 'now'>
    token: AccessToken | undefined
    timing: Timing
  },
): Promise<{ externalId: ExternalId }> {
  const { to } = request
  if (!to) throw new SendError('rejected', { pt: 'não se sabe para que endereço responder', en: 'nobody knows which address to answer to' })
  const externalId = signId(
    {
      key: delivery.key,
      thread: request.thread ?? newThread(delivery.key),
      to: to.address,
      domain: mailDomain(config),
    },
    secret,
  )
  const raw = await compose(request, externalId, delivery.by, host)
  if (raw.length > config.maxBytes) {
    throw new SendError(
      'rejected',
      {
        pt: `com os anexos, a mensagem tem ${megabytes(raw.length)} MB; vão ${megabytes(config.maxBytes)} MB no máximo`,
        en: `with its attachments the message has ${megabytes(raw.length)} MB; ${megabytes(config.maxBytes)} MB are the most`,
      },
    )
  }
  const envelopeFrom = config.plusAddresses
    ? config.address.replace('@', `+${bounceTag(delivery.key, secret)}@`)
    : config.address
  const envelope = { from: envelopeFrom, to: [to.address], size: raw.length }
  const around = { token, timing, signal: delivery.signal }
  await hand(config.smtp, raw, envelope, around).catch(async (error: unknown) => {
    // A token may be withdrawn before its time; nothing has been handed over at that point.
    if (!token || !(error instanceof SendError) || error.reason !== 'misconfigured') throw error
    await token({ fresh: true })
    await hand(config.smtp, raw, envelope, around)
  })
  return { externalId }
}

async function compose(
  request: MailRequest,
  messageId: string,
  by: Author['by'] | undefined,
  host: Pick<Host<Mail>, 'open' | 'now'>,
): Promise<Buffer> {
  const attachments = []
  for (const { source, name, mimeType } of request.attachments) {
    const { bytes } = await host.open(source).catch(() => {
      throw new SendError('rejected', { pt: `o anexo ${name} já não está guardado`, en: `the attachment ${name} is no longer kept` })
    })
    attachments.push({
      filename: name,
      content: bytes,
      contentType: mimeType,
      contentDisposition: 'attachment' as const,
    })
  }
  const mailbox = ({ address, name }: { address: string; name?: string }) => ({ address, name: name ?? '' })
  const node = new MailComposer({
    messageId,
    date: host.now(),
    from: mailbox(request.from),
    to: [mailbox(request.to ?? { address: '' })],
    subject: request.subject,
    text: request.text,
    html: request.html,
    references: request.references,
    attachments,
    ...(request.inReplyTo !== undefined && { inReplyTo: request.inReplyTo }),
    // RFC 3834: whoever answers by itself must not answer this.
    ...((by === 'bot' || by === 'system') && {
      headers: { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' },
    }),
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: '\r\n',
  }).compile()
  return node.build()
}

/** Signs in to the server and, when there is one, hands over the mail. Rejects with SendError. */
export async function hand(
  server: Server,
  raw: Buffer | undefined,
  envelope: { from: string; to: string[]; size?: number },
  { token, timing, signal }: { token: AccessToken | undefined; timing: Timing; signal: AbortSignal },
): Promise<void> {
  const auth = await credentials(server, token)
  const connection = new SMTPConnection({
    host: server.host,
    port: server.port,
    secure: server.secure === 'tls',
    requireTLS: server.secure === 'starttls',
    ignoreTLS: server.secure === 'none',
    connectionTimeout: timing.connect,
    greetingTimeout: timing.connect,
    socketTimeout: timing.silence,
    dnsTimeout: timing.connect,
    tls: server.caFile === undefined ? {} : { ca: readFileSync(server.caFile) },
  })
  // Once the last byte of the mail has been read, the server may have taken it, whatever we hear.
  let isOut = false
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (error: unknown): void => reject(failure(error, isOut, server))
      signal.addEventListener('abort', () => fail(new Error('o prazo acabou')), { once: true })
      connection.once('error', fail)
      // A 421 is told to the callback just after the end.
      connection.once('end', () => setImmediate(fail, new Error('o servidor fechou a ligação')))
      const handOver = (): void => {
        if (!raw) {
          resolve()
          return
        }
        const stream = Readable.from([raw], { objectMode: false })
        stream.once('end', () => {
          isOut = true
        })
        connection.send(envelope, stream, (refused: Error | null) => (refused ? fail(refused) : resolve()))
      }
      connection.connect((error?: Error | null) => {
        if (error) fail(error)
        else if (auth) connection.login(auth, (problem) => (problem ? fail(problem) : handOver()))
        else handOver()
      })
    })
  } finally {
    connection.on('error', () => {})
    if (signal.aborted) connection.close()
    else connection.quit()
    setTimeout(() => connection.close(), 1_000).unref()
  }
}

async function credentials(
  server: Server,
  token: AccessToken | undefined,
): Promise<{ user: string; pass?: string; oauth2?: XOAuth2 } | undefined> {
  if (server.user === undefined) return undefined
  if (token) return { user: server.user, oauth2: new XOAuth2({ user: server.user, accessToken: await token() }) }
  return server.password && { user: server.user, pass: server.password.reveal() }
}

/** The server's answer decides; without one, how far we had come. */
function failure(error: unknown, isOut: boolean, server: Server): SendError {
  if (error instanceof SendError) return error
  const { responseCode, response, code, message } = error as {
    responseCode?: number
    response?: string
    code?: string
    message?: string
  }
  const where = `${server.host}:${server.port}`
  if (code === 'EAUTH' && (responseCode === undefined || responseCode >= 500)) {
    return new SendError('misconfigured', {
      pt: `${where} recusou a entrada (${responseCode ?? 'sem resposta'})`, en: `${where} refused to let us in (${responseCode ?? 'no answer'})`,
    })
  }
  const certificate = isOut ? undefined : badCertificate(error, `a ${where}`)
  if (certificate) return certificate
  if (code === 'ETLS') return new SendError('misconfigured', { pt: `${where} não oferece uma ligação segura (TLS)`, en: `${where} offers no secure line (TLS)` })
  if (responseCode === undefined) {
    const detail = cleanLine(message ?? code ?? '?', 120)
    return isOut
      ? new SendError('ambiguous', {
          pt: `${where}: a ligação cortou-se depois de a mensagem ter saído: ${detail}`, en: `${where}: the line was cut after the message had left: ${detail}`,
        })
      : new NoServer('unreachable', inBoth(`${where}: ${detail}`))
  }
  const said = inBoth(withoutAddresses(cleanLine(response ?? '', 200)))
  if (responseCode === 421 || (/\b4\.7\.\d+\b|rate|too many|thrott/i.test(said.pt) && responseCode < 500))
    return new SendError('throttled', said, 60_000)
  if (responseCode < 500) return new SendError('unreachable', said)
  if (responseCode === 530 || responseCode === 535 || responseCode === 538) return new SendError('misconfigured', said)
  return new SendError('rejected', said)
}

/** Failures are shown and logged: whom we wrote to is not theirs to tell. */
const withoutAddresses = (text: string): string => text.replace(/[^\s<>@]{1,64}@[^\s<>]{1,255}/g, '…@…')

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1)
