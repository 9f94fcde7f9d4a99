/** Through the whole gateway: a citizen's mail, the bot's answer, the citizen's answer to that, an operator's reply. */

import { afterEach, expect, test } from 'vitest'
import { type Harness, startGateway } from '../../harness/gateway.ts'
import { startMail, type LoopbackWorld } from '../../vendors/mail.ts'
import { mailFrom } from './setting.ts'

let world: LoopbackWorld | undefined
let gateway: Harness | undefined

afterEach(async () => {
  await gateway?.close()
  await world?.close()
})

test('a mail goes all the way round, and the answer to the answer joins the same conversation', async () => {
  const mail = await startMail()
  world = mail
  const login = { secure: 'none', user: mail.user, password: { env: 'MAIL_PASSWORD' } }
  const running = await startGateway({
    channels: {
      geral: {
        kind: 'email',
        address: mail.address,
        name: 'Câmara Municipal',
        begin: 'all',
        imap: { ...mail.imap, ...login },
        smtp: { ...mail.smtp, ...login },
      },
    },
    env: { MAIL_PASSWORD: mail.password },
    respond: (state) => ({
      actions: [
        { do: 'say', content: { text: 'Recebemos a sua mensagem.' } },
        { do: 'hand-off', reason: 'asked' },
      ],
      state,
    }),
  })
  gateway = running
  const db = running.gateway.pool.db
  await mail.deliver(mailFrom('maria@exemplo.pt', { subject: 'Fuga de água', text: 'Há uma fuga.' }))
  const [answer] = await running.until('the bot answers', async () => {
    const sent = await mail.sent()
    return sent.length > 0 && sent
  })
  expect(answer?.to).toEqual(['maria@exemplo.pt'])
  expect(answer?.raw).toContain('Recebemos a sua mensagem.')
  expect(answer?.raw).toMatch(/^Auto-Submitted: auto-replied\r$/m)
  await mail.deliver(
    mailFrom('maria@exemplo.pt', {
      subject: 'Re: Fuga de água',
      text: 'Continua.',
      headers: `In-Reply-To: ${answer?.messageId}`,
    }),
  )
  await running.until(
    'the answer to it is stored',
    async () => (await db.selectFrom('message').select('id').where('direction', '=', 'in').execute()).length === 2,
  )
  const conversations = await db.selectFrom('conversation').selectAll().execute()
  expect(conversations).toHaveLength(1)
  const operator = await running.operator({ role: 'admin' })
  await running.gateway.act({
    conversationId: conversations[0]?.id ?? '',
    operator,
    clientId: 'r-1',
    deeds: [{ do: 'take' }, { do: 'reply', text: 'Vamos já.' }],
  })
  const reply = await running.until('the reply of the operator arrives', async () =>
    (await mail.sent()).find(({ raw }) => raw.includes('Vamos j=C3=A1.')),
  )
  expect(reply.raw).not.toMatch(/^Auto-Submitted/m)
  expect(reply.raw).toMatch(/^References:\s[\s\S]*?exemplo.pt>/m)
  expect(await db.selectFrom('thread').selectAll().execute()).toHaveLength(1)

  // Its server says that it is late, and days later that it gave up.
  const stateOf = () => db.selectFrom('delivery').innerJoin('message', 'message.id', 'delivery.message_id').select(['delivery.state', 'delivery.reason', 'delivery.detail', 'delivery.detail_en']).where('message.author', '=', 'operator').executeTakeFirstOrThrow()
  const notice = (id: string, subject: string, action: string, status: string) => [
    'Return-Path: <>', 'From: MAILER-DAEMON@exemplo.pt', `To: ${mail.address}`, `Subject: ${subject}`, `Message-ID: <${id}@exemplo.pt>`, 'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b', '', '--b', 'Content-Type: text/plain', '', subject,
    '--b', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; exemplo.pt', '', 'Final-Recipient: rfc822; maria@exemplo.pt', `Action: ${action}`, `Status: ${status}`,
    '--b', 'Content-Type: text/rfc822-headers', '', `Message-ID: ${reply.messageId}`, '--b--', '',
  ].join('\r\n')
  await mail.deliver(notice('late', 'Delayed', 'delayed', '4.4.1'))
  await running.until('the operator sees that it is late', async () => (await stateOf()).reason === 'delayed')
  expect(await stateOf()).toMatchObject({ state: 'sent', reason: 'delayed' })
  await mail.deliver(notice('gone', 'Undelivered', 'failed', '5.4.7'))
  await running.until('the operator sees that it did not arrive', async () => (await stateOf()).state === 'failed')
  expect(await stateOf()).toMatchObject({ reason: 'undelivered', detail: expect.stringContaining('não respondeu a tempo') as string, detail_en: expect.stringContaining('did not answer in time') as string })
})
