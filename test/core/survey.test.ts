/** "How was it?", asked at the end, once, where it can be heard; and what becomes of the answer. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kinds as productKinds } from '../../src/channels/index.ts'
import { fit } from '../../src/core/fit.ts'
import type { Responder } from '../../src/core/model.ts'
import { surveyTexts } from '../../src/core/survey.ts'
import type { ConversationDetail, ConversationSummary, Page, Timeline } from '../../src/operator-api.types.ts'
import { configsOf } from '../channels/configs.ts'
import { type SignedIn, signIn } from '../harness/browserless.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { plainKind, type PlainVendor, plainVendor } from '../harness/plain-channel.ts'

describe('as every channel can carry it', async () => {
  const shapes = await Promise.all(Object.entries(productKinds).map(async ([name, load]) => {
    const kind = await load()
    return configsOf(kind).map((config, n): [string, ReturnType<typeof kind.capabilities>] => [`${name} ${n + 1}`, kind.capabilities(config as never)])
  }))
  test.each(shapes.flat())('%s: all five answers are there, to press or by number, in Portuguese and in English', (_name, capabilities) => {
    for (const language of ['pt', 'en'] as const) {
      const parts = fit(surveyTexts.ask(language, null, 'conversation'), capabilities, () => '')
      const said = parts.map(({ text, choices }) => [text, ...(choices ?? []).map(({ label }) => label)].join('\n')).join('\n')
      for (const score of [1, 2, 3, 4, 5]) expect(said).toMatch(new RegExp(`\\b${score}\\b`))
      // Whatever is pressed or typed there is understood.
      for (const choice of parts.flatMap(({ choices }) => choices ?? [])) {
        expect(surveyTexts.understand({ text: choice.label, chosen: choice.id }, { state: 'asked', secondsSinceScore: 0 }, language, null)).toMatchObject({ type: 'score' })
      }
    }
  })
})

test('an answer is a number, a word for one, or a choice; anything else is the beginning of something new', () => {
  const understood = (text: string) => {
    const answer = surveyTexts.understand({ text }, { state: 'asked', secondsSinceScore: 0 }, 'pt', null)
    return answer?.type === 'score' ? answer.score : undefined
  }
  expect(['5', ' 4 ', 'nota 3', 'cinco', 'dou 5 estrelas', '5!', '2 - mau'].map(understood)).toEqual([5, 4, 3, 5, 5, 5, 2])
  expect(['6', '0', '45', 'moro no 5', 'o contador marca 3 m3', 'obrigado', '', '1 2 3'].map(understood)).toEqual(Array.from({ length: 8 }, () => undefined))
})

test('a stop-word after the score is no comment: it is left for the bot to obey', () => {
  const understood = (text: string) => surveyTexts.understand({ text }, { state: 'scored', secondsSinceScore: 5 }, 'pt', null)?.type
  expect(['STOP', 'Parar.', 'sair', 'ARRÊT'].map(understood)).toEqual([undefined, undefined, undefined, undefined])
  expect(['Parar o carro foi o pior', 'simpáticos'].map(understood)).toEqual(['comment', 'comment'])
})

const toPeople: Responder = (state, input) => (input.type === 'message' && input.content.text === 'A que horas abrem?'
  ? { actions: [{ do: 'say', content: { text: 'Às 9. Ajudou?' } }, { do: 'answered', answer: 'horario' }], state }
  : input.type === 'message' && input.content.text === 'sim'
    ? { actions: [{ do: 'judge', answer: 'horario', helpful: true }, { do: 'say', content: { text: 'Ainda bem.' } }], state }
    : { actions: [{ do: 'hand-off', reason: 'asked', departmentId: 'aguas' }], state })

describe('at close', () => {
  let clock = Date.parse('2026-02-02T10:00:00Z')
  let vendor: PlainVendor
  let gateway: Harness
  let ana: SignedIn
  beforeAll(async () => {
    vendor = await plainVendor()
    gateway = await startGateway({
      channels: { linha: { kind: 'plain', vendorUrl: vendor.url }, janela: { kind: 'windowed', vendorUrl: vendor.url } },
      kinds: { plain: plainKind(), windowed: { ...plainKind({ initiate: { withinHours: 24, otherwise: 'template' } }), name: 'windowed' } }, respond: toPeople, now: () => new Date(clock),
    })
    ana = await signIn(gateway, 'ana@valeformoso.example', { departments: ['aguas', 'geral'] })
  })
  afterAll(async () => {
    await gateway?.close()
    await vendor?.close()
  })

  let n = 0
  async function write(from: string, text: string, channel = 'linha'): Promise<void> {
    n += 1
    const answer = await fetch(`${gateway.url}/channels/${channel}`, { method: 'POST', body: JSON.stringify({ messages: [{ id: `s${n}`, from, text, name: from }] }) })
    expect(answer.ok).toBe(true)
  }
  async function all(name: string): Promise<ConversationSummary[]> {
    const { rows } = await ana.get<Page<ConversationSummary>>('/api/conversations?view=all')
    return rows.filter(({ citizen }) => citizen.name === name)
  }
  const act = async (name: string, ...actions: object[]) => {
    n += 1
    const [row] = await all(name)
    const { status } = await ana.call('POST', `/api/conversations/${row!.id}/act`, { clientId: `survey-${n}`, actions })
    expect(status).toBe(200)
    return row!
  }
  const heard = (to: string, text: RegExp) => vendor.ledger.filter((sent) => sent.to === to && text.test(sent.text)).length
  const question = /De 1 a 5/
  const facts = async (id: string) => (await ana.get<Timeline>(`/api/conversations/${id}/timeline`)).entries.flatMap((entry) => (entry.type === 'activity' && /survey|rate/.test(entry.what) ? [entry.what] : []))

  test('score and comment stay in the closed conversation, and stand in it, in the citizen’s history and in the numbers', async () => {
    await write('maria', 'A água está turva')
    const row = await act('maria', { do: 'take' }, { do: 'reply', text: 'Já passa.' }, { do: 'close' })
    await gateway.until('the question', () => heard('maria', question) === 1)
    await write('maria', 'quatro')
    await gateway.until('the second question', () => heard('maria', /comentário|porquê/) === 1)
    await write('maria', 'Foi rápido, obrigada')
    await gateway.until('thanks', () => heard('maria', /^Obrigado/) > 0)
    expect(await all('maria')).toMatchObject([{ id: row.id, state: 'closed' }])
    const detail = await ana.get<ConversationDetail>(`/api/conversations/${row.id}`)
    expect(detail.survey).toEqual({ state: 'answered', score: 4, comment: 'Foi rápido, obrigada' })
    expect(await facts(row.id)).toEqual(['survey-asked', 'rate', 'rate'])
    const history = await ana.get<{ conversations: { id: string; score: number | null }[] }>(`/api/citizens/${row.citizen.id}`)
    expect(history.conversations).toMatchObject([{ id: row.id, score: 4 }])
    const numbers = () => ana.get<{ whole: { scores: number; score: number; satisfied: number } | null }>('/api/numbers?from=2026-02-01&to=2026-03-01')
    await gateway.until('the numbers', async () => (await numbers()).whole?.scores === 1)
    expect((await numbers()).whole).toMatchObject({ scores: 1, score: 4, satisfied: 1 })
    const behind = await ana.get<Page<ConversationSummary>>('/api/numbers/behind?from=2026-02-01&to=2026-03-01&figure=score')
    expect(behind.rows.map(({ id }) => id)).toEqual([row.id])
  })

  test('never twice: opened again and closed again, nothing more is asked', async () => {
    await write('rui', 'olá')
    await act('rui', { do: 'take' }, { do: 'close' })
    await gateway.until('the question', () => heard('rui', question) === 1)
    await act('rui', { do: 'reopen' })
    await act('rui', { do: 'take' }, { do: 'reply', text: 'Ainda uma coisa.' }, { do: 'close' })
    await gateway.until('the last word', () => heard('rui', /Ainda uma coisa/) === 1)
    expect(heard('rui', question)).toBe(1)
  })

  test('it runs out after a day: the time line says so, and a late number opens a new conversation', async () => {
    await write('eva', 'olá')
    const row = await act('eva', { do: 'take' }, { do: 'close' })
    await gateway.until('the question', () => heard('eva', question) === 1)
    clock += 25 * 3_600_000
    await gateway.until('run out', async () => (await facts(row.id)).includes('survey-expired'))
    await write('eva', '5')
    const both = await all('eva')
    expect(both.map(({ state }) => state).toSorted()).toEqual(['closed', 'waiting'])
    expect((await ana.get<ConversationDetail>(`/api/conversations/${row.id}`)).survey).toMatchObject({ state: 'expired', score: null })
  })

  test('who said STOP is asked nothing', async () => {
    await write('gil', 'olá')
    const [row] = await all('gil')
    await gateway.gateway.pool.db.updateTable('identity').set({ opted_out_at: new Date(clock) }).where('address', '=', 'gil').execute()
    await act('gil', { do: 'take' }, { do: 'close' })
    expect(await facts(row!.id)).toEqual([])
    expect(heard('gil', /./)).toBe(0)
  })

  test('outside a vendor’s window nothing is asked; inside it is', async () => {
    await write('ivo', 'olá', 'janela')
    await write('lia', 'olá', 'janela')
    await act('lia', { do: 'take' }, { do: 'close' })
    await gateway.until('asked inside', () => heard('lia', question) === 1)
    clock += 25 * 3_600_000
    const row = await act('ivo', { do: 'take' }, { do: 'close' })
    expect(await facts(row.id)).toEqual([])
    expect((await ana.get<ConversationDetail>(`/api/conversations/${row.id}`)).survey).toBeNull()
    expect(heard('ivo', question)).toBe(0)
  })

  test('an operator may close without asking', async () => {
    await write('zé', 'olá')
    const row = await act('zé', { do: 'take' }, { do: 'close', survey: false })
    expect(await facts(row.id)).toEqual([])
  })

  test('«did this help?» is counted for the bot, without a person', async () => {
    await write('noa', 'A que horas abrem?')
    await write('noa', 'sim')
    const numbers = () => ana.get<{ whole: { helpful: number; unhelpful: number; botAlone: number } | null }>('/api/numbers?from=2026-02-01&to=2026-03-01')
    await gateway.until('counted', async () => (await numbers()).whole?.helpful === 1)
    expect((await numbers()).whole).toMatchObject({ unhelpful: 0, botAlone: 1 })
  })
})
