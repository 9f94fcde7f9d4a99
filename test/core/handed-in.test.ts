/** A form on its way to a system of the town: until it is taken, and to people when it is refused. */

import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Content, Operator } from '../../src/core/model.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { plainKind } from '../harness/plain-channel.ts'

const rulebook = `
languages: { pt: full }
town: { name: Vale Formoso }
settings: { menu: inicio }
menus: { inicio: { say: { pt: O que precisa? }, options: [{ label: { pt: Avaria }, go: form.avaria }] } }
forms:
  avaria:
    title: { pt: Comunicar uma avaria }
    question: { pt: Quero comunicar uma avaria }
    keywords: { pt: [avaria] }
    steps:
      - { id: onde, type: text, ask: { pt: Onde é? } }
      - { id: telefone, type: phone, ask: { pt: Que telefone? }, optional: true }
    receipt: AVA
    submit: { connection: avarias, path: /pedidos }
    done: { pt: 'Registado: {{ receipt }}.' }
`
let folder: string
let system: Server
let gateway: Harness
let ana: Operator
let answers: number[] = []
let taken: { key: string; body: unknown }[] = []
let clock = new Date('2026-11-24T10:00:00Z')

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'balcao-bot-'))
  await writeFile(path.join(folder, 'bot.yaml'), rulebook)
  system = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => { body += chunk })
    request.on('end', () => {
      const status = answers.shift() ?? 201
      if (status < 300) taken.push({ key: String(request.headers['idempotency-key']), body: JSON.parse(body) })
      response.writeHead(status).end('{}')
    })
  })
  await new Promise<void>((resolve) => system.listen(0, '127.0.0.1', resolve))
  gateway = await startGateway({
    channels: { linha: { kind: 'plain' } }, kinds: { plain: plainKind() }, now: () => clock,
    config: { bot: { folder }, connections: { avarias: { baseUrl: `http://127.0.0.1:${(system.address() as AddressInfo).port}`, allowPrivate: true } } },
  })
  ana = await gateway.operator({ name: 'Ana Martins', role: 'admin' })
})
afterAll(async () => {
  await gateway?.close()
  await new Promise((resolve) => system?.close(resolve))
  await rm(folder, { recursive: true, force: true })
})

const db = () => gateway.gateway.pool.db
async function conversationWith(from: string, text = 'bom dia') {
  await gateway.gateway.receiver.receive(gateway.channels.all.get('linha')!, { messages: [{ id: randomUUID(), from, text }] })
  return db().selectFrom('conversation').innerJoin('thread', 'thread.id', 'conversation.thread_id').innerJoin('identity', 'identity.id', 'thread.identity_id')
    .selectAll('conversation').where('identity.address', '=', from).executeTakeFirstOrThrow()
}
const handIn = (conversationId: string, given: Record<string, Content>, clientId: string = randomUUID()) =>
  gateway.gateway.act({ conversationId, operator: ana, clientId, deeds: [{ do: 'submit', form: 'avaria', given, consent: 'spoken' }] })
const activities = async (conversationId: string, type: string) =>
  (await db().selectFrom('activity').selectAll().where('conversation_id', '=', conversationId).where('type', '=', type).execute()).map(({ author, operator_id, data }) => ({ author, operator_id, data }))
const texts = async (conversationId: string) =>
  (await db().selectFrom('message').select(['direction', 'author', 'content']).where('conversation_id', '=', conversationId).orderBy('seq').execute()).map(({ direction, author, content }) => [direction, author, content.text])
const untilIdle = async (what: string, ask: () => Promise<boolean> | boolean) => {
  await gateway.until(what, async () => {
    clock = new Date(clock.getTime() + 60_000)
    await gateway.gateway.chores()
    return ask()
  })
}

test('an operator hands a form in for the citizen: once, in their own name, with the citizen’s consent', async () => {
  taken = []
  const { id, reference } = await conversationWith('rosa')
  const clientId = randomUUID()
  const outcomes = await Promise.all([1, 2, 3].map(() => handIn(id, { onde: { text: 'Rua do Sol, 3' } }, clientId)))
  expect(outcomes.map(({ type }) => type)).toEqual(['done', 'done', 'done'])
  const receipt = reference.replace(/^[A-Z]+/, 'AVA')
  expect(await activities(id, 'submit')).toEqual([
    { author: 'operator', operator_id: ana.id, data: { form: 'avaria', title: 'Comunicar uma avaria', receipt, assisted: true, consent: 'spoken' } },
  ])
  expect((await texts(id)).slice(-2)).toEqual([
    ['note', 'operator', `Comunicar uma avaria · ${receipt}\n- Onde é?: Rua do Sol, 3`],
    ['out', 'operator', `Registado: ${receipt}.`],
  ])
  expect(await db().selectFrom('conversation').select(['state', 'operator_id']).where('id', '=', id).executeTakeFirst()).toEqual({ state: 'assigned', operator_id: ana.id })
  await untilIdle('taken', () => taken.length === 1)
  expect(taken[0]!.body).toEqual({ form: 'avaria', receipt, reference, assisted: true, answers: { onde: 'Rua do Sol, 3' } })
})

test('what will not do is refused, and nothing of it is kept', async () => {
  const { id } = await conversationWith('rui')
  expect(await handIn(id, { onde: { text: 'Rua do Sol, 3' }, telefone: { text: '12' } })).toEqual({ type: 'invalid' })
  expect(await handIn(id, {})).toEqual({ type: 'invalid' })
  expect(await activities(id, 'submit')).toEqual([])
})

test('a system that is down for long gets it in the end, under one key', async () => {
  taken = []
  answers = [503, 500, 429, 502, 503, 500]
  const { id } = await conversationWith('marta')
  await handIn(id, { onde: { text: 'Largo da Feira' } })
  await untilIdle('taken', () => taken.length === 1)
  expect(answers).toEqual([])
  expect(await activities(id, 'submit-failed')).toEqual([])
})

test('what the system refuses comes to people, also after the conversation was closed', async () => {
  taken = []
  answers = [503, 422]
  const { id } = await conversationWith('joana')
  await handIn(id, { onde: { text: 'Rua Nova' } })
  await gateway.gateway.act({ conversationId: id, operator: ana, clientId: randomUUID(), deeds: [{ do: 'close', survey: false }] })
  await untilIdle('refused', async () => (await activities(id, 'submit-failed')).length === 1)
  expect(await db().selectFrom('conversation').select(['state', 'unanswered']).where('id', '=', id).executeTakeFirst()).toEqual({ state: 'waiting', unanswered: true })
  expect(taken).toEqual([])
})

test('a citizen’s own form takes the same way', async () => {
  taken = []
  answers = [500]
  await conversationWith('telmo', 'quero comunicar uma avaria')
  await conversationWith('telmo', 'Rua de Baixo')
  await conversationWith('telmo', 'saltar')
  const { id, reference } = await conversationWith('telmo', 'sim')
  await untilIdle('taken', () => taken.length === 1)
  expect(taken[0]!.body).toMatchObject({ receipt: reference.replace(/^[A-Z]+/, 'AVA'), assisted: false, answers: { onde: 'Rua de Baixo' } })
  // After the talk was closed and forgotten, the next one of the same conversation has a number of its own.
  await gateway.gateway.act({ conversationId: id, operator: ana, clientId: randomUUID(), deeds: [{ do: 'close', survey: false }, { do: 'reopen' }] })
  await handIn(id, { onde: { text: 'Rua de Cima' } })
  expect((await activities(id, 'submit')).map(({ data }) => data.receipt)).toEqual([expect.stringMatching(/^AVA-2026-\d+$/), expect.stringMatching(/^AVA-2026-\d+-2$/)])
})
