import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Overloaded } from '../../src/core/group-commit.ts'
import type { Responder } from '../../src/core/model.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { plainKind, type PlainPayload, type PlainVendor, plainVendor } from '../harness/plain-channel.ts'

const echo: Responder = (state, input) => {
  if (input.type !== 'message') return { actions: [], state }
  if (input.content.text === 'quebra') throw new Error('a rule that throws')
  if (input.content.text === 'pessoa') return { actions: [{ do: 'say', content: { text: 'Vou chamar um colega.' } }, { do: 'hand-off', reason: 'asked' }], state }
  return { actions: [{ do: 'say', content: { text: `eco: ${input.content.text}` } }], state: { turns: Number(state.turns ?? 0) + 1 } }
}

describe('one message, several processes', () => {
  let vendor: PlainVendor
  const nodes: Harness[] = []
  let db: Harness['gateway']['pool']['db']

  beforeAll(async () => {
    vendor = await plainVendor()
    for (let n = 0; n < 3; n += 1) {
      nodes.push(await startGateway({
        channels: { linha: { kind: 'plain', vendorUrl: vendor.url } }, kinds: { plain: plainKind() }, respond: echo,
        ...(nodes[0] && { databaseUrl: nodes[0].databaseUrl }),
      }))
    }
    db = nodes[0]!.gateway.pool.db
  })
  afterAll(async () => {
    for (const node of nodes.toReversed()) await node.close()
    await vendor.close()
  })

  /** As vendors do, again where a busy machine could not store it in time. */
  const receive = (n: number, payload: PlainPayload): Promise<void> => {
    const node = nodes[n % nodes.length]!
    return node.gateway.receiver.receive(node.channels.all.get('linha')!, payload).catch((error: unknown) => {
      if (error instanceof Overloaded) return receive(n, payload)
      throw error
    })
  }
  const person = () => `p-${randomBytes(6).toString('hex')}`
  const messagesOf = (address: string) => db.selectFrom('message').innerJoin('thread', 'thread.id', 'message.thread_id').innerJoin('identity', 'identity.id', 'thread.identity_id')
    .selectAll('message').where('identity.address', '=', address).orderBy('message.conversation_id').orderBy('seq').execute()

  test('a message delivered ten times at once through several processes is stored and answered once', async () => {
    const from = person()
    await Promise.all(Array.from({ length: 10 }, (_, n) => receive(n, { messages: [{ id: `${from}-1`, from, text: 'olá' }] })))
    await nodes[0]!.until('the answer', () => vendor.ledger.some(({ to }) => to === from))
    await Promise.all(nodes.map(({ gateway }) => gateway.outbox.drained()))
    expect((await messagesOf(from)).map(({ direction, seq }) => ({ direction, seq }))).toEqual([{ direction: 'in', seq: 1 }, { direction: 'out', seq: 2 }])
    expect(vendor.ledger.filter(({ to }) => to === from).map(({ text }) => text)).toEqual(['eco: olá'])
  })

  test('what a colleague wrote on the town’s own phone is stored once, however often the vendor tells it, and silences the bot', async () => {
    const to = person()
    const echoes = [{ id: `${to}-own`, to, text: 'Bom dia, sou a Rita.' }]
    await Promise.all(Array.from({ length: 6 }, (_, n) => receive(n, { echoes })))
    await receive(0, { echoes })
    await receive(1, { messages: [{ id: `${to}-1`, from: to, text: 'bom dia' }] })
    expect((await messagesOf(to)).map(({ author, content }) => [author, content.text])).toEqual([['operator', 'Bom dia, sou a Rita.'], ['citizen', 'bom dia']])
  })

  test('ten first messages of one citizen at once open one conversation', async () => {
    const from = person()
    await Promise.all(Array.from({ length: 10 }, (_, n) => receive(n, { messages: [{ id: `${from}-${n}`, from, text: `mensagem ${n}` }] })))
    const messages = await messagesOf(from)
    expect(new Set(messages.map(({ conversation_id }) => conversation_id)).size).toBe(1)
    expect(messages.filter(({ direction }) => direction === 'in')).toHaveLength(10)
    expect(messages.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
  })

  test('thirty replies through several senders with random failures arrive once each, in order', async () => {
    const from = person()
    await receive(0, { messages: [{ id: `${from}-1`, from, text: 'pessoa' }] })
    const { conversation_id: conversationId } = (await messagesOf(from))[0]!
    const operator = await nodes[0]!.operator()
    const failures = [500, 429, 'accept', 'accept', 500, 'accept'] as const
    vendor.behave = ({ text }, nth) => (text.startsWith('resposta') ? failures[nth % failures.length]! : 'accept')
    for (let n = 0; n < 30; n += 1) {
      const outcome = await nodes[n % 3]!.gateway.act({ conversationId, operator, clientId: `${from}-r${n}`, deeds: [{ do: 'reply', text: `resposta ${n}` }] })
      expect(outcome.type).toBe('done')
    }
    const arrived = () => vendor.ledger.filter(({ to, text }) => to === from && text.startsWith('resposta')).map(({ text }) => text)
    await nodes[0]!.until('thirty replies', () => arrived().length >= 30)
    await Promise.all(nodes.map(({ gateway }) => gateway.outbox.drained()))
    vendor.behave = () => 'accept'
    expect(arrived()).toEqual(Array.from({ length: 30 }, (_, n) => `resposta ${n}`))
  })

  test('a poison payload is kept as corrupt and its neighbours pass', async () => {
    const from = person()
    await Promise.all([
      receive(0, { messages: [{ id: `${from}-1`, from, text: 'antes' }] }),
      receive(0, { throws: true }),
      receive(0, { messages: [{ id: `${from}-${randomBytes(6_000).toString('hex')}`, from, text: 'nunca' }] }),
      receive(0, { messages: [{ id: `${from}-2`, from, text: 'zero \u0000 e meio par \ud83d' }] }),
    ])
    const texts = (await messagesOf(from)).filter(({ direction }) => direction === 'in').map(({ content }) => content.text)
    expect(texts).toContain('antes')
    expect(texts).toContain('zero \ufffd e meio par \ufffd')
    const corrupt = await db.selectFrom('inbound').selectAll().where('outcome', '=', 'corrupt').execute()
    expect(corrupt.map(({ problem }) => problem)).toContain('normalise: this payload breaks the translation')
    expect(corrupt).toHaveLength(2)
  })

  test('whoever takes a conversation while its citizen writes has silenced the bot from that moment on', async () => {
    const operator = await nodes[0]!.operator()
    const sides = { before: 0, after: 0 }
    for (let round = 0; round < 12; round += 1) {
      const from = person()
      await receive(round, { messages: [{ id: `${from}-0`, from, text: 'olá' }] })
      const conversationId = (await messagesOf(from))[0]!.conversation_id
      const write = (n: number) => receive(n, { messages: [{ id: `${from}-${n}`, from, text: `mais ${n}` }] })
      await Promise.all([
        ...Array.from({ length: round }, (_, n) => write(n + 1)),
        nodes[round % 3]!.gateway.act({ conversationId, operator, clientId: `take-${from}`, deeds: [{ do: 'take' }, { do: 'reply', text: 'Sou eu agora.' }] }),
        ...Array.from({ length: 12 - round }, (_, n) => write(round + n + 1)),
      ])
      const said = await messagesOf(from)
      expect(said.map(({ seq }) => seq)).toEqual(said.map((_, n) => n + 1))
      const taken = said.findIndex(({ author }) => author === 'operator')
      const [before, after] = [said.slice(0, taken), said.slice(taken)]
      expect(after.filter(({ author }) => author === 'bot')).toEqual([])
      expect(before.filter(({ author }) => author === 'bot')).toHaveLength(before.filter(({ direction }) => direction === 'in').length)
      sides.before += before.length - 2
      sides.after += after.length - 1
    }
    // It was a race: some of what came at once fell on either side.
    expect(sides.before).toBeGreaterThan(0)
    expect(sides.after).toBeGreaterThan(0)
  })

  test('who asks for a person among much that they write at once hears no more of the bot after it', async () => {
    const from = person()
    await Promise.all(Array.from({ length: 12 }, (_, n) => receive(n, { messages: [{ id: `${from}-${n}`, from, text: n === 5 ? 'pessoa' : `mais ${n}` }] })))
    const said = await messagesOf(from)
    const asked = said.findIndex(({ content }) => content.text === 'pessoa')
    expect(said.slice(asked).filter(({ author }) => author === 'bot').map(({ content }) => content.text)).toEqual(['Vou chamar um colega.'])
    expect(said.filter(({ direction }) => direction === 'in')).toHaveLength(12)
  })

  test('a bot rule that throws gives the citizen a person', async () => {
    const from = person()
    await receive(0, { messages: [{ id: `${from}-1`, from, text: 'quebra' }] })
    const messages = await messagesOf(from)
    const conversation = await db.selectFrom('conversation').selectAll().where('id', '=', messages[0]!.conversation_id).executeTakeFirstOrThrow()
    expect(conversation).toMatchObject({ state: 'waiting', department_id: 'geral' })
    expect(messages.at(-1)?.content.text).toContain('colega')
  })

  test('a send that was cut after the vendor took it becomes unknown, is seen, and is never sent again by itself', async () => {
    const from = person()
    vendor.behave = ({ text }) => (text === 'eco: corta' ? 'cut' : 'accept')
    await receive(0, { messages: [{ id: `${from}-1`, from, text: 'corta' }] })
    const delivery = await nodes[0]!.until('the doubt', async () => (
      await db.selectFrom('delivery').innerJoin('message', 'message.id', 'delivery.message_id').selectAll('delivery').where('state', '=', 'unknown')
        .where('message.conversation_id', '=', (await messagesOf(from))[0]!.conversation_id).executeTakeFirst()))
    await receive(0, { messages: [{ id: `${from}-2`, from, text: 'depois' }] })
    await nodes[0]!.until('the next answer', () => vendor.ledger.some(({ to, text }) => to === from && text === 'eco: depois'))
    vendor.behave = () => 'accept'
    expect(vendor.ledger.filter(({ to, text }) => to === from && text === 'eco: corta')).toHaveLength(1)
    const conversation = await db.selectFrom('conversation').selectAll().where('id', '=', delivery.conversation_id).executeTakeFirstOrThrow()
    expect(conversation.failed_deliveries).toBe(1)
  })

  test('four operators who claim the same conversation at once: one wins, the others are told', async () => {
    const from = person()
    await receive(0, { messages: [{ id: `${from}-1`, from, text: 'pessoa' }] })
    const { conversation_id: conversationId } = (await messagesOf(from))[0]!
    const outcomes = await Promise.all([0, 1, 2, 0].map(async (n, at) => {
      const operator = await nodes[n]!.operator()
      return nodes[n]!.gateway.act({ conversationId, operator, clientId: `${from}-take-${at}`, deeds: [{ do: 'take' }], seen: { lastSeq: 2, operatorId: null } })
    }))
    expect(outcomes.filter(({ type }) => type === 'done')).toHaveLength(1)
    expect(outcomes.filter(({ type }) => type === 'crossed')).toHaveLength(3)
  })

  test('the same click twice is one reply', async () => {
    const from = person()
    await receive(0, { messages: [{ id: `${from}-1`, from, text: 'pessoa' }] })
    const { conversation_id: conversationId } = (await messagesOf(from))[0]!
    const operator = await nodes[0]!.operator()
    const twice = { conversationId, operator, clientId: `${from}-click`, deeds: [{ do: 'reply' as const, text: 'uma vez' }] }
    const outcomes = await Promise.all([0, 1, 2, 0, 1].map((n) => nodes[n]!.gateway.act(twice)))
    expect(new Set(outcomes.map((outcome) => JSON.stringify('messageIds' in outcome && outcome.messageIds))).size).toBe(1)
    expect((await messagesOf(from)).filter(({ content }) => content.text === 'uma vez')).toHaveLength(1)
  })

  test('an operator of another department finds nothing', async () => {
    const from = person()
    await receive(0, { messages: [{ id: `${from}-1`, from, text: 'pessoa' }] })
    const { conversation_id: conversationId } = (await messagesOf(from))[0]!
    const stranger = await nodes[0]!.operator({ departments: ['urbanismo'] })
    const outcome = await nodes[0]!.gateway.act({ conversationId, operator: stranger, clientId: `${from}-peep`, deeds: [{ do: 'note', text: 'espreitar' }] })
    expect(outcome).toEqual({ type: 'not-found' })
  })

  test('a receipt that comes before the answer to our own request waits for its message', async () => {
    const from = person()
    const next = vendor.ledger.length + 1
    await receive(1, { statuses: [{ id: `sent-${next}`, state: 'read' }] })
    await receive(0, { messages: [{ id: `${from}-1`, from, text: 'cedo' }] })
    const state = await nodes[0]!.until('read', async () => (
      await db.selectFrom('delivery').select('state').where('external_id', '=', `sent-${next}`).where('state', '=', 'read').executeTakeFirst()))
    await receive(1, { statuses: [{ id: `sent-${next}`, state: 'delivered' }] })
    expect(state.state).toBe('read')
    expect((await db.selectFrom('delivery').select('state').where('external_id', '=', `sent-${next}`).executeTakeFirstOrThrow()).state).toBe('read')
  })

  test('an album that comes in parts is one message with all its pictures', async () => {
    const from = person()
    const part = (n: number) => ({ messages: [{ id: `${from}-${n}`, from, text: n === 1 ? 'as fotos' : '', group: `${from}-album`, attachments: [{ kind: 'image' as const, source: `m-${from}-${n}`, mimeType: 'image/png' }] }] })
    for (const n of [1, 2, 3]) vendor.media.set(`m-${from}-${n}`, Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex'))
    await receive(0, part(1))
    await Promise.all([receive(1, part(2)), receive(2, part(3)), receive(0, part(2))])
    const inbound = (await messagesOf(from)).filter(({ direction }) => direction === 'in')
    expect(inbound).toHaveLength(1)
    await nodes[0]!.until('three stored pictures', async () => {
      const files = await db.selectFrom('attachment').select('state').where('message_id', '=', inbound[0]!.id).execute()
      return files.length === 3 && files.every(({ state }) => state === 'stored')
    })
  })

  test('two addresses of one person are one identity', async () => {
    const from = person()
    await receive(0, { messages: [{ id: `${from}-1`, from: `${from}-lid`, aliases: [`${from}-phone`], text: 'um' }] })
    await receive(1, { messages: [{ id: `${from}-2`, from: `${from}-phone`, text: 'dois', aliases: [`${from}-lid`] }] })
    const messages = await messagesOf(`${from}-lid`)
    expect(messages.filter(({ direction }) => direction === 'in').map(({ content }) => content.text)).toEqual(['um', 'dois'])
  })

  test('who was known by a number, came once with a user name too, and then comes with that alone, stays who they are', async () => {
    const from = person()
    await receive(0, { messages: [{ id: `${from}-1`, from: `${from}-phone`, text: 'um' }] })
    await receive(1, { messages: [{ id: `${from}-2`, from: `${from}-user`, text: 'dois', aliases: [`${from}-phone`] }] })
    await receive(2, { messages: [{ id: `${from}-3`, from: `${from}-user`, text: 'três' }] })
    expect((await messagesOf(`${from}-phone`)).filter(({ direction }) => direction === 'in').map(({ content }) => content.text)).toEqual(['um', 'dois', 'três'])
    expect(await db.selectFrom('identity').select('address').where('address', 'like', `${from}-%`).execute()).toEqual([{ address: `${from}-phone` }])
  })

  test('a number that was given up, and comes with another’s name, joins nobody', async () => {
    const from = person()
    await receive(0, { messages: [{ id: `${from}-1`, from: `${from}-user`, text: 'a antiga', aliases: [`${from}-phone`] }] })
    await receive(1, { messages: [{ id: `${from}-2`, from: `${from}-other`, text: 'a nova', aliases: [`${from}-phone`] }] })
    expect((await messagesOf(`${from}-other`)).filter(({ direction }) => direction === 'in').map(({ content }) => content.text)).toEqual(['a nova'])
  })
})

test('who asks for a person gets the people of the channel on which they write; of what they spoke of, when the bot knows', async () => {
  const vendor = await plainVendor()
  const gateway = await startGateway({ channels: { linha: { kind: 'plain', vendorUrl: vendor.url, department: 'social' } }, kinds: { plain: plainKind() } })
  try {
    const asks = async (from: string, ...texts: string[]) => {
      for (const [n, text] of texts.entries()) {
        await gateway.gateway.receiver.receive(gateway.channels.all.get('linha')!, { messages: [{ id: `${from}-${n}`, from, text }] })
      }
      const row = await gateway.gateway.pool.db.selectFrom('conversation').innerJoin('thread', 'thread.id', 'conversation.thread_id').innerJoin('identity', 'identity.id', 'thread.identity_id')
        .select(['conversation.department_id', 'conversation.state']).where('identity.address', '=', from).executeTakeFirstOrThrow()
      return `${row.state} ${row.department_id}`
    }
    expect(await asks('rosa', 'quero falar com uma pessoa')).toBe('waiting social')
    expect(await asks('rui', 'como peço a licença de obras para construir uma casa', 'quero falar com uma pessoa')).toBe('waiting urbanismo')
  } finally {
    await gateway.close()
    await vendor.close()
  }
})
