/** Mail goes in and out over real sockets: against the loopback servers, and real daemons where installed. */

import { existsSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import { render } from '../../../src/channels/email/render.ts'
import type { Connection } from '../../../src/core/channel.ts'
import type { MessageReceived } from '../../../src/core/model.ts'
import type { MailRequest } from '../../../src/channels/email/render.ts'
import { daemonPaths, startDaemons } from '../../vendors/mail-daemons.ts'
import { startMail, type MailWorld } from '../../vendors/mail.ts'
import { memoryHost, until, type MemoryHost } from './host.ts'
import { configFor, mailFrom, open } from './setting.ts'

const hasDaemons = daemonPaths.every((path) => existsSync(path)) && process.getuid?.() === 0
if (!hasDaemons)
  console.log('Dovecot and OpenSMTPD are not installed (or we are not root): their half of the mail tests is left out')

function suite(start: () => Promise<MailWorld>): void {
  let world: MailWorld
  let connection: Connection<MailRequest> | undefined
  const opened = async (host: MemoryHost, more = {}): Promise<Connection<MailRequest>> => {
    connection = await open(world, host, more)
    await until('the mailbox is open', () => host.states.some(({ status }) => status === 'connected'))
    return connection
  }
  const reply = (to: MessageReceived, text: string): MailRequest => render({ text }, to.from.route, configFor(world))

  afterEach(async () => {
    await connection?.close()
    connection = undefined
    await world?.close()
  })

  test('a mail comes in, is answered, and the answer to that joins the same thread', async () => {
    world = await start()
    const host = memoryHost()
    const box = await opened(host)
    await world.deliver(mailFrom('maria@exemplo.pt', { subject: 'Fuga de água', text: 'Há uma fuga na Rua Direita.' }))
    await until('it is received', () => host.messages.length === 1)
    const [first] = host.messages
    expect(first).toMatchObject({
      from: { address: 'maria@exemplo.pt', email: 'maria@exemplo.pt' },
      content: { text: 'Há uma fuga na Rua Direita.', subject: 'Fuga de água' },
    })
    if (!first) return
    const sent = await box.send(reply(first, 'Obrigado, já enviámos a equipa.'), {
      key: 'd-1',
      attempt: 1,
      signal: AbortSignal.timeout(15_000),
    })
    await until('the citizen has it', async () => (await world.sent()).length === 1)
    const [mail] = await world.sent()
    expect(mail?.to).toEqual(['maria@exemplo.pt'])
    expect(mail?.messageId).toBe(sent.externalId)
    expect(mail?.raw).toMatch(/^Subject: =\?UTF-8\?Q\?Re=3A_Fuga_de_=C3=A1gua\?=/m)

    await world.deliver(
      mailFrom('Maria@Exemplo.pt', {
        subject: 'Re: Fuga de água',
        text: 'Muito obrigada!',
        headers: `In-Reply-To: ${sent.externalId}`,
      }),
    )
    await until('the answer is received', () => host.messages.length === 2)
    expect(host.messages[1]).toMatchObject({
      inReplyTo: sent.externalId,
      from: { address: 'maria@exemplo.pt', thread: first.from.thread },
    })
  })

  test('somebody else who answers the same mail gets a thread of her own', async () => {
    world = await start()
    const host = memoryHost()
    const box = await opened(host)
    await world.deliver(mailFrom('maria@exemplo.pt', { text: 'Bom dia' }))
    await until('it is received', () => host.messages.length === 1)
    const [first] = host.messages
    if (!first) throw new Error('nothing came')
    const { externalId } = await box.send(reply(first, 'Bom dia!'), {
      key: 'd-1',
      attempt: 1,
      signal: AbortSignal.timeout(15_000),
    })
    await world.deliver(
      mailFrom('rui@exemplo.pt', {
        text: 'Reencaminharam-me isto.',
        headers: `In-Reply-To: ${externalId}\r\nReferences: ${externalId}`,
      }),
    )
    await until('that is received', () => host.messages.length === 2)
    const [, second] = host.messages
    expect(second?.from.address).toBe('rui@exemplo.pt')
    expect(second?.from.thread).not.toBe(first.from.thread)
    expect(second).not.toHaveProperty('inReplyTo')
    expect(second?.content.trust).toMatchObject({ thread: 'another-sender' })
  })

  test('what arrived while we were down is read once, in order, and marked as recovered', async () => {
    world = await start()
    const before = memoryHost()
    await opened(before)
    await world.deliver(mailFrom('ana@exemplo.pt', { text: 'antes' }))
    await until('the first is received', () => before.messages.length === 1)
    await connection?.close()
    for (const text of ['um', 'dois', 'três']) await world.deliver(mailFrom('ana@exemplo.pt', { text }))
    // INTERNALDATE knows seconds: let one pass, or "just before" is "now".
    const due = Date.now() + 1_100
    await until('a second has passed', () => Date.now() > due)
    const after = memoryHost(before)
    await opened(after)
    await until('all are received', () => after.messages.length === 4)
    expect(after.messages.map(({ content }) => content.text)).toEqual(['antes', 'um', 'dois', 'três'])
    expect(after.messages.map(({ recovered }) => recovered === true)).toEqual([false, true, true, true])
    expect(after.received).toHaveLength(4)
  })

  test('a dropped connection is opened anew and nothing is missed', async () => {
    world = await start()
    const host = memoryHost()
    await opened(host)
    await world.deliver(mailFrom('ana@exemplo.pt', { text: 'um' }))
    await until('the first is received', () => host.messages.length === 1)
    await world.drop()
    await world.deliver(mailFrom('ana@exemplo.pt', { text: 'dois' }))
    await until('the second is received', () => host.messages.length === 2)
    expect(host.received).toHaveLength(2)
  })

  test('a mail is marked as seen only once it is stored', async () => {
    world = await start()
    const host = memoryHost()
    let seenBefore: number | undefined
    host.after = async () => {
      seenBefore = await world.seen()
    }
    await opened(host)
    await world.deliver(mailFrom('ana@exemplo.pt', { text: 'um' }))
    await until('it is marked', async () => (await world.seen()) === 1)
    expect(seenBefore).toBe(0)
  })

  test('killed between storing and marking, nothing is doubled', async () => {
    world = await start()
    const before = memoryHost()
    await opened(before)
    // Stored; but the process dies before it can mark the mail or remember its number.
    before.after = () => new Promise(() => {})
    before.cursor.save = async () => {
      throw new Error('dead')
    }
    await world.deliver(mailFrom('ana@exemplo.pt', { text: 'um' }))
    await until('it is stored', () => before.messages.length === 1)
    // It hangs where it died: not waited for.
    void connection?.close()
    connection = undefined
    const after = memoryHost(before)
    await opened(after)
    await world.deliver(mailFrom('ana@exemplo.pt', { text: 'dois' }))
    await until('the next is received', () => after.messages.length === 2)
    expect(after.messages.map(({ content }) => content.text)).toEqual(['um', 'dois'])
    expect(after.received.length).toBeGreaterThan(2)
  })

  test('a renumbered mailbox is read again and nothing is doubled or taken from before our time', async () => {
    world = await start()
    await world.deliver(
      mailFrom('velho@exemplo.pt', { text: 'de antes de haver balcão' }),
      new Date(Date.now() - 86_400_000),
    )
    const due = Date.now() + 1_100
    await until('a second has passed', () => Date.now() > due)
    const host = memoryHost()
    await opened(host)
    for (const text of ['um', 'dois']) await world.deliver(mailFrom('ana@exemplo.pt', { text }))
    await until('both are received', () => host.messages.length === 2)
    await world.renumber()
    await world.deliver(mailFrom('ana@exemplo.pt', { text: 'três' }))
    await until('the third is received', () => host.messages.length === 3)
    expect(host.messages.map(({ content }) => content.text)).toEqual(['um', 'dois', 'três'])
    // Read twice, so it was renumbered indeed.
    expect(host.received).toHaveLength(5)
  })

  test('attachments go both ways byte for byte', async () => {
    world = await start()
    const host = memoryHost()
    const box = await opened(host)
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_none, index) => (index * 7) % 256))
    await world.deliver(
      [
        'From: ana@exemplo.pt',
        `To: ${world.address}`,
        'Subject: planta',
        'Message-ID: <planta@exemplo.pt>',
        'MIME-Version: 1.0',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain; charset=utf-8',
        '',
        'Segue a planta.',
        '--b',
        'Content-Type: image/png; name="=?utf-8?Q?planta_da_casa_=C3=A9_esta.png?="',
        'Content-Transfer-Encoding: base64',
        'Content-Disposition: attachment',
        '',
        bytes.toString('base64').replace(/.{76}/g, '$&\r\n'),
        '--b--',
        '',
      ].join('\r\n'),
    )
    await until('it is received', () => host.messages.length === 1)
    const attachment = host.messages[0]?.content.attachments?.[0]
    expect(attachment).toMatchObject({
      kind: 'image',
      mimeType: 'image/png',
      name: 'planta da casa é esta.png',
      bytes: 70_000,
    })
    expect(host.files.get(attachment?.source ?? '')?.bytes.equals(bytes)).toBe(true)
    const route = host.messages[0]?.from.route ?? {}
    await box.send(
      render({ text: 'Aqui vai.', attachments: attachment ? [attachment] : [] }, route, configFor(world)),
      { key: 'd-9', attempt: 1, signal: AbortSignal.timeout(15_000) },
    )
    await until('the citizen has it', async () => (await world.sent()).length === 1)
    const raw = (await world.sent())[0]?.raw ?? ''
    expect(raw.replace(/\s/g, '')).toContain(bytes.toString('base64'))
  })
}

describe('loopback', () => suite(startMail))
describe.runIf(hasDaemons)('Dovecot and OpenSMTPD', () => suite(startDaemons))
