import { chmod, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse } from 'yaml'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { playTranscripts } from '../../src/bot/tools/transcripts.ts'
import { loadRulebook } from '../../src/bot/load.ts'
import type { BotCatalogue, MissGroup, RulebookChange, RulebookReview, Trial, TrialRequest } from '../../src/operator-api.types.ts'
import { signIn, type SignedIn } from '../harness/browserless.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { plainKind, type PlainVendor, plainVendor } from '../harness/plain-channel.ts'

let folder: string
let vendor: PlainVendor
let gateway: Harness
let ana: SignedIn
const fileOf = (name: string) => path.join(folder, name)
const read = (name: string) => readFile(fileOf(name), 'utf8')

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'balcao-rulebook-'))
  vendor = await plainVendor()
  await cp('config/bot', folder, { recursive: true })
  gateway = await startGateway({
    channels: { linha: { kind: 'plain', vendorUrl: vendor.url } }, kinds: { plain: plainKind() },
    config: { bot: { folder } }, calendar: { holidays: { national: true }, hours: { 'mon-fri': ['09:00-17:00'] } },
  })
  ana = await signIn(gateway, 'ana@valeformoso.example')
})
afterAll(async () => {
  await gateway.close()
  await vendor.close()
  await rm(folder, { recursive: true })
})

const ask = <T>(what: string, body: unknown) => ana.call<T & { error?: string; message?: string }>('POST', `/api/admin/bot/${what}`, body)
const example: RulebookChange = { do: 'example', ref: 'answer.agua-pagar-fatura', language: 'pt', phrase: 'em que caixa deixo o dinheiro do contador' }

describe('a conversation that is tried', () => {
  const tried = async (more: Partial<TrialRequest>) => (await ask<Trial>('trial', { kind: 'webchat', at: '2026-11-25T10:00', language: 'pt', turns: [], ...more })).body
  const said = ({ turns }: Trial) => turns.map(({ parts }) => parts.map(({ text }) => text).join('\n'))
  const menu = { input: { text: 'menu' }, after: 0 }

  test('is shown as each kind of channel would: buttons, or numbers that can be typed', async () => {
    const buttons = await tried({ turns: [menu] })
    const [first] = buttons.turns[0]!.parts.at(-1)!.choices
    expect(first).toBeDefined()
    const numbers = await tried({ kind: 'sms', turns: [menu, { input: { text: '1' }, after: 5 }] })
    expect(numbers.turns[0]!.parts.at(-1)).toMatchObject({ choices: [], text: expect.stringContaining(`1. ${first!.label}`) })
    const pressed = await tried({ turns: [menu, { input: { press: first!.id, label: first!.label }, after: 5 }] })
    expect(numbers.turns[1]!.parts[0]!.text.split('\n')[0]).toBe(pressed.turns[1]!.parts[0]!.text.split('\n')[0])
    for (const kind of ['whatsapp', 'telegram', 'email', 'teams']) expect(said(await tried({ kind, turns: [menu] }))[0], kind).not.toBe('')
  })

  test('knows the hours of that day, and says why it answers', async () => {
    const person = { input: { text: 'quero falar com uma pessoa' }, after: 0 }
    const [sunday, wednesday] = [await tried({ at: '2026-11-29T23:00', turns: [person] }), await tried({ turns: [person] })]
    expect(said(sunday)[0]).toContain('abre amanhã às 09:00')
    expect(said(wednesday)[0]).not.toContain('abre')
    expect(sunday.turns[0]).toMatchObject({ done: [{ do: 'hand-off', reason: 'asked' }], why: { command: { name: 'handover' }, reached: ['command.operator'] } })
    const water = await tried({ turns: [{ input: { text: 'onde pago a conta da agua' }, after: 0 }] })
    expect(water.turns[0]!.why).toMatchObject({ sentence: 'answer.agua-pagar-fatura', zone: 'answer', candidates: [{ ref: 'answer.agua-pagar-fatura', matched: expect.arrayContaining(['agua']) }, {}, {}, {}, {}] })
  })

  test('is silent once people have it, until they give it back', async () => {
    const { turns } = await tried({ turns: [{ input: { text: 'operador' }, after: 0 }, { input: { text: 'está aí?' }, after: 5 }, { input: { start: true }, after: 5 }, { input: { text: 'menu' }, after: 5 }] })
    expect(turns.map(({ silent, parts }) => [silent, parts.length > 0])).toEqual([[false, true], [true, false], [false, true], [false, true]])
  })

  test('becomes a transcript that passes', async () => {
    const { rulebook } = await loadRulebook(folder)
    const turns = [{ input: { text: 'bom dia, quanto custa uma certidão?' }, after: 0 }, { input: { text: 'xpto zás trás' }, after: 40 }, menu, { input: { text: '2' }, after: 5 }, { input: { text: 'operador' }, after: 12 }]
    for (const at of ['2026-11-25T10:00', '2026-12-25T23:00']) {
      const { transcript } = await tried({ kind: 'sms', at, turns })
      expect(transcript).not.toMatch(/^#/)
      const { outcomes } = playTranscripts(rulebook!, [{ name: 't.yaml', text: transcript }])
      expect(outcomes).toEqual([{ file: 't.yaml', name: 'bom dia, quanto custa uma certidão?', failures: [] }])
      expect((parse(transcript) as { transcripts: { turns: object[] }[] }).transcripts[0]!.turns).toHaveLength(5)
    }
  })

  test('leaves nothing behind', async () => {
    const { db } = gateway.gateway.pool
    await tried({ turns: [{ input: { text: 'operador' }, after: 0 }] })
    for (const table of ['conversation', 'message', 'delivery', 'activity'] as const) expect(await db.selectFrom(table).selectAll().execute()).toEqual([])
  })

  test('can be one with a rulebook that is only under review', async () => {
    const turns = [{ input: { text: example.phrase }, after: 0 }]
    expect((await tried({ turns })).turns[0]!.done).not.toContainEqual({ do: 'answered', answer: 'agua-pagar-fatura' })
    expect((await tried({ turns, change: example })).turns[0]!.done).toContainEqual({ do: 'answered', answer: 'agua-pagar-fatura' })
    expect((await tried({ turns })).turns[0]!.done).not.toContainEqual({ do: 'answered', answer: 'agua-pagar-fatura' })
  })

  test('of a day that does not exist, or a channel that there is none of, is refused', async () => {
    expect((await ask('trial', { kind: 'sms', at: '2026-13-40T10:00', language: 'pt', turns: [] })).status).toBe(400)
    expect((await ask('trial', { kind: 'fax', at: '2026-11-25T10:00', language: 'pt', turns: [] })).status).toBe(400)
  })
})

describe('what is taught', () => {
  let before: string
  beforeEach(async () => { before = await read('agua.yaml') })
  const teach = async (change: RulebookChange) => {
    const { body: review } = await ask<RulebookReview>('review', { change })
    return { review, answer: await ask<{ file: string }>('changes', { change, seen: review.seen }) }
  }
  const answerTo = async (text: string) => (await ask<Trial>('trial', { kind: 'webchat', at: '2026-11-25T10:00', language: 'pt', turns: [{ input: { text }, after: 0 }] })).body.turns[0]!.done

  test('is seen as lines first; then it is in the file, in use, and somebody’s doing', async () => {
    const { review, answer } = await teach(example)
    expect(review).toMatchObject({ file: 'agua.yaml', problems: [], failures: [], now: null, then: 'answer.agua-pagar-fatura' })
    expect(review.diff.filter(({ kind }) => kind !== 'same').map(({ kind, line }) => [kind, line])).toEqual([['removed', 13], ['added', 13]])
    expect(answer).toMatchObject({ status: 200, body: { file: 'agua.yaml' } })
    const after = await read('agua.yaml')
    expect(after.replace(`, ${example.phrase}`, '')).toBe(before)
    expect(await answerTo(example.phrase)).toContainEqual({ do: 'answered', answer: 'agua-pagar-fatura' })
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([])
    const { db } = gateway.gateway.pool
    const lines = await db.selectFrom('audit').select(['operator_id', 'subject']).where('action', '=', 'rulebook.changed').execute()
    expect(lines).toEqual([{ operator_id: ana.id, subject: 'agua.yaml answer.agua-pagar-fatura' }])
    expect((await ask('review', { change: example })).body).toMatchObject({ error: 'known' })
  })

  test('is not written over what an editor has saved meanwhile', async () => {
    const change = { ...example, phrase: 'aceitam cheque pelo contador' }
    const { body: review } = await ask<RulebookReview>('review', { change })
    const edited = `${before}\n# nova regra a combinar com a Rita\n`
    await writeFile(fileOf('agua.yaml'), edited)
    const { status, body } = await ask('changes', { change, seen: review.seen })
    expect([status, body.error]).toEqual([409, 'changed'])
    expect(body.message).toContain('agua.yaml mudou entretanto')
    expect(await read('agua.yaml')).toBe(edited)
  })

  test('twice at once is written once, and none is lost', async () => {
    const changes = ['posso levar moedas pelo contador', 'fazem desconto ao contador antigo'].map((phrase) => ({ ...example, phrase }))
    const reviews: RulebookReview[] = []
    for (const change of changes) reviews.push((await ask<RulebookReview>('review', { change })).body)
    const answers = await Promise.all(changes.map((change, n) => ask('changes', { change, seen: reviews[n]!.seen })))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const written = await read('agua.yaml')
    expect(changes.map(({ phrase }) => written.includes(phrase))).toEqual(answers.map(({ status }) => status === 200))
  })

  test('is nothing where it would break a rule: the place is shown, and nothing is written', async () => {
    const taken = { ...example, ref: 'answer.agua-leitura', phrase: 'perdi a fatura da água' }
    const { review, answer } = await teach(taken)
    expect(review.problems).toEqual([expect.objectContaining({ file: 'agua.yaml', message: expect.stringContaining('also belongs to'), severity: 'error' })])
    expect(review.problems[0]!.line).toBeGreaterThan(1)
    expect(answer).toMatchObject({ status: 409, body: { error: 'problems' } })
    expect(await read('agua.yaml')).toBe(before)
  })

  test('is nothing where one of the town’s transcripts would fail', async () => {
    await cp('test/bot/transcripts/agua.yaml', fileOf('transcripts/agua.yaml'))
    await writeFile(fileOf('transcripts/own.yaml'), 'transcripts:\n  - name: cheques\n    turns:\n      - { citizen: aceitam cheque visado, not: Multibanco }\n')
    const { review, answer } = await teach({ ...example, phrase: 'aceitam cheque visado' })
    expect(review.failures).toEqual([expect.stringContaining('must not say «Multibanco»')])
    expect(answer.status).toBe(409)
    expect(await read('agua.yaml')).toBe(before)
    await rm(fileOf('transcripts'), { recursive: true })
  })

  test('may be a new answer, which is given at once', async () => {
    const change: RulebookChange = { do: 'answer', file: 'escolas.yaml', language: 'pt', phrase: 'dão aulas de ukulele', question: { pt: 'Onde há aulas de ukulele?' }, say: { pt: 'Na escola de música, às quintas.' } }
    const { review, answer } = await teach(change)
    expect(review.problems).toEqual([])
    expect(review.diff.filter(({ kind }) => kind === 'removed')).toEqual([])
    expect(answer.status).toBe(200)
    expect(await answerTo('dão aulas de ukulele')).toContainEqual({ do: 'answered', answer: review.then!.replace('answer.', '') })
    expect((await ana.get<BotCatalogue>('/api/admin/bot')).answers).toContainEqual(expect.objectContaining({ ref: review.then, question: { pt: 'Onde há aulas de ukulele?' } }))
  })

  test('cannot leave the folder, nor carry what nobody sees', async () => {
    expect((await ask('review', { change: { do: 'answer', file: '../gateway.yaml', language: 'pt', phrase: 'uma coisa', question: { pt: 'x?' }, say: { pt: 'x' } } })).status).toBe(400)
    const { body } = await ask<RulebookReview>('review', { change: { ...example, phrase: 'duas\u202e linhas\ncom  nada\u200b' } })
    expect(body.diff.find(({ kind }) => kind === 'added')!.text).toContain('duas linhas com nada]')
  })

  test('keeps the rights of the file; and a folder that cannot be written says so', async () => {
    await chmod(fileOf('agua.yaml'), 0o640)
    expect((await teach({ ...example, phrase: 'o homem do contador recebe dinheiro' })).answer.status).toBe(200)
    expect((await stat(fileOf('agua.yaml'))).mode & 0o777).toBe(0o640)
    // For root every folder can be written.
    if (process.getuid?.() === 0) return
    await chmod(folder, 0o555)
    try {
      expect((await teach({ ...example, phrase: 'posso dar gorjeta ao homem do contador' })).answer).toMatchObject({ status: 409, body: { error: 'not-writable' } })
    } finally {
      await chmod(folder, 0o755)
    }
  })
})

test('what could not be answered comes with what is nearest; once it is taught, it says so', async () => {
  const write = (id: string, text: string) => fetch(`${gateway.url}/channels/linha`, { method: 'POST', body: JSON.stringify({ messages: [{ id, from: 'Zé', text, name: 'Zé' }] }) })
  await write('m1', 'a que dia limpam as sarjetas do bairro novo')
  const misses = () => ana.get<MissGroup[]>('/api/admin/misses')
  const [miss] = await gateway.until('the miss', async () => { const all = await misses(); return all.length > 0 && all })
  expect(miss).toMatchObject({ language: 'pt', count: 1, answered: null })
  const change: RulebookChange = { do: 'example', ref: miss!.nearest[0] ?? 'answer.agua-rutura', language: 'pt', phrase: miss!.sample }
  const { body: review } = await ask<RulebookReview>('review', { change })
  expect((await ask('changes', { change, seen: review.seen })).status).toBe(200)
  expect(await misses()).toMatchObject([{ answered: change.ref }])
})
