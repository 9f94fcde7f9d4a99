/** An e-mail left in the web chat: web chat → mail → web chat, over real sockets, and nobody else's words on the way. */

import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Operator } from '../../src/core/model.ts'
import { mailFrom } from '../channels/email/setting.ts'
import { addressOf, message, Visitor } from '../channels/webchat/setting.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { type LoopbackWorld, startMail } from '../vendors/mail.ts'

let mail: LoopbackWorld
let town: Harness
let operator: Operator
let now = new Date('2026-03-02T10:00:00Z')

beforeAll(async () => {
  mail = await startMail()
  const login = { secure: 'none', user: mail.user, password: { env: 'MAIL_PASSWORD' } }
  town = await startGateway({
    channels: {
      web: { kind: 'webchat', title: 'Vale Formoso', limits: { perVisitor: 3_000, perAddress: 30_000, newVisitorsPerAddress: 3_000 } },
      correio: { kind: 'email', address: mail.address, begin: 'all', imap: { ...mail.imap, ...login }, smtp: { ...mail.smtp, ...login } },
    },
    env: { MAIL_PASSWORD: mail.password },
    now: () => now,
    respond: (state) => ({ actions: [{ do: 'hand-off', reason: 'asked' }], state }),
  })
  operator = await town.operator({ role: 'admin' })
})
afterAll(async () => {
  await town?.close()
  await mail?.close()
})
// Each test on a day of its own: an address is not asked without end.
beforeEach(() => { now = new Date(now.getTime() + 2 * 86_400_000) })

const db = () => town.gateway.pool.db
const mailsTo = async (address: string) => Promise.all((await mail.sent()).filter(({ to }) => to.includes(address)).map(async (each) => ({ ...each, text: (await simpleParser(each.raw)).text ?? '' })))
const claimIn = (text: string) => /\/address\/([\w-]+)/.exec(text)?.[1]
const answerClaim = (claim: string, answer: 'yes' | 'no') => fetch(`${town.url}/address/${claim}`, { method: 'POST', body: new URLSearchParams({ answer }) })
const conversationOf = (channel: string, address: string) => db().selectFrom('identity').innerJoin('thread', 'thread.identity_id', 'identity.id').innerJoin('conversation', 'conversation.id', 'thread.conversation_id')
  .selectAll('conversation').where('identity.channel_id', '=', channel).where('identity.address', '=', address).where('thread.unproven', '=', false).orderBy('conversation.id', 'desc').executeTakeFirst()
const citizenOf = async (channel: string, address: string) => (await db().selectFrom('identity').select('citizen_id').where('channel_id', '=', channel).where('address', '=', address).executeTakeFirst())?.citizen_id

async function leave(address: string, visitor = new Visitor(town.url)): Promise<{ visitor: Visitor; conversationId: string }> {
  const answer = await visitor.post('/messages', message(`Podem responder-me para ${address}.`, { email: address }))
  expect(answer.status).toBe(200)
  return { visitor, conversationId: (await conversationOf('web', addressOf(visitor.token)))!.id }
}
async function asked(address: string, times = 1): Promise<string> {
  const mails = await town.until('the question in the mail', async () => {
    const found = await mailsTo(address)
    return found.length >= times && found
  })
  return claimIn(mails.at(-1)!.text)!
}
const reply = (conversationId: string, text: string, threadId?: string) => town.gateway.act({
  conversationId, operator, clientId: `r-${conversationId}-${text}`, deeds: [{ do: 'take' }, { do: 'reply', text, ...(threadId && { threadId }) }],
})

test('who says that it was them is answered by mail, and what they write back is the same conversation', async () => {
  const address = 'joana@correio.example'
  const { visitor, conversationId } = await leave(address)
  expect((await visitor.texts()).at(-1)).toContain(`Enviámos uma mensagem para ${address}`)
  const claim = await asked(address)
  const page = await fetch(`${town.url}/address/${claim}`)
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(await page.text()).toContain(`Alguém indicou o endereço ${address}`)
  // Scanners of mail open what is linked: looking changes nothing.
  expect(await citizenOf('correio', address)).not.toBe(await citizenOf('web', addressOf(visitor.token)))

  expect(await (await answerClaim(claim, 'yes')).text()).toContain('A resposta chega ao seu e-mail')
  expect((await answerClaim(claim, 'yes')).status).toBe(410)
  await reply(conversationId, 'A certidão está pronta.')
  const answer = await town.until('the answer in the mail', async () => (await mailsTo(address)).find(({ text }) => text.includes('A certidão está pronta.')))
  await mail.deliver(mailFrom(address, { subject: 'Re: certidão', text: 'Obrigada!', headers: `In-Reply-To: ${answer.messageId}` }))
  await town.until('the mail in the same conversation', async () => db().selectFrom('message').select('id').where('conversation_id', '=', conversationId).where('channel_id', '=', 'correio').where('direction', '=', 'in').executeTakeFirst())
  await visitor.post('/messages', message('Estou outra vez na página.'))
  await reply(conversationId, 'Bem-vinda de volta.')
  expect((await visitor.texts()).slice(-2)).toEqual(['Estou outra vez na página.', 'Bem-vinda de volta.'])
  // On the page stand the words of the page: what was said by mail stays there.
  expect(await visitor.texts()).not.toContain('Obrigada!')
})

test('the mail of whoever owns an address that somebody else left is theirs alone', async () => {
  const address = 'dona@correio.example'
  const { visitor, conversationId } = await leave(address)
  await asked(address)
  await mail.deliver(mailFrom(address, { subject: 'O meu divórcio', text: 'Isto é só meu.' }))
  const own = await town.until('a conversation of her own', () => conversationOf('correio', address))
  expect(own.id).not.toBe(conversationId)
  expect(own.citizen_id).not.toBe(await citizenOf('web', addressOf(visitor.token)))
  // Nor does an answer to the stranger go to her, even if somebody insists on her address.
  const thread = await db().selectFrom('thread').select('id').where('conversation_id', '=', conversationId).where('unproven', '=', true).executeTakeFirstOrThrow()
  await reply(conversationId, 'Para quem está na página.', thread.id)
  expect((await visitor.texts()).at(-1)).toBe('Para quem está na página.')
  await town.gateway.chores()
  expect((await mailsTo(address)).filter(({ text }) => text.includes('Para quem'))).toEqual([])
})

test('who says that it was not them is left in peace, and the operator sees it', async () => {
  const address = 'engano@correio.example'
  const { conversationId } = await leave(address)
  const claim = await asked(address)
  expect(await (await answerClaim(claim, 'no')).text()).toContain('Não escrevemos mais')
  expect((await answerClaim(claim, 'yes')).status).toBe(410)
  const told = await db().selectFrom('activity').select('type').where('conversation_id', '=', conversationId).where('type', 'like', 'address%').execute()
  expect(told).toEqual([{ type: 'address-refused' }])
})

test('who wrote by mail before, and says that the page was them too, is one citizen', async () => {
  const address = 'rui@correio.example'
  await mail.deliver(mailFrom(address, { text: 'Bom dia.' }))
  const before = await town.until('the mail', () => conversationOf('correio', address))
  const { visitor, conversationId } = await leave(address)
  await answerClaim(await asked(address), 'yes')
  expect(await citizenOf('web', addressOf(visitor.token))).toBe(before.citizen_id)
  const both = await db().selectFrom('conversation').select(['id', 'citizen_id', 'aside']).where('id', 'in', [before.id, conversationId]).orderBy('id').execute()
  expect(both).toEqual([{ id: before.id, citizen_id: before.citizen_id, aside: false }, { id: conversationId, citizen_id: before.citizen_id, aside: true }])
  // Known from then on: nobody is asked again.
  const again = await leave(address, visitor)
  expect((await visitor.texts()).at(-1)).toBe(`A resposta chega-lhe a ${address}.`)
  expect(await mailsTo(address)).toHaveLength(1)
  expect(again.conversationId).toBeDefined()
})

test('a citizen of whom the town knows more is not joined by a button: the operator decides', async () => {
  const address = 'vera@correio.example'
  await mail.deliver(mailFrom(address, { text: 'Boa tarde.' }))
  const owner = await town.until('the mail', () => conversationOf('correio', address))
  const { visitor, conversationId } = await leave(address)
  const writer = (await citizenOf('web', addressOf(visitor.token)))!
  await db().insertInto('identity').values({ channel_id: 'correio', address: 'outro@correio.example', citizen_id: writer }).execute()
  await answerClaim(await asked(address), 'yes')
  expect([await citizenOf('web', addressOf(visitor.token)), await citizenOf('correio', address)]).toEqual([writer, owner.citizen_id])
  const told = await db().selectFrom('activity').select(['type', 'data']).where('conversation_id', '=', conversationId).where('type', 'like', 'address%').execute()
  expect(told).toEqual([{ type: 'address-proven', data: { joined: false } }])
})

test('nobody is pestered: three questions a day, and a question of last week proves nothing', async () => {
  const address = 'muitas@correio.example'
  const claims: string[] = []
  for (let n = 1; n <= 3; n++) {
    await leave(address)
    claims.push(await asked(address, n))
  }
  const { visitor } = await leave(address)
  expect((await visitor.texts()).filter((text) => text.startsWith('Enviámos'))).toEqual([])
  await town.gateway.chores()
  expect(await mailsTo(address)).toHaveLength(3)
  now = new Date(now.getTime() + 8 * 86_400_000)
  expect((await answerClaim(claims[0]!, 'yes')).status).toBe(410)
  expect((await fetch(`${town.url}/address/nada`)).status).toBe(410)
})
