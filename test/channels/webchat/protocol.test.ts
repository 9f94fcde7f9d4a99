/** The protocol over real sockets, as somebody else's client would speak it. */

import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { News, StoredFile } from '../../../src/channels/webchat/protocol.ts'
import type { Harness } from '../../harness/gateway.ts'
import { addressOf, message, newToken, startChat, Visitor } from './setting.ts'

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64')
const allowed = 'https://www.valeformoso.example'
let chat: Harness

beforeAll(async () => {
  chat = await startChat(undefined, { origins: [allowed, 'https://*.freguesias.example'], uploads: { maxMB: 1 } })
})
afterAll(() => chat.close())

const conversationOf = async (visitor: Visitor) => chat.gateway.pool.db.selectFrom('identity').innerJoin('conversation', 'conversation.citizen_id', 'identity.citizen_id')
  .select(['conversation.id', 'conversation.reference']).where('identity.address', '=', addressOf(visitor.token)).executeTakeFirstOrThrow()
const newsOf = ({ events }: { events: { event: string; data: unknown }[] }) => events.filter(({ event }) => event === 'news').map(({ data }) => data as News)
const upload = async (visitor: Visitor, bytes: Uint8Array, name: string) => visitor.post(`/files?name=${encodeURIComponent(name)}`, bytes, { 'content-type': 'application/octet-stream' })

describe('messages', () => {
  test('a message posted ten times at once is stored and answered once', async () => {
    const visitor = new Visitor(chat.url)
    const said = message('bom dia')
    const answers = await Promise.all(Array.from({ length: 10 }, () => visitor.post('/messages', said)))
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
    expect((await visitor.read()).entries.map(({ by, text, id }) => ({ by, text, id }))).toEqual([
      { by: 'citizen', text: 'bom dia', id: said.id }, { by: 'bot', text: 'eco: bom dia', id: null },
    ])
  })

  test('a choice comes back by its id', async () => {
    const visitor = new Visitor(chat.url)
    await visitor.post('/messages', message('menu'))
    const offered = (await visitor.read()).entries.at(-1)!
    expect(offered.choices?.map(({ id }) => id)).toEqual(['agua', 'obras', 'pessoa'])
    await visitor.post('/messages', message('Falar com uma pessoa', { chosen: 'pessoa' }))
    expect((await visitor.read()).conversation).toMatchObject({ state: 'waiting', position: expect.any(Number), closed: null })
  })

  test('language, notice and e-mail are kept with the message', async () => {
    const visitor = new Visitor(chat.url)
    await visitor.post('/messages', message('cala', { language: 'fr', notice: '2026-1', email: 'maria@exemplo.pt' }))
    const { id } = await conversationOf(visitor)
    const kept = await chat.gateway.pool.db.selectFrom('thread').innerJoin('message', 'message.thread_id', 'thread.id').innerJoin('conversation', 'conversation.id', 'thread.conversation_id')
      .select(['thread.route', 'message.content', 'conversation.language']).where('thread.conversation_id', '=', id).executeTakeFirstOrThrow()
    expect(kept).toMatchObject({ route: { notice: '2026-1' }, language: 'fr', content: { contact: { emails: ['maria@exemplo.pt'] } } })
  })

  test('nothing is stored for a visitor who only looks', async () => {
    const visitor = new Visitor(chat.url)
    expect(await visitor.read()).toEqual({ entries: [], changes: [], cursor: expect.any(String), more: false, conversation: null })
    const stream = await visitor.follow()
    await chat.until('the first news', () => newsOf(stream).length > 0)
    stream.end()
    const { count } = await chat.gateway.pool.db.selectFrom('identity').select(({ fn }) => fn.countAll<string>().as('count')).where('address', '=', addressOf(visitor.token)).executeTakeFirstOrThrow()
    expect(Number(count)).toBe(0)
  })

  test.each<[string, unknown, string | undefined]>([
    ['no JSON', 'nada', undefined],
    ['an id that is none', { id: 'um', text: 'a' }, 'id'],
    ['an empty text', { id: randomUUID(), text: '  ' }, 'text'],
    ['an object for a text', { id: randomUUID(), text: { $gt: '' } }, 'text'],
    ['a text that is too long', { id: randomUUID(), text: 'a'.repeat(10_001) }, 'text'],
    ['a key that nobody knows', { id: randomUUID(), text: 'a', role: 'admin' }, undefined],
    ['a language that is not spoken', { id: randomUUID(), text: 'a', language: 'xx' }, 'language'],
    ['an e-mail that is none', { id: randomUUID(), text: 'a', email: 'maria@' }, 'email'],
    ['a file of nobody', { id: randomUUID(), text: 'a', files: ['abc.def'] }, 'files'],
    ['a prototype', `{"id":"${randomUUID()}","text":"a","__proto__":{"x":1},"constructor":1}`, undefined],
  ])('%s is refused by name, and nothing is stored', async (_, body, field) => {
    const visitor = new Visitor(chat.url)
    const answer = await visitor.post('/messages', body)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: 'bad-request', ...(field && { field }) })
    expect(await visitor.texts()).toEqual([])
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  test('text from outside comes back as it is, to the last character', async () => {
    const visitor = new Visitor(chat.url)
    const hostile = '<img src=x onerror=alert(1)>"><script>{{7*7}} ${7*7} \u202Egpj.exe 👨‍👩‍👧‍👦 שלום \u0007'
    await visitor.post('/messages', message(`cala ${hostile}`))
    expect(await visitor.texts()).toEqual([`cala ${hostile}`])
  })
})

describe('who may read', () => {
  test.each<[string, Record<string, string>]>([
    ['no token', { authorization: '' }],
    ['a short token', { authorization: 'Bearer abc' }],
    ['a token without chance in it', { authorization: `Bearer ${'a'.repeat(43)}` }],
    ['another scheme', { authorization: `Basic ${newToken()}` }],
  ])('%s is refused on every path', async (_, headers) => {
    const paths: [string, string][] = [['GET', '/messages'], ['GET', '/events'], ['POST', '/messages'], ['POST', '/files'], ['POST', '/typing'], ['POST', '/marks']]
    for (const [method, path] of paths) {
      const answer = await fetch(`${chat.url}/channels/web${path}`, { method, headers, ...(method === 'POST' && { body: '{}' }) })
      expect(answer.status, `${method} ${path}`).toBe(401)
    }
  })

  test('one visitor reads nothing of another, by any cursor', async () => {
    const [one, other] = [new Visitor(chat.url), new Visitor(chat.url)]
    await one.post('/messages', message('cala: só meu'))
    const { cursor } = await one.read()
    for (const after of [undefined, cursor, '0', '999999999']) expect((await other.read(after)).entries).toEqual([])
    expect((await other.read()).conversation).toBeNull()
  })

  test('the token itself is not kept: its hash is', async () => {
    const visitor = new Visitor(chat.url)
    await visitor.post('/messages', message('cala'))
    const rows = await chat.gateway.pool.db.selectFrom('identity').select('address').execute()
    expect(rows.map(({ address }) => address)).toContain(addressOf(visitor.token))
    expect(JSON.stringify(rows)).not.toContain(visitor.token)
  })

  test('a cursor that is none is refused', async () => {
    const answer = await fetch(`${chat.url}/channels/web/messages?after=1;drop`, { headers: new Visitor(chat.url).headers })
    expect(answer.status).toBe(400)
  })
})

describe('other origins', () => {
  const ask = (origin: string, method = 'GET', path = '/messages') => fetch(`${chat.url}/channels/web${path}`, { method, headers: { origin, ...new Visitor(chat.url).headers } })

  test.each([allowed, 'https://mirante.freguesias.example'])('%s is let in by name', async (origin) => {
    const preflight = await ask(origin, 'OPTIONS')
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization')
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull()
    const answer = await ask(origin)
    expect([answer.status, answer.headers.get('access-control-allow-origin'), answer.headers.get('vary')]).toEqual([200, origin, 'origin'])
  })

  test.each([
    'https://www.valeformoso.example.mau.example', 'http://www.valeformoso.example', 'https://valeformoso.example', 'https://freguesias.example', 'https://x.freguesias.example.mau.example',
    'https://mau.example#.freguesias.example', 'null',
  ])('%s is kept out', async (origin) => {
    for (const [method, path] of [['OPTIONS', '/messages'], ['GET', '/messages'], ['GET', '/events'], ['POST', '/messages'], ['POST', '/files'], ['GET', '/config']] as const) {
      const answer = await ask(origin, method, path)
      expect(answer.status, `${method} ${path}`).toBe(403)
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  test('the pages may be framed by the town alone, and no answer sets a cookie', async () => {
    const page = await fetch(`${chat.url}/channels/web/chat`)
    expect(page.headers.get('content-security-policy')).toMatch(/frame-ancestors 'self' http:\/\/127\.0\.0\.1:\d+ https:\/\/www\.valeformoso\.example https:\/\/\*\.freguesias\.example;/)
    expect((await fetch(`${chat.url}/channels/web/exemplo`)).headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    const visitor = new Visitor(chat.url)
    expect((await visitor.post('/messages', message('cala'))).headers.get('set-cookie')).toBeNull()
    expect(page.headers.get('set-cookie')).toBeNull()
  })
})

describe('the stream', () => {
  test('what is said is heard at once, and a new stream goes on from the cursor', async () => {
    const visitor = new Visitor(chat.url)
    const stream = await visitor.follow()
    await visitor.post('/messages', message('um'))
    await chat.until('the answer', () => newsOf(stream).flatMap(({ entries }) => entries).some(({ text }) => text === 'eco: um'))
    const cursor = newsOf(stream).at(-1)!.cursor
    stream.end()
    await visitor.post('/messages', message('dois'))
    const again = await visitor.follow(cursor)
    await chat.until('the rest', () => newsOf(again).flatMap(({ entries }) => entries).length >= 2)
    expect(newsOf(again).flatMap(({ entries }) => entries).map(({ text }) => text)).toEqual(['dois', 'eco: dois'])
    again.end()
  })

  test('two hundred streams, cut and resumed at any moment, miss nothing and hear nothing twice', async () => {
    const visitors = Array.from({ length: 20 }, () => new Visitor(chat.url))
    const rounds = 10
    await Promise.all(visitors.map(async (visitor, v) => {
      const heard = new Map<string, string>()
      let twice = 0
      let cursor: string | undefined
      for (let round = 0; round < rounds; round += 1) {
        const stream = await visitor.follow(cursor)
        const posting = visitor.post('/messages', message(`visita ${v} volta ${round}`))
        if (round % 3 === 0) await chat.until('news', () => newsOf(stream).some(({ entries }) => entries.length > 0))
        if (round % 2 === 0) await posting
        stream.end()
        await stream.ended
        await posting
        for (const news of newsOf(stream)) {
          for (const { cursor: at, text } of news.entries) {
            if (heard.has(at)) twice += 1
            heard.set(at, text)
          }
          cursor = news.cursor
        }
      }
      for (const { cursor: at, text } of (await visitor.read(cursor)).entries) {
        if (heard.has(at)) twice += 1
        heard.set(at, text)
      }
      const inOrder = [...heard].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text)
      expect(inOrder).toEqual((await visitor.read('0')).entries.map(({ text }) => text))
      expect(inOrder).toHaveLength(2 * rounds)
      expect(twice).toBe(0)
    }))
  })

  test('when one is taken, whoever stands behind sees that the line is shorter', async () => {
    const [first, second] = [new Visitor(chat.url), new Visitor(chat.url)]
    for (const visitor of [first, second]) await visitor.post('/messages', message('pessoa'))
    const stream = await second.follow()
    const [one, two] = [await conversationOf(first), await conversationOf(second)]
    const stands = (ahead: string) => chat.until(ahead, async () => {
      const { count } = await chat.gateway.pool.db.selectFrom('conversation').select(({ fn }) => fn.countAll<string>().as('count'))
        .where('state', '=', 'waiting').where('id', '<=', two.id).executeTakeFirstOrThrow()
      return newsOf(stream).at(-1)?.conversation?.position === Number(count) ? Number(count) : 0
    })
    const before = await stands('its place')
    await chat.gateway.act({ conversationId: one.id, operator: await chat.operator(), clientId: randomUUID(), deeds: [{ do: 'take' }] })
    expect(await stands('its new place')).toBe(before - 1)
    stream.end()
  })

  test('an operator’s reply, its reading and typing go both ways', async () => {
    const visitor = new Visitor(chat.url)
    await visitor.post('/messages', message('pessoa'))
    const stream = await visitor.follow()
    await chat.until('what is so far', () => newsOf(stream).length > 0)
    const { id } = await conversationOf(visitor)
    const operator = await chat.operator({ name: 'Marta Lopes' })
    await chat.gateway.act({ conversationId: id, operator, clientId: randomUUID(), deeds: [{ do: 'reply', text: 'Bom dia, sou a Marta.' }] })
    const reply = await chat.until('the reply', () => newsOf(stream).flatMap(({ entries }) => entries).find(({ by }) => by === 'operator'))
    expect(reply).toMatchObject({ name: 'Marta', text: 'Bom dia, sou a Marta.', receipt: 'sent' })

    expect((await visitor.post('/marks', { upTo: reply.cursor, state: 'read' })).status).toBe(200)
    await chat.until('the mark', () => newsOf(stream).flatMap(({ changes }) => changes).some(({ cursor, receipt }) => cursor === reply.cursor && receipt === 'read'))
    const { state } = await chat.gateway.pool.db.selectFrom('delivery').innerJoin('message', 'message.id', 'delivery.message_id').select('delivery.state')
      .where('message.conversation_id', '=', id).where('message.author', '=', 'operator').executeTakeFirstOrThrow()
    expect(state).toBe('read')

    await chat.gateway.signals.broadcast({ type: 'told', topic: 'operator-typing', data: { conversationId: id } })
    await chat.until('the operator’s typing', () => stream.events.some(({ event }) => event === 'typing'))
    const typing = new Promise((resolve) => {
      const end = chat.gateway.signals.subscribe((signal) => {
        if (signal.type !== 'typing' || signal.address !== addressOf(visitor.token)) return
        end()
        resolve(true)
      })
    })
    await visitor.post('/typing', {})
    expect(await typing).toBe(true)
    stream.end()
  })

  test('nobody marks the messages of another', async () => {
    const [one, other] = [new Visitor(chat.url), new Visitor(chat.url)]
    await one.post('/messages', message('olá'))
    const { cursor } = await one.read()
    expect((await other.post('/marks', { upTo: cursor, state: 'read' })).status).toBe(200)
    expect((await one.read()).entries.at(-1)!.receipt).toBe('sent')
  })

  test('streams of one visitor are bounded', async () => {
    const visitor = new Visitor(chat.url)
    const streams = await Promise.all(Array.from({ length: 12 }, () => visitor.follow()))
    await expect(visitor.follow()).rejects.toThrow('429')
    for (const { end } of streams) end()
    await chat.until('room again', async () => visitor.follow().then(({ end }) => (end(), true), () => false))
  })
})

describe('files', () => {
  test('a photograph goes up, is sent with a message, and comes down by a dated link', async () => {
    const visitor = new Visitor(chat.url)
    const stored = await (await upload(visitor, png, 'contador da água.png')).json() as StoredFile
    expect(stored).toMatchObject({ name: 'contador da água.png', mimeType: 'image/png', bytes: png.length })
    await visitor.post('/messages', message('', { files: [stored.ref] }))
    const file = (await visitor.read()).entries[0]!.files![0]!
    expect(file).toMatchObject({ kind: 'image', name: 'contador da água.png' })
    const got = await fetch(file.url!)
    expect(Buffer.from(await got.arrayBuffer())).toEqual(png)
    expect(got.headers.get('content-disposition')).toMatch(/^attachment/)
    expect((await fetch(file.url!.replace(/sig=.{4}/, 'sig=AAAA'))).status).toBe(403)
  })

  test.each<[string, Buffer, string]>([
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), 'foto.jpg'],
    ['a drawing with a script', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 'foto.svg'],
    ['a program', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]), 'carta.pdf'],
    ['bytes of nothing', Buffer.alloc(64, 7), 'x'],
  ])('%s is not taken, whatever it is called', async (_, bytes, name) => {
    const answer = await upload(new Visitor(chat.url), bytes, name)
    expect([answer.status, (await answer.json() as { error: string }).error]).toEqual([415, 'type'])
  })

  test('what is empty or too large is refused', async () => {
    const visitor = new Visitor(chat.url)
    expect((await upload(visitor, Buffer.alloc(0), 'a.png')).status).toBe(400)
    expect((await upload(visitor, Buffer.alloc(1_000_500), 'a.png')).status).toBe(413)
    expect((await upload(visitor, Buffer.alloc(2_000_000), 'a.png')).status).toBe(413)
  })

  test('a file of one visitor is nothing to another, nor when its seal is broken', async () => {
    const [one, other] = [new Visitor(chat.url), new Visitor(chat.url)]
    const { ref } = await (await upload(one, png, 'a.png')).json() as StoredFile
    expect((await other.post('/messages', message('minha', { files: [ref] }))).status).toBe(400)
    const [text, mac] = ref.split('.') as [string, string]
    const forged = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(text, 'base64url').toString()) as object, source: `file:${'0'.repeat(64)}` })).toString('base64url')
    for (const bad of [`${forged}.${mac}`, `${text}.${mac.slice(1)}`, text, `${text}.`]) expect((await one.post('/messages', message('x', { files: [bad] }))).status).toBe(400)
    expect(await other.texts()).toEqual([])
  })

  test('a name that hides its ending, or a way out of the folder, is made plain', async () => {
    const visitor = new Visitor(chat.url)
    const { name } = await (await upload(visitor, png, '../../etc/a\u202Egnp.exe\u200B\r\n.png')).json() as StoredFile
    expect(name).toBe('....etcagnp.exe.png')
  })
})

describe('limits', () => {
  test('who writes too fast is told when to go on, and loses nothing', async () => {
    const slow = await startChat(undefined, { limits: { perVisitor: 5 } })
    try {
      const visitor = new Visitor(slow.url)
      const answers: Response[] = []
      for (let n = 0; n < 7; n += 1) answers.push(await visitor.post('/messages', message(`cala ${n}`)))
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429, 429])
      expect(Number(answers.at(-1)!.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(await new Visitor(slow.url).post('/messages', message('cala')).then(({ status }) => status)).toBe(200)
    } finally {
      await slow.close()
    }
  })

  test('a flood of new visitors behind one address does not hold up those who were there', async () => {
    const slow = await startChat(undefined, { limits: { newVisitorsPerAddress: 3 } })
    try {
      const first = new Visitor(slow.url)
      await first.post('/messages', message('cala'))
      const crowd = await Promise.all(Array.from({ length: 8 }, () => new Visitor(slow.url).post('/messages', message('cala'))))
      expect(crowd.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(6)
      expect((await first.post('/messages', message('cala de novo'))).status).toBe(200)
    } finally {
      await slow.close()
    }
  })

  test('behind the town’s own proxy it is the citizen’s address that counts', async () => {
    const slow = await startChat(undefined, { limits: { newVisitorsPerAddress: 2 } })
    try {
      const from = async (address: string) => (await new Visitor(slow.url).post('/messages', message('cala'), { 'x-forwarded-for': `6.6.6.6, ${address}` })).status
      expect([await from('203.0.113.1'), await from('203.0.113.1'), await from('203.0.113.1')]).toEqual([200, 200, 429])
      expect([await from('2001:db8:1:2::1'), await from('2001:db8:1:2:aaaa::1'), await from('2001:db8:1:2:ffff::2')]).toEqual([200, 200, 429])
      expect(await from('203.0.113.2')).toBe(200)
    } finally {
      await slow.close()
    }
  })
})

describe('the front door', () => {
  test.each([['DELETE', '/messages', 405], ['GET', '/files', 405], ['GET', '/nada', 404], ['GET', '/../etc/passwd', 404], ['GET', '/sample/town.html', 404]])('%s %s is %i', async (method, path, status) => {
    const got = await new Promise<number>((resolve, reject) => {
      const { hostname, port } = new URL(chat.url)
      request({ hostname, port, method, path: `/channels/web${path}`, headers: new Visitor(chat.url).headers }, (answer) => resolve(answer.resume().statusCode!)).on('error', reject).end()
    })
    expect(got).toBe(status)
  })

  test('a gateway that stops ends its streams, and the history is whole after', async () => {
    const first = await startChat(undefined)
    const second = await startChat(undefined, {}, { databaseUrl: first.databaseUrl })
    const visitor = new Visitor(second.url)
    const stream = await visitor.follow()
    await visitor.post('/messages', message('antes'))
    await second.close()
    await stream.ended
    const elsewhere = new Visitor(first.url, visitor.token)
    expect(await elsewhere.texts()).toEqual(['antes', 'eco: antes'])
    await first.close()
  })

  test('what one process takes, the stream of another tells', async () => {
    const first = await startChat(undefined)
    const second = await startChat(undefined, {}, { databaseUrl: first.databaseUrl })
    const visitor = new Visitor(first.url)
    const stream = await visitor.follow()
    await new Visitor(second.url, visitor.token).post('/messages', message('por ali'))
    await first.until('the other side', () => newsOf(stream).flatMap(({ entries }) => entries).length === 2)
    stream.end()
    await second.close()
    await first.close()
  })
})
