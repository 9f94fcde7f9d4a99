/** The example of a channel through the whole gateway: real files, real database, a restart in the middle. */

import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Responder } from '../../../src/core/model.ts'
import { freshDatabase } from '../../database.ts'
import { startGateway } from '../../harness/gateway.ts'

let folder: string
let database: Awaited<ReturnType<typeof freshDatabase>>
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'balcao-file-'))
  database = await freshDatabase()
})
afterEach(async () => {
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

const respond: Responder = (state, input) => ({
  state,
  actions:
    input.type === 'message'
      ? [{ do: 'say', content: { text: `Recebido: ${input.content.text}`, choices: [{ id: 'person', label: 'Falar com alguém' }] } }]
      : [],
})
const start = () =>
  startGateway({
    channels: { ficheiros: { kind: 'file', folder, everySeconds: 0.01 } },
    databaseUrl: database.url,
    respond,
  })
const say = (...lines: (object | string)[]) =>
  appendFile(path.join(folder, 'in.jsonl'), lines.map((line) => (typeof line === 'string' ? line : `${JSON.stringify(line)}\n`)).join(''))
const said = async (): Promise<{ key: string; to: string; text: string; choices?: unknown[]; attachments?: { url: string }[] }[]> =>
  (await readFile(path.join(folder, 'out.jsonl'), 'utf8').catch(() => '')).split('\n').filter(Boolean).map((line) => JSON.parse(line) as never)

test('lines in are answered by lines out, each once, over a restart', async () => {
  await mkdir(path.join(folder, 'files'))
  await writeFile(path.join(folder, 'files/rua.txt'), 'Rua Direita')
  await say(
    { id: '1', from: 'ana', name: 'Ana Sousa', text: 'Bom dia' },
    'this is no JSON\n',
    { id: '2', from: 'rui', text: 'Há uma fuga', attachments: [{ path: 'files/rua.txt', mimeType: 'text/plain' }, { path: '../../../etc/passwd' }] },
    '{"id":"3","from":"ana","te',
  )
  const first = await start()
  const db = first.gateway.pool.db
  await first.until('two answers', async () => (await said()).length === 2)
  await first.until('the file is fetched, the other is not', async () => {
    const files = await db.selectFrom('attachment').select(['name', 'state', 'attempts']).execute()
    const [inside, outside] = ['rua.txt', 'passwd'].map((name) => files.find((one) => one.name === name))
    return inside?.state === 'stored' && outside?.state === 'pending' && outside.attempts > 0
  })
  const conversation = await db.selectFrom('conversation').innerJoin('citizen', 'citizen.id', 'conversation.citizen_id')
    .select('conversation.id').where('citizen.name', '=', 'Ana Sousa').executeTakeFirstOrThrow()
  const operator = await first.operator({ role: 'admin' })
  const file = await db.selectFrom('attachment').select(['source', 'name']).where('name', '=', 'rua.txt').executeTakeFirstOrThrow()
  await first.gateway.act({
    conversationId: conversation.id,
    operator,
    clientId: 'r-1',
    deeds: [{ do: 'take' }, { do: 'reply', text: 'Já seguem.', attachments: [{ kind: 'file', source: file.source, mimeType: 'text/plain', name: 'rua.txt' }] }],
  })
  await first.until('the operator’s reply', async () => (await said()).some(({ text }) => text === 'Já seguem.'))
  const corrupt = await db.selectFrom('inbound').select(['payload', 'problem']).where('outcome', '=', 'corrupt').execute()
  expect(corrupt).toEqual([{ payload: 'this is no JSON', problem: 'not JSON' }])
  await first.close()

  await say('xt":"Agora sim"}\n', { id: '2', from: 'rui', text: 'Há uma fuga' }, { id: '4', from: 'eva', text: 'Olá' })
  const second = await start()
  await second.until('what came meanwhile', async () => (await said()).some(({ to }) => to === 'eva'))
  await second.close()

  const lines = await said()
  expect(lines.map(({ to, text }) => `${to}: ${text}`).sort()).toEqual([
    'ana: Já seguem.',
    'ana: Recebido: Bom dia',
    'eva: Recebido: Olá',
    'rui: Recebido: Há uma fuga',
  ])
  expect(new Set(lines.map(({ key }) => key)).size).toBe(lines.length)
  const [hello, planned] = ['Recebido: Bom dia', 'Já seguem.'].map((text) => lines.find((line) => line.text === text)!)
  expect(hello!.choices).toEqual([{ id: 'person', label: 'Falar com alguém' }])
  expect(planned!.attachments).toEqual([expect.objectContaining({ name: 'rua.txt', url: expect.stringMatching(/^http/) })])
}, 60_000)
