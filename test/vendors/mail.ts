/** The world of mail on loopback: a mailbox by IMAP, a server that takes mail by SMTP, and a ledger of what it took. */

import { once } from 'node:events'
import type { Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { startImap, type ImapFaults } from './imap.ts'

export interface TakenMail {
  from: string
  to: string[]
  raw: string
  messageId: string
}

export type SmtpFault =
  /** Codes: 421, 450, 451, 452 are "later"; 550, 552, 554 are "never". */
  | { at: 'mail' | 'rcpt' | 'data'; code: number; text?: string }
  /** The connection is cut: before the mail is taken; after, with nothing said; or a long silence. */
  | 'cut-before'
  | 'cut-after'
  | 'slow'

/** What both the loopback pair and the real daemons can do. */
export interface MailWorld {
  address: string
  user: string
  password: string
  imap: { host: string; port: number }
  smtp: { host: string; port: number }
  /** OpenSMTPD asks for TLS before it lets anybody sign in. */
  smtpLogin: boolean
  /** Somebody outside sends this mail to the town; resolves once it lies in the mailbox. */
  deliver(raw: string | Buffer, at?: Date): Promise<void>
  /** What reached a citizen. */
  sent(): Promise<TakenMail[]>
  /** How many mails of the mailbox are marked as seen. */
  seen(): Promise<number>
  /** Every IMAP connection ends. */
  drop(): Promise<void>
  /** The mailbox gets a new UIDVALIDITY and new UIDs. */
  renumber(): Promise<void>
  close(): Promise<void>
}

export interface LoopbackWorld extends MailWorld {
  faults: {
    imap: ImapFaults
    /** Asked once a mail; undefined: take it. */
    smtp: ((attempt: number) => SmtpFault | undefined) | undefined
    smtpRefusesLogin?: boolean
  }
  mailbox: Awaited<ReturnType<typeof startImap>>['mailbox']
  fetches(): number
  /** Who signed in by IMAP. */
  logins: string[]
  /** Every attempt to hand over a mail, taken or not. */
  attempts(): number
}

export interface LoopbackOptions {
  address?: string
  user?: string
  password?: string
  takesToken?: (token: string) => boolean
  /** Of SMTP. */
  port?: number
  imapPort?: number
  slowMs?: number
}

export async function startMail(options: LoopbackOptions = {}): Promise<LoopbackWorld> {
  const { address = 'geral@cm-exemplo.pt', user = 'geral', password = 'segredo', slowMs = 60_000 } = options
  const imap = await startImap({ user, password, ...(options.imapPort !== undefined && { port: options.imapPort }), ...(options.takesToken && { takesToken: options.takesToken }) })
  const faults: LoopbackWorld['faults'] = { imap: imap.faults, smtp: undefined }
  const taken: TakenMail[] = []
  const open = new Map<string, Socket>()
  const current = new Map<string, SmtpFault | undefined>()
  let attempts = 0

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    authMethods: ['PLAIN', 'LOGIN', 'XOAUTH2'],
    logger: false,
    disableReverseLookup: true,
    size: 30 * 1024 * 1024,
    closeTimeout: 200,
    onAuth(auth, _session, done) {
      const good =
        !faults.smtpRefusesLogin &&
        auth.username === user &&
        (auth.method === 'XOAUTH2' ? options.takesToken?.(auth.accessToken ?? '') : auth.password === password)
      if (good) done(null, { user })
      else done(Object.assign(new Error('no'), { responseCode: 535 }))
    },
    onMailFrom(_from, session, done) {
      const fault = faults.smtp?.(++attempts)
      if (faults.smtp === undefined) attempts++
      current.set(session.id, fault)
      if (typeof fault === 'object' && fault.at === 'mail') return done(refuse(fault))
      done()
    },
    onRcptTo(_to, session, done) {
      const fault = current.get(session.id)
      done(typeof fault === 'object' && fault.at === 'rcpt' ? refuse(fault) : null)
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const fault = current.get(session.id)
        const socket = [...open.values()].find(({ remotePort }) => remotePort === session.remotePort)
        const take = (): void => {
          const raw = Buffer.concat(chunks)
          const to = session.envelope.rcptTo.map((rcpt) => rcpt.address)
          const mailFrom = session.envelope.mailFrom
          taken.push({
            from: mailFrom ? mailFrom.address : '',
            to,
            raw: raw.toString(),
            messageId: /^message-id:\s*(<[^>]+>)/im.exec(raw.toString('latin1'))?.[1] ?? '',
          })
          if (to.some((rcpt) => rcpt.replace(/\+[^@]*/, '') === address)) imap.mailbox.add(raw)
        }
        if (typeof fault === 'object' && fault.at === 'data') return done(refuse(fault))
        if (fault === 'cut-before') {
          socket?.destroy()
          return
        }
        take()
        if (fault === 'cut-after') {
          socket?.destroy()
          return
        }
        if (fault === 'slow') return void setTimeout(() => done(), slowMs).unref()
        done()
      })
    },
  })
  server.on('error', () => {})
  server.server.on('connection', (socket: Socket) => {
    open.set(`${socket.remotePort}`, socket)
    socket.on('error', () => {})
    socket.on('close', () => open.delete(`${socket.remotePort}`))
  })
  const listening = server.listen(options.port ?? 0, '127.0.0.1')
  await once(listening, 'listening')
  const bound = listening.address()

  return {
    address,
    user,
    password,
    faults,
    imap: { host: '127.0.0.1', port: imap.port },
    smtp: { host: '127.0.0.1', port: typeof bound === 'object' && bound ? bound.port : 0 },
    smtpLogin: true,
    mailbox: imap.mailbox,
    fetches: imap.fetches,
    logins: imap.logins,
    attempts: () => attempts,
    async deliver(raw, at) {
      imap.mailbox.add(Buffer.from(raw), at)
    },
    sent: async () => taken.filter(({ to }) => !to.includes(address)),
    seen: async () => imap.mailbox.mails.filter(({ flags }) => flags.has('\\Seen')).length,
    async drop() {
      imap.dropAll()
    },
    async renumber() {
      imap.mailbox.renumber()
      imap.dropAll()
    },
    async close() {
      for (const socket of open.values()) socket.destroy()
      await Promise.all([new Promise<void>((resolve) => server.close(() => resolve())), imap.close()])
    },
  }
}

function refuse({ code, text }: { code: number; text?: string }): Error {
  return Object.assign(new Error(text ?? (code < 500 ? '4.3.2 try again later' : '5.1.1 no such mailbox')), {
    responseCode: code,
  })
}
