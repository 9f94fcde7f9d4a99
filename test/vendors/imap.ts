/** A small IMAP server on loopback: what a reading client needs, one folder, faults on demand. RFC 3501, 2177. */

import { once } from 'node:events'
import net from 'node:net'

export interface StoredMail {
  uid: number
  raw: Buffer
  at: Date
  flags: Set<string>
}

export interface ImapFaults {
  /** Cut the connection at the n-th FETCH of a body from now. */
  cutAtFetch?: number | undefined
  /** Answer STORE with NO. */
  refuseStore?: boolean | undefined
  /** Wait before each answer. */
  slowMs?: number | undefined
  /** Refuse every log-in. */
  refuseLogin?: boolean | undefined
  /** Fetching this UID ends the connection, every time. */
  poisonUid?: number | undefined
}

export class Mailbox {
  uidValidity = 1_700_000_001
  uidNext = 1
  mails: StoredMail[] = []
  readonly watchers = new Set<() => void>()

  add(raw: Buffer, at = new Date()): StoredMail {
    const mail = { uid: this.uidNext++, raw, at, flags: new Set<string>() }
    this.mails.push(mail)
    for (const tell of this.watchers) tell()
    return mail
  }

  /** The server was rebuilt: other numbers for the same mails. */
  renumber(): void {
    this.uidValidity++
    this.uidNext = 1
    for (const mail of this.mails) mail.uid = this.uidNext++
  }
}

export interface ImapServer {
  port: number
  mailbox: Mailbox
  faults: ImapFaults
  /** How often a body was fetched. */
  fetches(): number
  /** What authenticated: user names. */
  logins: string[]
  dropAll(): void
  close(): Promise<void>
}

export async function startImap({
  user,
  password,
  takesToken,
  port = 0,
}: {
  port?: number
  user: string
  password?: string
  takesToken?: (token: string) => boolean
}): Promise<ImapServer> {
  const mailbox = new Mailbox()
  const faults: ImapFaults = {}
  const sockets = new Set<net.Socket>()
  const logins: string[] = []
  let bodyFetches = 0
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    serve(socket)
  })

  const mayEnter = (name: string, word: string): boolean => {
    const good =
      !faults.refuseLogin &&
      name === user &&
      (word === password || takesToken?.(word) === true)
    if (good) logins.push(name)
    return good
  }

  const serve = (socket: net.Socket): void => {
    let buffer = Buffer.alloc(0)
    let pending = ''
    let selected = false
    let seen = 0
    let idleTag: string | undefined
    let awaiting: ((line: string) => void) | undefined
    let queue = Promise.resolve()
    const say = (line: string | Buffer): void => {
      if (socket.destroyed) return
      socket.write(line)
      if (typeof line === 'string') socket.write('\r\n')
    }
    const tellNews = (): void => {
      if (!selected || mailbox.mails.length === seen) return
      seen = mailbox.mails.length
      say(`* ${seen} EXISTS`)
    }
    const watch = (): void => {
      if (idleTag !== undefined) tellNews()
    }
    mailbox.watchers.add(watch)
    socket.on('close', () => mailbox.watchers.delete(watch))

    const command = async (line: string): Promise<void> => {
      if (awaiting) {
        const take = awaiting
        awaiting = undefined
        return take(line)
      }
      if (idleTag !== undefined) {
        const tag = idleTag
        if (line.toUpperCase() !== 'DONE') return
        idleTag = undefined
        return say(`${tag} OK IDLE terminated`)
      }
      if (faults.slowMs !== undefined) await new Promise((resolve) => setTimeout(resolve, faults.slowMs))
      const [, tag = '*', verb = '', rest = ''] = /^(\S+) ((?:UID )?\S+) ?(.*)$/is.exec(line) ?? []
      const ok = (text = 'done'): void => say(`${tag} OK ${text}`)
      const words = tokens(rest)
      switch (verb.toUpperCase()) {
        case 'CAPABILITY':
          say(`* CAPABILITY ${abilities}`)
          return ok()
        case 'ID':
          say('* ID ("name" "loopback")')
          return ok()
        case 'NOOP':
          tellNews()
          return ok()
        case 'LOGIN':
          return mayEnter(words[0] ?? '', words[1] ?? '')
            ? ok(`[CAPABILITY ${abilities}] in`)
            : say(`${tag} NO [AUTHENTICATIONFAILED] no`)
        case 'AUTHENTICATE': {
          const enter = (text: string): void => {
            const plain = Buffer.from(text, 'base64').toString()
            const [name, word] =
              words[0]?.toUpperCase() === 'PLAIN'
                ? plain.split('\0').slice(1)
                : [/(?:user|^n,a)=([^\x01,]*)/.exec(plain)?.[1], /Bearer ([^\x01]*)/.exec(plain)?.[1]]
            if (mayEnter(name ?? '', word ?? '')) ok(`[CAPABILITY ${abilities}] in`)
            else say(`${tag} NO [AUTHENTICATIONFAILED] no`)
          }
          if (words[1] !== undefined) return enter(words[1])
          awaiting = enter
          return say('+ ')
        }
        case 'NAMESPACE':
          say('* NAMESPACE (("" "/")) NIL NIL')
          return ok()
        case 'ENABLE':
          say('* ENABLED')
          return ok()
        case 'LIST':
        case 'LSUB':
          if ((words[1] ?? '') === '') say(`* ${verb.toUpperCase()} (\\Noselect) "/" ""`)
          else if (/^(inbox|\*|%)$/i.test(words[1] ?? '')) say(`* ${verb.toUpperCase()} (\\HasNoChildren) "/" INBOX`)
          return ok()
        case 'STATUS':
          say(
            `* STATUS INBOX (MESSAGES ${mailbox.mails.length} UIDNEXT ${mailbox.uidNext} UIDVALIDITY ${mailbox.uidValidity} UNSEEN 0)`,
          )
          return ok()
        case 'SELECT':
        case 'EXAMINE':
          if ((words[0] ?? '').toUpperCase() !== 'INBOX') return say(`${tag} NO [NONEXISTENT] no such folder`)
          selected = true
          seen = mailbox.mails.length
          say('* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)')
          say(`* ${seen} EXISTS`)
          say('* 0 RECENT')
          say(`* OK [UIDVALIDITY ${mailbox.uidValidity}] valid`)
          say(`* OK [UIDNEXT ${mailbox.uidNext}] next`)
          return ok(verb.toUpperCase() === 'SELECT' ? '[READ-WRITE] selected' : '[READ-ONLY] selected')
        case 'SEARCH':
        case 'UID SEARCH': {
          const range = /UID (\S+)/i.exec(rest)?.[1]
          const found = range === undefined ? mailbox.mails : within(mailbox.mails, range)
          say(
            `* SEARCH${found.map((mail) => ` ${verb.toUpperCase() === 'UID SEARCH' ? mail.uid : mailbox.mails.indexOf(mail) + 1}`).join('')}`,
          )
          return ok()
        }
        case 'FETCH':
        case 'UID FETCH': {
          const [, range = '', items = ''] = /^(\S+) (.*)$/s.exec(rest) ?? []
          const chosen =
            verb.toUpperCase() === 'UID FETCH'
              ? within(mailbox.mails, range)
              : mailbox.mails.filter((_mail, index) => String(index + 1) === range)
          for (const mail of chosen) {
            if (!fetch(mail, items)) return
          }
          return ok()
        }
        case 'STORE':
        case 'UID STORE': {
          if (faults.refuseStore) return say(`${tag} NO [SERVERBUG] not now`)
          const [, range = '', flags = ''] = /^(\S+) [+-]?FLAGS(?:\.SILENT)? \(?([^)]*)\)?/i.exec(rest) ?? []
          for (const mail of within(mailbox.mails, range)) {
            for (const flag of flags.split(' ')) mail.flags.add(flag)
            say(`* ${mailbox.mails.indexOf(mail) + 1} FETCH (UID ${mail.uid} FLAGS (${[...mail.flags].join(' ')}))`)
          }
          return ok()
        }
        case 'IDLE':
          idleTag = tag
          say('+ idling')
          return tellNews()
        case 'APPEND':
          mailbox.add(Buffer.from(words.at(-1) ?? '', 'latin1'))
          return ok()
        case 'LOGOUT':
          say('* BYE')
          ok()
          socket.end()
          return
        default:
          return say(`${tag} BAD unknown command`)
      }
    }

    /** False: the connection is gone. */
    const fetch = (mail: StoredMail, items: string): boolean => {
      const body = /BODY(?:\.PEEK)?\[([^\]]*)\](?:<(\d+)\.(\d+)>)?/i.exec(items)
      const parts = [`UID ${mail.uid}`]
      if (/\bFLAGS\b/i.test(items)) parts.push(`FLAGS (${[...mail.flags].join(' ')})`)
      if (/INTERNALDATE/i.test(items)) parts.push(`INTERNALDATE "${imapDate(mail.at)}"`)
      if (/RFC822\.SIZE/i.test(items)) parts.push(`RFC822.SIZE ${mail.raw.length}`)
      const head = `* ${mailbox.mails.indexOf(mail) + 1} FETCH (${parts.join(' ')}`
      if (!body) {
        say(`${head})`)
        return true
      }
      bodyFetches++
      const cut = faults.cutAtFetch !== undefined && --faults.cutAtFetch <= 0
      if (cut) faults.cutAtFetch = undefined
      if (cut || faults.poisonUid === mail.uid) {
        say(Buffer.from(`${head} BODY[] {${mail.raw.length}}\r\n${mail.raw.toString('latin1', 0, 10)}`, 'latin1'))
        socket.destroySoon()
        return false
      }
      const [, section = '', from, count] = body
      const end = mail.raw.indexOf('\r\n\r\n')
      const whole =
        section.toUpperCase() === 'HEADER' ? mail.raw.subarray(0, end === -1 ? undefined : end + 4) : mail.raw
      const bytes = from === undefined ? whole : whole.subarray(Number(from), Number(from) + Number(count))
      say(
        Buffer.concat([
          Buffer.from(`${head} BODY[${section}]${from === undefined ? '' : `<${from}>`} {${bytes.length}}\r\n`),
          bytes,
          Buffer.from(')\r\n'),
        ]),
      )
      return true
    }

    say(`* OK [CAPABILITY ${abilities}] loopback`)
    socket.on('data', (chunk) => {
      buffer = Buffer.concat([buffer, chunk])
      for (;;) {
        const end = buffer.indexOf('\r\n')
        if (end === -1) return
        const line = buffer.toString('latin1', 0, end)
        const literal = /\{(\d+)(\+?)\}$/.exec(line)
        if (literal) {
          const size = Number(literal[1])
          if (literal[2] !== '+' && buffer.length === end + 2) say('+ go on')
          if (buffer.length < end + 2 + size) return
          pending += `${line.slice(0, literal.index)}"${buffer.toString('latin1', end + 2, end + 2 + size).replace(/["\\]/g, '\\$&')}"`
          buffer = buffer.subarray(end + 2 + size)
          continue
        }
        buffer = buffer.subarray(end + 2)
        const whole = pending + line
        pending = ''
        queue = queue.then(() => command(whole))
      }
    })
  }

  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    mailbox,
    faults,
    logins,
    fetches: () => bodyFetches,
    dropAll: () => {
      for (const socket of sockets) socket.destroy()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const abilities = 'IMAP4rev1 ID IDLE NAMESPACE UIDPLUS LITERAL+ SASL-IR AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER'

function tokens(text: string): string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|(\([^)]*\))|(\S+)/gs)].map(([, quoted, list, bare]) =>
    quoted !== undefined ? quoted.replace(/\\(.)/gs, '$1') : (list ?? bare ?? ''),
  )
}

/** `4,7:9,12:*`; like real servers, `n:*` always names the last mail. */
function within(mails: StoredMail[], range: string): StoredMail[] {
  const last = mails.at(-1)?.uid ?? 0
  const spans = range.split(',').map((span) => span.split(':').map((end) => (end === '*' ? last : Number(end))))
  return mails.filter(({ uid }) => spans.some(([a = 0, b = a]) => uid >= Math.min(a, b) && uid <= Math.max(a, b)))
}

function imapDate(at: Date): string {
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
  const two = (value: number): string => String(value).padStart(2, '0')
  return (
    `${two(at.getUTCDate())}-${months[at.getUTCMonth()]}-${at.getUTCFullYear()} ` +
    `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`
  )
}
