/** The SMTP and LMTP door: 250 only for what is stored, a code for each recipient, nothing for strangers. */

import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { afterEach, expect, test } from 'vitest'
import { openDoor } from '../../../src/channels/email/door.ts'
import { ownAddresses, signingSecret, type Config } from '../../../src/channels/email/config.ts'
import { taker } from '../../../src/channels/email/take.ts'
import { memoryHost, type MemoryHost } from './host.ts'
import { configFor, mailFrom } from './setting.ts'

const nowhere = { host: '127.0.0.1', port: 1 }
let close = async (): Promise<void> => {}
afterEach(() => close())

async function door(
  host: MemoryHost,
  protocol: 'smtp' | 'lmtp' = 'smtp',
  more: Record<string, unknown> = {},
): Promise<number> {
  const config: Config = configFor(
    { address: 'geral@cm-exemplo.pt', user: 'geral', password: 'x', imap: nowhere, smtp: nowhere, smtpLogin: false },
    {
      aliases: [{ address: 'aguas@cm-exemplo.pt', department: 'aguas' }],
      smtpIn: { listen: '127.0.0.1:0', hosts: ['127.0.0.1'], protocol },
      ...more,
    },
  )
  if (!config.smtpIn) throw new Error('no door')
  const settings = {
    own: ownAddresses(config),
    forms: [],
    authServers: [],
    secret: signingSecret(config),
    maxBytes: config.maxBytes,
  }
  const opened = await openDoor(config, config.smtpIn, host, taker(host, settings, config.loop))
  close = opened.close
  return opened.port
}

interface Outcome {
  accepted: string[]
  code: number
}

function hand(port: number, to: string[], raw: Buffer, lmtp = false): Promise<Outcome> {
  return new Promise((resolve) => {
    const connection = new SMTPConnection({ host: '127.0.0.1', port, ignoreTLS: true, lmtp })
    const done = (error: unknown, accepted: string[] = []): void => {
      connection.close()
      resolve({ accepted, code: (error as { responseCode?: number } | null)?.responseCode ?? 250 })
    }
    connection.on('error', (error) => done(error))
    connection.connect((error) => {
      if (error) return done(error)
      connection.send({ from: 'maria@exemplo.pt', to }, raw, (refused, info) =>
        done(refused, info?.accepted as string[] | undefined),
      )
    })
  })
}

test('a mail is taken once it is stored, and its alias names the department', async () => {
  const host = memoryHost()
  const port = await door(host)
  const { code } = await hand(
    port,
    ['aguas@cm-exemplo.pt'],
    mailFrom('maria@exemplo.pt', { to: 'aguas@cm-exemplo.pt', text: 'Olá' }),
  )
  expect(code).toBe(250)
  expect(host.messages).toMatchObject([{ content: { text: 'Olá' }, departmentId: 'aguas' }])
})

test('what could not be stored is answered "later", and is there once when it comes again', async () => {
  const host = memoryHost()
  const port = await door(host)
  const mail = mailFrom('maria@exemplo.pt', { text: 'Olá' })
  host.before = () => {
    throw new Error('database is away')
  }
  expect((await hand(port, ['geral@cm-exemplo.pt'], mail)).code).toBe(451)
  host.before = undefined
  expect((await hand(port, ['geral@cm-exemplo.pt'], mail)).code).toBe(250)
  expect((await hand(port, ['geral@cm-exemplo.pt'], mail)).code).toBe(250)
  expect(host.messages).toHaveLength(1)
})

test('only our own addresses are taken; one of two is', async () => {
  const host = memoryHost()
  const port = await door(host)
  expect((await hand(port, ['outro@cm-exemplo.pt'], mailFrom('a@exemplo.pt', { text: 'x' }))).code).toBe(550)
  const { accepted } = await hand(
    port,
    ['outro@cm-exemplo.pt', 'geral@cm-exemplo.pt'],
    mailFrom('a@exemplo.pt', { text: 'x' }),
  )
  expect(accepted).toEqual(['geral@cm-exemplo.pt'])
})

test('by LMTP each recipient has an answer of its own', async () => {
  const host = memoryHost()
  const port = await door(host, 'lmtp')
  const { accepted } = await hand(
    port,
    ['geral@cm-exemplo.pt', 'aguas@cm-exemplo.pt'],
    mailFrom('a@exemplo.pt', { text: 'x' }),
    true,
  )
  expect(accepted).toEqual(['geral@cm-exemplo.pt', 'aguas@cm-exemplo.pt'])
  expect(host.messages).toHaveLength(1)
})

test('too large a mail and a host that is not on the list are refused', async () => {
  const host = memoryHost()
  const port = await door(host, 'smtp', { maxBytes: 70_000 })
  expect((await hand(port, ['geral@cm-exemplo.pt'], mailFrom('a@exemplo.pt', { text: 'x'.repeat(90_000) }))).code).toBe(
    552,
  )
  await close()
  const closed = await door(host, 'smtp', { smtpIn: { listen: '127.0.0.1:0', hosts: ['192.0.2.1'] } })
  expect((await hand(closed, ['geral@cm-exemplo.pt'], mailFrom('a@exemplo.pt', { text: 'x' }))).code).toBe(554)
  expect(host.received).toEqual([])
})
