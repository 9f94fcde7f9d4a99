/** The optional SMTP or LMTP door: the town's mail server hands each mail to us, and gets its 250 once it is stored. */

import { once } from 'node:events'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import type { Host } from '../../core/channel.ts'
import { normaliseAddress, withoutTag } from './addresses.ts'
import { ownAddresses, type Config } from './config.ts'
import type { Mail } from './mail.ts'
import type { Taker } from './take.ts'

export async function openDoor(
  config: Config,
  door: NonNullable<Config['smtpIn']>,
  host: Host<Mail>,
  taker: Taker,
): Promise<{ port: number; close(): Promise<void> }> {
  const own = new Set(ownAddresses(config).map(({ address }) => address))
  const under = new Set<Promise<unknown>>()
  const server = new SMTPServer({
    lmtp: door.protocol === 'lmtp',
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: config.maxBytes,
    banner: 'Balcao',
    logger: false,
    disableReverseLookup: true,
    socketTimeout: 60_000,
    closeTimeout: 2_000,
    onConnect({ remoteAddress }, done) {
      done(door.hosts.includes(remoteAddress.replace(/^::ffff:/, '')) ? null : refuse(554, 'not from this host'))
    },
    onRcptTo({ address }, _session, done) {
      const known = own.has(withoutTag(normaliseAddress(address) ?? '').address)
      done(known ? null : refuse(550, '5.1.1 no such mailbox here'))
    },
    onData(stream, session, done) {
      const work = takeIn(stream, session).then(
        () => done(null, answers(session)),
        (error: unknown) => done(asReply(error), answers(session, asReply(error))),
      )
      under.add(work)
      void work.finally(() => under.delete(work))
    },
  })

  const takeIn = async (stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> => {
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size <= config.maxBytes) chunks.push(chunk)
    }
    if (stream.sizeExceeded || size > config.maxBytes) throw refuse(552, `5.3.4 at most ${config.maxBytes} bytes`)
    const { mailFrom, rcptTo } = session.envelope
    const from = mailFrom ? mailFrom.address : ''
    await taker.take(Buffer.concat(chunks), {
      at: host.now(),
      envelope: { from, to: rcptTo.map(({ address }) => address) },
    })
  }

  // One answer a recipient is LMTP's way; the types know only SMTP's single one.
  const answers = (session: SMTPServerSession, error?: Error): string => {
    const all = session.envelope.rcptTo.map(() => error ?? 'stored')
    return (door.protocol === 'lmtp' ? all : 'stored') as string
  }

  server.on('error', (error) =>
    host.log.warn({ code: (error as { code?: string }).code }, 'mail door'),
  )
  const colon = door.listen.lastIndexOf(':')
  const listening = server.listen(
    Number(door.listen.slice(colon + 1)),
    door.listen.slice(0, colon).replace(/^\[|\]$/g, ''),
  )
  await once(listening, 'listening')
  const bound = listening.address()
  return {
    port: bound !== null && typeof bound === 'object' ? bound.port : 0,
    async close() {
      await Promise.allSettled(under)
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

const refuse = (responseCode: number, message: string): Error => Object.assign(new Error(message), { responseCode })

/** Anything but our own word is "later": what could not be stored must come again. */
const asReply = (error: unknown): Error =>
  error instanceof Error && 'responseCode' in error ? error : refuse(451, '4.3.0 not stored, please try again')
