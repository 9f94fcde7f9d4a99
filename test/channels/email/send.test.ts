/** What becomes of a mail that we send when the server says no, later, or nothing at all. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SendError } from '../../../src/core/channel.ts'
import type { Connection } from '../../../src/core/channel.ts'
import type { Content, Route } from '../../../src/core/model.ts'
import { render, type MailRequest } from '../../../src/channels/email/render.ts'
import { Secret } from '../../../src/core/secret.ts'
import { startMail, type LoopbackWorld, type SmtpFault } from '../../vendors/mail.ts'
import { memoryHost, type MemoryHost, until } from './host.ts'
import { configFor, open } from './setting.ts'

let world: LoopbackWorld
let host: MemoryHost
let box: Connection<MailRequest>

beforeEach(async () => {
  world = await startMail()
  host = memoryHost()
  box = await open(world, host)
})
afterEach(async () => {
  await box.close()
  await world.close()
})

const route: Route = {
  to: 'maria@exemplo.pt',
  name: 'Maria',
  subject: 'Fuga',
  inReplyTo: '<1@exemplo.pt>',
  references: ['<0@exemplo.pt>'],
  thread: '0123456789abcdef',
}
const request = (content: Partial<Content> = {}, to: Route = route): MailRequest =>
  render({ text: 'Olá', ...content }, to, configFor(world))
const delivery = (key = 'd-1', ms = 10_000) => ({ key, attempt: 1, signal: AbortSignal.timeout(ms) })
const reasonOf = (sending: Promise<unknown>): Promise<string> =>
  sending.then(
    () => 'sent',
    (error: SendError) => error.reason,
  )

const outcomes: [string, SmtpFault, string][] = [
  ['mailbox unknown', { at: 'rcpt', code: 550 }, 'rejected'],
  ['mail refused for what it says', { at: 'data', code: 554 }, 'rejected'],
  ['mail too large for the server', { at: 'data', code: 552 }, 'rejected'],
  ['mailbox busy', { at: 'rcpt', code: 450 }, 'unreachable'],
  ['server out of space', { at: 'data', code: 452 }, 'unreachable'],
  ['too many connections', { at: 'mail', code: 421 }, 'throttled'],
  ['sending too fast', { at: 'rcpt', code: 450, text: '4.7.1 rate limit exceeded' }, 'throttled'],
  ['cut after all was handed over', 'cut-after', 'ambiguous'],
]
test.each(outcomes)('%s: %o is %s', async (_name, fault, reason) => {
  world.faults.smtp = () => fault
  expect(await reasonOf(box.send(request(), delivery()))).toBe(reason)
})

test('no answer to the last byte is ambiguous; the signal ends the waiting', async () => {
  world.faults.smtp = () => 'slow'
  expect(await reasonOf(box.send(request(), delivery('d-1', 1_000)))).toBe('ambiguous')
})

test('a server that is not there is unreachable, a wrong password is for the admin', async () => {
  const off = configFor(world, { smtp: { host: '127.0.0.1', port: 1, secure: 'none' } })
  const gone = await open(world, memoryHost(), { smtp: off.smtp })
  expect(await reasonOf(gone.send(request(), delivery()))).toBe('unreachable')
  const wrong = await open(world, memoryHost(), {
    smtp: { ...world.smtp, secure: 'none', user: world.user, password: new Secret('errada') },
  })
  expect(await reasonOf(wrong.send(request(), delivery()))).toBe('misconfigured')
  await Promise.all([gone.close(), wrong.close()])
})

test('an admin is told that the sending server lets nobody in, and when it does again, though nobody writes', async () => {
  const quiet = memoryHost()
  world.faults.smtpRefusesLogin = true
  const smtp = { ...world.smtp, secure: 'none', user: world.user, password: new Secret(world.password) }
  const watched = await open(world, quiet, { smtp })
  await until('it is told', () => quiet.states.at(-1)?.status === 'needs-attention')
  expect(quiet.states.at(-1)?.reason?.pt).toMatch(/127\.0\.0\.1:\d+ recusou a entrada \(535\).*channel test/)
  world.faults.smtpRefusesLogin = false
  await until('it is well again', () => quiet.states.at(-1)?.status === 'connected')
  expect([quiet.states.at(-1)?.reason, world.attempts()]).toEqual([undefined, 0])
  await watched.close()
})

test('one recipient who is refused says nothing of the server', async () => {
  world.faults.smtp = () => ({ at: 'rcpt', code: 450 })
  await until('connected', () => host.states.at(-1)?.status === 'connected')
  expect(await reasonOf(box.send(request(), delivery()))).toBe('unreachable')
  expect(host.states.at(-1)?.status).toBe('connected')
})

test('the second attempt after a cut is the same mail: the same Message-ID', async () => {
  world.faults.smtp = (attempt) => (attempt === 1 ? 'cut-after' : undefined)
  expect(await reasonOf(box.send(request(), delivery()))).toBe('ambiguous')
  const { externalId } = await box.send(request(), { ...delivery(), attempt: 2 })
  const ids = (await world.sent()).map(({ messageId }) => messageId)
  expect(ids).toEqual([externalId, externalId])
})

test('what the answer carries: To, Subject once with Re:, In-Reply-To, References, text and HTML', async () => {
  await box.send(
    request({ text: 'Olá <b>Maria</b>\nhttps://cm-exemplo.pt/x?a=1&b=2.' }, { ...route, subject: 'RE: Re: Fwd: Fuga' }),
    delivery(),
  )
  const raw = (await world.sent())[0]?.raw ?? ''
  expect(raw).toMatch(/^To: Maria <maria@exemplo.pt>\r$/m)
  expect(raw).toMatch(/^Subject: Re: Fuga\r$/m)
  expect(raw).toMatch(/^In-Reply-To: <1@exemplo.pt>\r$/m)
  expect(raw).toMatch(/^References: <0@exemplo.pt> <1@exemplo.pt>\r$/m)
  expect(raw).toContain('multipart/alternative')
  expect(raw).toContain('Ol=C3=A1 &lt;b&gt;Maria&lt;/b&gt;<br>')
  expect(raw).not.toMatch(/^Auto-Submitted/m)
})

test('a mail of the bot says that a machine wrote it', async () => {
  await box.send(request(), { ...delivery(), by: 'bot' })
  expect((await world.sent())[0]?.raw).toMatch(/^Auto-Submitted: auto-replied\r$/m)
})

test('an alias answers under its own address and name', async () => {
  const config = configFor(world, { aliases: [{ address: 'aguas@cm-exemplo.pt', name: 'Águas' }] })
  await box.send(render({ text: 'Olá' }, { ...route, from: 'aguas@cm-exemplo.pt' }, config), delivery())
  expect((await world.sent())[0]?.raw).toMatch(/^From: =\?UTF-8\?Q\?=C3=81guas\?= <aguas@cm-exemplo.pt>/m)
})

describe('nothing that a citizen wrote becomes a header or another recipient', () => {
  test.each([
    { subject: 'x\r\nBcc: todos@exemplo.pt' },
    { name: 'M\r\nBcc: todos@exemplo.pt' },
    { inReplyTo: '<a>\r\nBcc: todos@exemplo.pt' },
    { references: ['<a@b>\r\nBcc: todos@exemplo.pt'] },
  ])('%o', async (change) => {
    await box.send(request({}, { ...route, ...change }), delivery())
    const [mail] = await world.sent()
    expect(mail?.to).toEqual(['maria@exemplo.pt'])
    expect(mail?.raw.split('\r\n\r\n')[0]).not.toMatch(/^Bcc/im)
  })

  test.each([
    'maria@exemplo.pt, rui@gmail.com',
    '"rui@gmail.com"@exemplo.pt',
    'maria@exemplo.pt\r\nRCPT TO:<rui@gmail.com>',
    '',
    undefined,
    7,
  ])('to %o is refused', async (to) => {
    expect(await reasonOf(box.send(request({}, { ...route, to }), delivery()))).toBe('rejected')
    expect(world.attempts()).toBe(0)
  })
})

test('attachments that are too large together are refused before anything leaves', async () => {
  const { source } = await host.keep(Buffer.alloc(20 * 1024 * 1024), { maxBytes: 1e9 })
  const sending = box.send(
    request({ attachments: [{ kind: 'file', source, mimeType: 'application/zip', name: 'a.zip' }] }),
    delivery(),
  )
  expect(await reasonOf(sending)).toBe('rejected')
  expect(world.attempts()).toBe(0)
})

test('a failure names neither password nor citizen', async () => {
  world.faults.smtp = () => ({ at: 'rcpt', code: 550, text: '5.1.1 <maria@exemplo.pt> unknown, password segredo' })
  const error = await box.send(request(), delivery()).catch((problem: SendError) => problem)
  expect(JSON.stringify(error) + String(error)).not.toMatch(/maria/)
})
