/** The mailbox under faults: cuts, refusals, poison, a database that is away. Each mail arrives once, in order. */

import { afterEach, expect, test } from 'vitest'
import type { Connection } from '../../../src/core/channel.ts'
import { render, type MailRequest } from '../../../src/channels/email/render.ts'
import { startMail, type LoopbackWorld } from '../../vendors/mail.ts'
import { memoryHost, until } from './host.ts'
import { configFor, mailFrom, open } from './setting.ts'

let world: LoopbackWorld
let box: Connection<MailRequest> | undefined

afterEach(async () => {
  await box?.close()
  box = undefined
  await world.close()
})

const connected = (host: ReturnType<typeof memoryHost>) => () =>
  host.states.some(({ status }) => status === 'connected')

test('100 mails with cut connections, a refused mark and a database that fails at times arrive once each, in order', async () => {
  world = await startMail()
  const host = memoryHost()
  box = await open(world, host, { loop: { mails: 1_000, minutes: 10 } })
  await until('connected', connected(host))
  let calls = 0
  host.before = () => {
    if (++calls % 9 === 0) throw new Error('database is away')
  }
  world.faults.imap.refuseStore = true
  for (let index = 0; index < 100; index++) {
    if (index % 20 === 7) world.faults.imap.cutAtFetch = 2
    if (index % 25 === 3) await world.drop()
    await world.deliver(mailFrom(`c${index % 7}@exemplo.pt`, { text: `mail ${index}` }))
    if (index % 10 === 0) await until('it catches up a little', () => host.messages.length >= index - 10)
  }
  await until('all have arrived', () => host.messages.length === 100)
  expect(host.messages.map(({ content }) => content.text)).toEqual(
    Array.from({ length: 100 }, (_none, index) => `mail ${index}`),
  )
  expect(host.corrupt).toEqual([])
})

test('a restart in the middle of 60 mails loses and doubles none', async () => {
  world = await startMail()
  let host = memoryHost()
  box = await open(world, host, { loop: { mails: 1_000, minutes: 10 } })
  await until('connected', connected(host))
  for (let index = 0; index < 60; index++) {
    await world.deliver(mailFrom('ana@exemplo.pt', { text: `mail ${index}` }))
    if (index % 20 !== 10) continue
    await box.close()
    host = memoryHost(host)
    box = await open(world, host, { loop: { mails: 1_000, minutes: 10 } })
  }
  await until('all have arrived', () => host.messages.length === 60)
  expect(new Set(host.messages.map(({ content }) => content.text)).size).toBe(60)
})

test('a mail that the gateway refuses every time is set aside, and the next one passes', async () => {
  world = await startMail()
  const host = memoryHost()
  box = await open(world, host)
  await until('connected', connected(host))
  host.before = ({ text }) => {
    if (text === 'veneno') throw new Error('no')
  }
  await world.deliver(mailFrom('ana@exemplo.pt', { text: 'veneno' }))
  await world.deliver(mailFrom('ana@exemplo.pt', { text: 'antídoto' }))
  await until('the next one passes', () => host.messages.length === 1, 25_000)
  expect(host.messages[0]?.content.text).toBe('antídoto')
  expect(host.corrupt).toMatchObject([{ problem: 'refused by the gateway again and again' }])
  expect(host.corrupt[0]?.raw).toContain('from: ana@exemplo.pt')
})

test('a mail that ends the connection whenever it is read is set aside too', async () => {
  world = await startMail()
  const host = memoryHost()
  box = await open(world, host)
  await until('connected', connected(host))
  world.faults.imap.poisonUid = 1
  await world.deliver(mailFrom('ana@exemplo.pt', { text: 'veneno' }))
  await world.deliver(mailFrom('ana@exemplo.pt', { text: 'a seguir' }))
  await until('the next one passes', () => host.messages.length === 1, 25_000)
  expect(host.messages[0]?.content.text).toBe('a seguir')
  expect(host.corrupt).toHaveLength(1)
})

test('a mail over the size and one nested too deep are kept as corrupt with their headers; the next one passes', async () => {
  world = await startMail()
  const host = memoryHost()
  box = await open(world, host, { maxBytes: 100_000 })
  await until('connected', connected(host))
  await world.deliver(mailFrom('grande@exemplo.pt', { subject: 'Enorme', text: 'x'.repeat(200_000) }))
  let deep = 'Content-Type: text/plain\r\n\r\nfundo\r\n'
  for (let level = 0; level < 60; level++)
    deep = `Content-Type: multipart/mixed; boundary=b${level}.\r\n\r\n--b${level}.\r\n${deep}\r\n--b${level}.--\r\n`
  await world.deliver(`From: fundo@exemplo.pt\r\nSubject: Fundo\r\n${deep}`)
  await world.deliver(mailFrom('ana@exemplo.pt', { text: 'normal' }))
  await until('the next one passes', () => host.messages.length === 1)
  expect(host.corrupt.map(({ problem }) => problem)).toEqual([
    expect.stringContaining('larger than 100000 bytes'),
    'parts nested deeper than 20',
  ])
  expect(host.corrupt[0]?.raw).toContain('from: grande@exemplo.pt')
})

test('mail that was there before the first start is left alone, unless asked for', async () => {
  world = await startMail()
  await world.deliver(mailFrom('velho@exemplo.pt', { text: 'velho' }))
  const host = memoryHost()
  box = await open(world, host)
  await until('connected', connected(host))
  await world.deliver(mailFrom('novo@exemplo.pt', { text: 'novo' }))
  await until('the new one arrives', () => host.messages.length === 1)
  expect(host.messages[0]?.content.text).toBe('novo')
  await box.close()
  const all = memoryHost()
  box = await open(world, all, { begin: 'all' })
  await until('both arrive', () => all.messages.length === 2)
})

test('two mails with the same Message-ID and other words are two; the same mail delivered twice is one', async () => {
  world = await startMail()
  const host = memoryHost()
  box = await open(world, host)
  await until('connected', connected(host))
  const mail = (text: string, received: string): string =>
    `Received: ${received}\r\nFrom: scanner@exemplo.pt\r\nMessage-ID: <sempre@igual>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\n\r\n${text}\r\n`
  await world.deliver(mail('um', 'a'))
  await world.deliver(mail('um', 'b'))
  await world.deliver(mail('dois', 'c'))
  await until('all are read', () => host.received.length === 3)
  expect(host.messages.map(({ content }) => content.text)).toEqual(['um', 'dois'])
})

test('a refused log-in asks for the admin, and is tried again', async () => {
  world = await startMail()
  world.faults.imap.refuseLogin = true
  const host = memoryHost()
  box = await open(world, host)
  await until('the admin is asked', () => host.states.some(({ status }) => status === 'needs-attention'))
  expect(host.states.find(({ status }) => status === 'needs-attention')?.reason?.pt).toContain('recusou')
  world.faults.imap.refuseLogin = false
  await until('connected', connected(host))
})

test('a bounce of our own mail comes back as failed, with the reason in words', async () => {
  world = await startMail()
  const host = memoryHost()
  box = await open(world, host, { plusAddresses: true })
  await until('connected', connected(host))
  const { externalId } = await box.send(render({ text: 'Olá' }, { to: 'ninguem@exemplo.pt' }, configFor(world)), {
    key: 'd-7',
    attempt: 1,
    signal: AbortSignal.timeout(10_000),
  })
  const [sent] = await world.sent()
  expect(sent?.from).toMatch(/^geral\+b\.[0-9a-f.]+@cm-exemplo\.pt$/)
  await world.deliver(
    [
      'Return-Path: <>',
      'From: MAILER-DAEMON@exemplo.pt',
      `To: ${sent?.from}`,
      'Subject: Undelivered',
      'Message-ID: <dsn@exemplo.pt>',
      '',
      'Erro 550 5.1.1 User unknown',
      '',
    ].join('\r\n'),
  )
  await until('it is told', () => host.events.some(({ type }) => type === 'message.status'))
  expect(host.events).toMatchObject([
    { type: 'message.status', key: 'd-7', state: 'failed', reason: { pt: expect.stringContaining('não existe'), en: expect.stringContaining('does not exist') } },
  ])
  expect(externalId).toContain('<d-7.')
})

test('a machine that answers each of our mails at once is noticed by its speed', async () => {
  world = await startMail()
  const host = memoryHost()
  box = await open(world, host, { loop: { mails: 3, minutes: 10 } })
  await until('connected', connected(host))
  for (let index = 0; index < 5; index++) await world.deliver(mailFrom('robo@exemplo.pt', { text: `eco ${index}` }))
  await until('all are received', () => host.messages.length === 5)
  expect(host.messages.map(({ automatic }) => automatic === true)).toEqual([false, false, false, true, true])
})
