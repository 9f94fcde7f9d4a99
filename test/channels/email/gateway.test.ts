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
})
