/** What leaves: every kind of content, and every way in which it can go wrong. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { teams as kind } from '../../../src/channels/teams/index.ts'
import { fit } from '../../../src/core/fit.ts'
import type { SendError } from '../../../src/core/channel.ts'
import type { Attachment } from '../../../src/core/model.ts'
import { Secret } from '../../../src/core/secret.ts'
import { type Fault, startTeams, type Teams } from '../../vendors/teams.ts'
import { type Gateway, readAll } from '../host.ts'
import { failure, gatewayOf, say, started, to } from './start.ts'

let teams: Teams
let gateway: Gateway
beforeAll(async () => {
  ;({ teams, gateway } = await started())
})
beforeEach(() => {
  teams.ledger.length = 0
  teams.faults.length = 0
  teams.requests.length = 0
})
afterAll(async () => {
  await gateway.close()
  await teams.close()
})

test('a text arrives as it was written, in the chat of its citizen, and its id comes back', async () => {
  const { externalId } = await say(gateway, { text: '<b>Olá</b> & *bem-vindo* 👋 https://cm.example/a_b_c' }, to(teams, 1))
  const [shown] = teams.ledger
  expect(shown!.text).toBe('<b>Olá</b> & *bem-vindo* 👋 https://cm.example/a_b_c')
  expect(shown!.activity.textFormat).toBe('plain')
  expect(externalId).toBe(`a:chat-1;${shown!.activityId}`)
  expect(teams.requests[0]!.path).toBe('/emea/v3/conversations/a%3Achat-1/activities')
})

test('a route that was stored as JSON answers as well', async () => {
  await say(gateway, { text: 'olá' }, JSON.parse(JSON.stringify(to(teams, 2))))
  expect(teams.ledger.map(({ conversationId }) => conversationId)).toEqual(['a:chat-2'])
})

test('a long text is split by fit and arrives whole, in whatever script', async () => {
  const text = Array.from({ length: 2_000 }, (_, i) => `Frase 漢字 número ${i}.`).join(' ')
  const parts = fit({ text }, kind.capabilities(undefined), () => '')
  for (const part of parts) await say(gateway, part, to(teams, 1))
  expect(parts.length).toBeGreaterThan(2)
  expect(teams.ledger.map((sent) => sent.text).join(' ')).toBe(text)
})

test('six choices are buttons of a card; a press comes back as the choice', async () => {
  const choices = ['Sim', 'Não', 'Águas', 'Obras', 'Lixo', 'Pessoa'].map((label, i) => ({ id: `c${i}`, label }))
  await say(gateway, { text: 'Em que podemos ajudar?', choices }, to(teams, 3))
  expect(teams.ledger[0]!.actions.map(({ title }) => title)).toEqual(choices.map(({ label }) => label))
  expect(await teams.citizen(3).presses('Águas')).toMatchObject({ statuses: [200] })
  expect(gateway.messages().at(-1)).toMatchObject({ content: { text: 'Águas', chosen: 'c2' }, from: { address: '29:citizen-3' } })
})

test('seven choices are a list to choose from; what is chosen comes back as the choice', async () => {
  const choices = Array.from({ length: 7 }, (_, i) => ({ id: `c${i}`, label: `Opção *${i}*` }))
  await say(gateway, { text: 'Qual?', choices }, to(teams, 3))
  const [shown] = teams.ledger
  expect(shown!.inputs).toMatchObject([{ type: 'Input.ChoiceSet', style: 'compact', choices: choices.map(({ id, label }) => ({ title: label, value: id })) }])
  expect(shown!.actions.map(({ title }) => title)).toEqual(['Enviar'])
  await teams.citizen(3).fills('c6')
  expect(gateway.messages().at(-1)).toMatchObject({ content: { text: 'Opção *6*', chosen: 'c6' } })
})

test('more choices than a list may hold are written with numbers', () => {
  const choices = Array.from({ length: 26 }, (_, i) => ({ id: `c${i}`, label: `Opção ${i}` }))
  const [part] = fit({ text: 'Qual?', choices }, kind.capabilities(undefined), () => '')
  expect(part).toEqual({ text: expect.stringContaining('26. Opção 25') })
})

test('cards are in the language of the citizen’s own Teams', async () => {
  const { reference } = to(teams, 1) as { reference: object }
  const choices = Array.from({ length: 7 }, (_, i) => ({ id: `c${i}`, label: `Option ${i}` }))
  await say(gateway, { text: 'Which?', choices }, { reference: { ...reference, locale: 'en-GB' } })
  expect(teams.ledger[0]).toMatchObject({ actions: [{ title: 'Send' }], inputs: [{ placeholder: 'Choose', errorMessage: 'The answer is missing.' }] })
})

test('a small picture is shown, what is too large to ask about is a card with a signed link', async () => {
  const picture: Attachment = { kind: 'image', source: 'file:aaaaaaaaaa', mimeType: 'image/png', name: 'rua.png', bytes: 900 }
  const paper: Attachment = { kind: 'file', source: 'file:bbbbbbbbbb', mimeType: 'application/pdf', name: 'recibo *1*.pdf', bytes: 50_000_000 }
  await say(gateway, { text: 'A rua', attachments: [picture] }, to(teams, 1))
  await say(gateway, { text: '', attachments: [paper] }, to(teams, 1))
  expect(teams.ledger[0]).toMatchObject({
    text: 'A rua',
    attachments: [{ contentType: 'image/png', contentUrl: 'https://balcao.example/f/aaaaaaaaaa', name: 'rua.png' }],
  })
  expect(teams.ledger[1]!.actions).toEqual([{ type: 'Action.OpenUrl', title: 'Abrir', url: 'https://balcao.example/f/bbbbbbbbbb' }])
  expect(JSON.stringify(teams.ledger[1]!.attachments)).toContain('recibo *1*.pdf')
})

test('typing is shown, and its failure is nobody’s business', async () => {
  await gateway.connection.typing!(to(teams, 1))
  expect(teams.typings.at(-1)).toBe('a:chat-1')
  teams.faults.push({ kind: 'refuse', status: 500 })
  await gateway.connection.typing!(to(teams, 1))
})

describe('a failure has a name', () => {
  test.each([
    [400, 'BadSyntax', 'rejected'],
    [403, 'MessageWritesBlocked', 'blocked'],
    [404, 'ConversationNotFound', 'rejected'],
    [408, 'RequestTimeout', 'ambiguous'],
    [412, 'PreconditionFailed', 'unreachable'],
    [413, 'MessageSizeTooBig', 'rejected'],
    [500, 'ServiceError', 'ambiguous'],
    [502, 'BadGateway', 'ambiguous'],
    [503, 'ServiceUnavailable', 'ambiguous'],
    [504, 'GatewayTimeout', 'ambiguous'],
  ])('%i %s is %s, asked once', async (status, code, reason) => {
    teams.faults.push({ kind: 'refuse', status, code })
    const error = await failure(say(gateway, { text: 'segredo' }, to(teams, 1)))
    expect(error.reason).toBe(reason)
    expect(error.message).toContain(code)
    expect(error.message).not.toMatch(/segredo|token/)
    expect(teams.requests).toHaveLength(1)
    expect(teams.ledger).toEqual([])
  })
  test('429 says how long to wait, and the SDK does not wait by itself', async () => {
    teams.faults.push({ kind: 'refuse', status: 429, retryAfter: 7 })
    expect(await failure(say(gateway, { text: 'a' }, to(teams, 1)))).toMatchObject({ reason: 'throttled', retryAfterMs: 7_000 })
    expect(teams.requests).toHaveLength(1)
  })
  test('a cut before or after it was taken', async () => {
    for (const fault of ['cut-before', 'cut-after'] as const) {
      teams.faults.push({ kind: fault })
      expect((await failure(say(gateway, { text: fault }, to(teams, 1)))).reason).toBe('ambiguous')
    }
    expect(teams.requests).toHaveLength(2)
    expect(teams.ledger.map(({ text }) => text)).toEqual(['cut-after'])
  })
  test('no answer in time', async () => {
    teams.faults.push({ kind: 'silent-after' })
    expect((await failure(say(gateway, { text: 'a' }, to(teams, 1), AbortSignal.timeout(300)))).reason).toBe('ambiguous')
    expect(teams.requests).toHaveLength(1)
  })
  test('no time left before it began, a route of a broken row, an address that is not Microsoft’s', async () => {
    expect((await failure(say(gateway, { text: 'a' }, to(teams, 1), AbortSignal.abort()))).reason).toBe('unreachable')
    expect((await failure(say(gateway, { text: 'a' }, {}))).reason).toBe('rejected')
    const stolen = JSON.parse(JSON.stringify(to(teams, 1)).replace(teams.origin, 'http://127.0.0.1:9'))
    expect((await failure(say(gateway, { text: 'a' }, stolen))).reason).toBe('rejected')
    expect(teams.requests).toEqual([])
  })
  test('someone who removed the bot', async () => {
    await teams.citizen(4).removes()
    expect((await failure(say(gateway, { text: 'a' }, to(teams, 4)))).reason).toBe('blocked')
    await teams.citizen(4).installs()
    await say(gateway, { text: 'b' }, to(teams, 4))
    expect(teams.ledger.map(({ text }) => text)).toEqual(['b'])
  })
  test('a token that Teams takes no more is renewed, once, and nothing is sent twice', async () => {
    await say(gateway, { text: 'a' }, to(teams, 1))
    teams.revokeTokens()
    await say(gateway, { text: 'b' }, to(teams, 1))
    expect(teams.ledger.map(({ text }) => text)).toEqual(['a', 'b'])
    teams.faults.push({ kind: 'refuse', status: 401 }, { kind: 'refuse', status: 401 })
    expect((await failure(say(gateway, { text: 'c' }, to(teams, 1)))).reason).toBe('misconfigured')
    expect(gateway.states.at(-1)!.status).toBe('needs-attention')
  })
  test('a wrong password, and a sign-in that is down: nothing has left', async () => {
    const wrong = await startTeams()
    const other = await gatewayOf(wrong, { appPassword: new Secret('wrong') })
    await other.until(() => other.states.some(({ status }) => status === 'needs-attention'))
    const error = await failure(say(other, { text: 'a' }, to(wrong, 1)))
    expect(error.reason).toBe('misconfigured')
    expect(error.message).toContain('invalid_client')
    expect((await other.connection.check!()).map(({ ok }) => ok)).toEqual([false, true])
    await other.close()
    const down = await gatewayOf(wrong, { tokenUrl: 'http://127.0.0.1:9' })
    expect((await failure(say(down, { text: 'a' }, to(wrong, 1)))).reason).toBe('unreachable')
    expect(wrong.requests).toEqual([])
    await down.close()
    await wrong.close()
  })
})

test('many at once ask for one token', async () => {
  const busy = await started()
  await Promise.all(Array.from({ length: 20 }, (_, i) => say(busy.gateway, { text: `m${i}` }, to(busy.teams, i))))
  expect(busy.teams.ledger).toHaveLength(20)
  expect(busy.teams.tokensGiven).toBe(1)
  await busy.gateway.close()
  await busy.teams.close()
})

test('what a citizen sent is opened: a picture with our token, a file without, and nothing from elsewhere', async () => {
  const bytes = Buffer.from('\x89PNG imagem')
  const picture = teams.keepFile(bytes, 'image/png', { withToken: true })
  const paper = teams.keepFile(Buffer.from('%PDF'), 'application/pdf')
  await teams.citizen(5).sends([
    { contentType: 'image/*', contentUrl: picture },
    { contentType: 'text/html', content: '<p><img></p>' },
    { contentType: 'application/vnd.microsoft.teams.file.download.info', name: 'a.pdf', content: { downloadUrl: paper, fileType: 'pdf' } },
  ])
  const sources = gateway.messages().at(-1)!.content.attachments!.map(({ source }) => source)
  const open = (source: string) => gateway.connection.fetch!(source, AbortSignal.timeout(15_000))
  const first = await open(sources[0]!)
  expect([await readAll(first.body), first.mimeType]).toEqual([bytes, 'image/png'])
  expect(await readAll((await open(sources[1]!)).body)).toEqual(Buffer.from('%PDF'))
  for (const stolen of [
    'connector:http://127.0.0.1:9/x',
    'connector:https://evil.example/x',
    'download:https://evil.example/sharepoint.com',
    'download:http://camara.sharepoint.com/x',
    'connector:https://smba.trafficmanager.net.evil.example/',
    'connector:https://camara.sharepoint.com/x',
    'file:///etc/passwd',
    'nonsense',
  ])
    await expect(open(stolen)).rejects.toThrow(/not one of Microsoft's/)
  const big = teams.keepFile(Buffer.alloc(50 * 1024 * 1024 + 1), 'video/mp4')
  await expect(open(`download:${big}`)).rejects.toThrow(/larger than/)
})

test('of 200 messages with 10 % faults each is shown once, or is known to be in doubt', async () => {
  const faults: Fault[] = [
    { kind: 'refuse', status: 429, retryAfter: 0 },
    { kind: 'refuse', status: 502 },
    { kind: 'cut-before' },
    { kind: 'cut-after' },
    { kind: 'slow', ms: 20 },
  ]
  const doubtful = new Set<string>()
  for (let i = 0; i < 200; i++) {
    teams.faults.push(i % 10 === 3 ? faults[((i / 10) | 0) % faults.length] : undefined)
    for (;;) {
      const error = await say(gateway, { text: `m${i}` }, to(teams, 1)).then(
        () => undefined,
        (thrown: SendError) => thrown,
      )
      if (!error) break
      if (error.reason === 'ambiguous') {
        doubtful.add(`m${i}`)
        break
      }
      expect(error.reason).toBe('throttled')
    }
  }
  const shown = teams.ledger.map(({ text }) => text)
  expect(new Set(shown).size).toBe(shown.length)
  for (let i = 0; i < 200; i++) if (!doubtful.has(`m${i}`)) expect(shown).toContain(`m${i}`)
  expect(doubtful.size).toBe(12)
  expect(shown).toEqual([...shown].sort((one, other) => Number(one.slice(1)) - Number(other.slice(1))))
})

test('doctor: the sign-in and the signing keys', async () => {
  expect((await gateway.connection.check!()).map(({ name, ok }) => [name, ok])).toEqual([
    [{ pt: 'entrada', en: 'sign-in' }, true],
    [{ pt: 'chaves de assinatura', en: 'signing keys' }, true],
  ])
  teams.metadataFails = true
  const [, keys] = await gateway.connection.check!()
  expect(keys).toMatchObject({ ok: false, fix: { pt: expect.stringContaining('HTTPS'), en: expect.stringContaining('HTTPS') } })
  teams.metadataFails = false
})

test('a config that cannot work names the field', () => {
  const problems = (block: object) =>
    kind.config.safeParse({ appId: teams.appId, appPassword: new Secret('x'), tenantId: teams.tenantId, ...block }).error?.issues.map(
      ({ path, message }) => `${path.join('.')}: ${message}`,
    )
  expect(problems({})).toBeUndefined()
  expect(problems({ appId: 'balcao' })?.[0]).toMatch(/^appId: expected an id as Entra shows it/)
  expect(problems({ appPassword: 'written down' })?.[0]).toMatch(/^appPassword: expected \{ env/)
  expect(problems({ serviceUrls: ['*'] })?.[0]).toMatch(/^serviceUrls.0: expected a host/)
  expect(problems({ apId: 'x' })?.[0]).toMatch(/apId/)
})
