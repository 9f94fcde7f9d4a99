import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Responder } from '../../src/core/model.ts'
import { namedBy, snippetOf } from '../../src/operator-api/search.ts'
import type { ConversationSummary, Page } from '../../src/operator-api.types.ts'
import { signIn, type SignedIn } from '../harness/browserless.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { plainKind, type PlainPayload } from '../harness/plain-channel.ts'

const toWater: Responder = (state) => ({ actions: [{ do: 'hand-off', departmentId: 'aguas', reason: 'asked' }], state })
let gateway: Harness
let admin: SignedIn
let stranger: SignedIn

const receive = (payload: PlainPayload) => gateway.gateway.receiver.receive(gateway.channels.all.get('linha')!, payload)
let made = 0
const write = async (from: string, text: string, name?: string) => { made += 1; await receive({ messages: [{ id: `m${made}`, from, text, ...(name && { name }) }] }); return `m${made}` }
const find = (q: string, more = '', who = admin) => who.get<Page<ConversationSummary>>(`/api/conversations?q=${encodeURIComponent(q)}${more}`)
const names = async (q: string, more = '', who = admin) => (await find(q, more, who)).rows.map(({ citizen }) => citizen.name)

/** Whatever transaction is running holds the index back. */
const findable = (q: string) => gateway.until(`${q} in the index`, async () => { await gateway.gateway.chores(); return (await names(q)).length > 0 })

beforeAll(async () => {
  gateway = await startGateway({ channels: { linha: { kind: 'plain' } }, kinds: { plain: plainKind() }, respond: toWater })
  admin = await signIn(gateway, 'ana@valeformoso.example', { role: 'admin' })
  stranger = await signIn(gateway, 'rui@valeformoso.example', { role: 'operator', departments: ['urbanismo'] })
  await write('joana', 'As faturas da água não chegaram', 'Joana d’Arc Conceição')
  await write('rui', 'A água da fatura é cara, e o contentor está partido', 'Rui Lourenço')
  await write('eva', 'Queria marcar um atendimento', 'Eva Pais-Lima')
  await write('zé', 'Bom dia', 'José Canário')
  const { db } = gateway.gateway.pool
  await db.updateTable('identity').set({ phone: '+351912345678', email: 'Joana@Correio.example' }).where('address', '=', 'joana').execute()
  await db.updateTable('citizen').set({ attributes: JSON.stringify({ nif: '123456789', email: 'eva@correio.example' }) }).where('name', '=', 'Eva Pais-Lima').execute()
  await findable('atendimento')
})
afterAll(() => gateway.close())

describe('words', () => {
  test.each<[string, string[]]>([
    ['AGUA', ['Rui Lourenço', 'Joana d’Arc Conceição']],
    ['ÁGUA', ['Rui Lourenço', 'Joana d’Arc Conceição']],
    ['fatura', ['Rui Lourenço', 'Joana d’Arc Conceição']],
    ['"faturas da água"', ['Joana d’Arc Conceição']],
    ['água -contentor', ['Joana d’Arc Conceição']],
    ['contentores partidos', ['Rui Lourenço']],
    ['inexistente', []],
    ['de', []],
    ['-', []],
  ])('%s', async (q, found) => {
    expect(await names(q)).toEqual(found)
  })

  test('what was found is marked as it was written, accents and all', async () => {
    expect((await find('agua contentores')).rows[0]?.hit?.snippet).toBe('A \u0002água\u0003 da fatura é cara, e o \u0002contentor\u0003 está partido')
  })

  test('an edit is found by its new words and no longer by the old, and what was taken back by none', async () => {
    const id = await write('otília', 'o lampião da minha rua', 'Otília')
    await findable('lampião')
    await receive({ edits: [{ id, from: 'otília', text: 'o candeeiro da minha rua' }] })
    await findable('candeeiro')
    expect(await names('lampião')).toEqual([])
    await receive({ deletions: [id] })
    expect(await names('candeeiro')).toEqual([])
    await gateway.gateway.chores()
    expect(await names('candeeiro')).toEqual([])
  })
})

describe('people', () => {
  test.each<[string, string[]]>([
    ['lourenco', ['Rui Lourenço']],
    ['conceição joana', ['Joana d’Arc Conceição']],
    ['arc', ['Joana d’Arc Conceição']],
    ['lima', ['Eva Pais-Lima']],
    ['José C', ['José Canário']],
    ['nário', []],
    ['912 345 678', ['Joana d’Arc Conceição']],
    ['00351912345678', ['Joana d’Arc Conceição']],
    ['joana@correio.EXAMPLE', ['Joana d’Arc Conceição']],
    ['eva@correio.example', ['Eva Pais-Lima']],
    ['123 456 789', ['Eva Pais-Lima']],
    ["'); drop table citizen; --", []],
    ['a:* | b & !', []],
  ])('%s', async (q, found) => {
    expect(await names(q)).toEqual(found)
  })

  test('a reference is found however its letters are written', async () => {
    const [row] = (await find('Rui')).rows
    expect((await find(row!.reference.toLowerCase())).rows.map(({ id }) => id)).toEqual([row!.id])
  })
})

test('the filters of the list hold for what is found', async () => {
  const [joana] = (await find('Joana')).rows
  await admin.call('POST', `/api/conversations/${joana!.id}/act`, { clientId: 'tagged-0001', actions: [{ do: 'tag', add: ['fuga'] }, { do: 'take' }] })
  expect(await names('água', '&tag=fuga')).toEqual(['Joana d’Arc Conceição'])
  expect(await names('água', '&view=mine')).toEqual(['Joana d’Arc Conceição'])
  expect(await names('água', '&view=waiting')).toEqual(['Rui Lourenço'])
  expect(await names('Joana', '&view=closed')).toEqual([])
  expect(await names('Joana', '&channel=outra')).toEqual([])
  expect(await names('água', '&from=2099-01-01')).toEqual([])
})

test('what an operator may not see is found by nothing', async () => {
  for (const q of ['água', 'Joana', '912345678', '123456789', 'joana@correio.example']) expect(await names(q, '', stranger), q).toEqual([])
})

describe('page by page', () => {
  async function all(q: string, more = ''): Promise<{ ids: string[]; pages: number }> {
    const ids: string[] = []
    let [cursor, pages] = ['', 0]
    for (;;) {
      const page = await find(q, `${more}&limit=7${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
      ids.push(...page.rows.map(({ id }) => id))
      pages += 1
      if (page.next === null) return { ids, pages }
      cursor = page.next
    }
  }

  test('every conversation comes, the newest first, by its name and then by its words', async () => {
    for (let n = 0; n < 20; n += 1) await write(`many-${n}`, n % 2 ? 'o pirilampo voa' : 'boa tarde', n % 4 === 0 ? `Pirilampo ${n}` : `Outro ${n}`)
    await write('last', 'e apagou-se')
    await findable('apagou')
    const { ids, pages } = await all('pirilampo')
    const named = (await find('pirilampo', '&limit=100')).rows
    expect(ids).toEqual(named.map(({ id }) => id))
    expect(named.map(({ hit }) => hit !== undefined)).toEqual([...Array(5).fill(false), ...Array(10).fill(true)])
    expect(pages).toBe(3)
  })

  test('where a word is in nearly every message and the filter lets few through, a page ends early and the next goes on', async () => {
    const [joana] = (await find('Joana')).rows
    await admin.call('POST', `/api/conversations/${joana!.id}/act`, { clientId: 'tagged-0002', actions: [{ do: 'tag', add: ['rara'] }] })
    const { db } = gateway.gateway.pool
    // Newer than Joana's, and all of one other conversation: she is found only behind them.
    const [rui] = (await find('Rui')).rows
    await sql`insert into message (conversation_id, seq, channel_id, direction, author, content, created_at)
      select ${rui!.id}, n, 'linha', 'in', 'citizen', '{"text":"água e mais água"}', ${new Date(Date.now() + 1_000)} from generate_series(1001, 17000) n`.execute(db)
    await sql`insert into message_search (message_id, conversation_id, at, words) select id, conversation_id, created_at, to_tsvector('agu') from message where seq > 1000`.execute(db)
    await sql`analyze message_search`.execute(db)
    const { ids, pages } = await all('água', '&tag=rara')
    expect(ids).toEqual([joana!.id])
    expect(pages).toBeGreaterThan(1)
    // Each page but the last says how far back it has read.
    const first = await find('água', '&tag=rara')
    const { rows: [read] } = await sql<{ at: Date }>`select at from message_search order by at desc, message_id desc offset 12499 limit 1`.execute(db)
    expect(first).toMatchObject({ rows: [], readSince: read!.at.toISOString() })
    expect(await find('água', `&tag=rara&cursor=${encodeURIComponent(first.next!)}`)).not.toHaveProperty('readSince')
  })
})

test.each<[string, ReturnType<typeof namedBy>]>([
  ['bal-2026-000001', { reference: 'BAL-2026-000001' }],
  ['Ana@Correio.example', { email: 'ana@correio.example' }],
  ['a', undefined],
  ['…', undefined],
  ['Sá & Filhos', { words: ['sa', 'filhos'] }],
])('%s names %j', (q, named) => {
  expect(namedBy(q)).toEqual(named)
})

test('a snippet begins a little before what was found, and marks what lies within it', () => {
  const text = `${'palavra '.repeat(40)}chave${' palavra'.repeat(60)} chave`
  const snippet = snippetOf({ text, marked: text.replaceAll('chave', '\u0002chave\u0003') })
  expect(snippet).toMatch(/^… palavra .*\u0002chave\u0003 palavra .*…$/)
  expect(snippet.match(/\u0002/g)).toHaveLength(1)
  expect(snippetOf({ text: 'İstanbul', marked: '\u0002i̇stanbul\u0003' })).toBe('İstanbul')
})
