/** Signing in with OAuth2 tokens, what the config refuses, and what `balcao doctor` finds. */

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { checkDns } from '../../../src/channels/email/check.ts'
import { config as shape } from '../../../src/channels/email/config.ts'
import { render } from '../../../src/channels/email/render.ts'
import { Secret } from '../../../src/core/secret.ts'
import { type Names, startDns } from '../../vendors/dns.ts'
import { startMail } from '../../vendors/mail.ts'
import { memoryHost, until } from './host.ts'
import { configFor, mailFrom, open } from './setting.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** Gives `token-1`, `token-2` …; what it was asked is kept. */
async function tokenServer(): Promise<{
  url: string
  asked: URLSearchParams[]
  answer: { status: number; body: string } | undefined
}> {
  const asked: URLSearchParams[] = []
  const state = {
    url: '',
    asked,
    answer: undefined as { status: number; body: string } | undefined,
  }
  const server: Server = createServer(async (request, response) => {
    asked.push(new URLSearchParams(Buffer.concat((await request.toArray()) as Buffer[]).toString()))
    const { status, body } = state.answer ?? {
      status: 200,
      body: JSON.stringify({ access_token: `token-${asked.length}`, expires_in: 3600 }),
    }
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => {
    server.close()
    server.closeAllConnections()
  })
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`
  return state
}

test.each([
  ['client_credentials', { clientSecret: new Secret('s3') }],
  ['refresh_token', { refreshToken: new Secret('r3'), clientSecret: new Secret('s3') }],
])(
  'a mailbox with %s reads and sends with a token, and asks for a new one when it is withdrawn',
  async (grant, secrets) => {
    const tokens = await tokenServer()
    let withdrawn = 0
    const world = await startMail({ password: 'nunca', takesToken: (token) => Number(token.slice('token-'.length)) > withdrawn })
    closing.push(() => world.close())
    const oauth2 = { tokenUrl: tokens.url, clientId: 'balcao', scope: 'mail', ...secrets }
    const login = { secure: 'none', user: world.user, oauth2 }
    const host = memoryHost()
    const box = await open(world, host, { imap: { ...world.imap, ...login }, smtp: { ...world.smtp, ...login } })
    closing.push(() => box.close())
    await until('connected', () => host.states.some(({ status }) => status === 'connected'))
    expect(tokens.asked[0]?.get('grant_type')).toBe(grant)
    expect(tokens.asked[0]?.get('client_secret')).toBe('s3')
    withdrawn = tokens.asked.length
    await box.send(render({ text: 'Olá' }, { to: 'ana@exemplo.pt' }, configFor(world)), {
      key: 'd-1',
      attempt: 1,
      signal: AbortSignal.timeout(10_000),
    })
    expect(await world.sent()).toHaveLength(1)
    const asked = tokens.asked.length
    withdrawn = asked
    await world.drop()
    await world.deliver(mailFrom('ana@exemplo.pt', { text: 'de volta' }))
    await until('it reads again with another token', () => host.messages.length === 1)
    expect(tokens.asked.length).toBeGreaterThan(asked)
  },
)

test('a token server that refuses is for the admin, one that is down is tried again', async () => {
  const tokens = await tokenServer()
  const world = await startMail()
  closing.push(() => world.close())
  const smtp = {
    ...world.smtp,
    secure: 'none',
    user: 'geral',
    oauth2: { tokenUrl: tokens.url, clientId: 'x', clientSecret: new Secret('muito secreto') },
  }
  const box = await open(world, memoryHost(), { smtp })
  closing.push(() => box.close())
  const send = () =>
    box.send(render({ text: 'x' }, { to: 'a@exemplo.pt' }, configFor(world)), {
      key: 'd',
      attempt: 1,
      signal: AbortSignal.timeout(10_000),
    })
  tokens.answer = { status: 400, body: '{"error":"invalid_client"}' }
  await expect(send()).rejects.toMatchObject({
    reason: 'misconfigured',
    message: expect.stringContaining('invalid_client'),
  })
  await expect(send()).rejects.not.toMatchObject({ message: expect.stringContaining('secreto') })
  tokens.answer = { status: 503, body: '' }
  await expect(send()).rejects.toMatchObject({ reason: 'unreachable' })
})

const good = {
  address: 'geral@cm-exemplo.pt',
  imap: { host: 'imap.cm-exemplo.pt', port: 993, user: 'geral', password: new Secret('x') },
  smtp: { host: 'smtp.cm-exemplo.pt', port: 465, user: 'geral', password: new Secret('x') },
}
const wrong: [string, Record<string, unknown>, string][] = [
  ['a password in clear over the network', { imap: { ...good.imap, secure: 'none' } }, 'imap.secure'],
  ['two addresses in one', { address: 'a@b.pt, c@d.pt' }, 'address'],
  ['no way in', { imap: undefined }, 'imap'],
  ['a password as plain text', { smtp: { ...good.smtp, password: 'segredo' } }, 'smtp.password'],
  [
    'a password and OAuth2',
    { smtp: { ...good.smtp, oauth2: { tokenUrl: 'https://x.pt', clientId: 'x', clientSecret: new Secret('x') } } },
    'smtp',
  ],
  [
    'a token URL in clear',
    {
      smtp: {
        ...good.smtp,
        password: undefined,
        oauth2: { tokenUrl: 'http://x.pt', clientId: 'x', clientSecret: new Secret('x') },
      },
    },
    'smtp.oauth2.tokenUrl',
  ],
  ['an unknown key', { imapp: {} }, ''],
]
test.each(wrong)('the config refuses %s', (_name, change, path) => {
  expect(shape.safeParse(good).success).toBe(true)
  const read = shape.safeParse({ ...good, ...change })
  expect(read.error?.issues.map((issue) => issue.path.join('.'))).toContain(path)
})

test('doctor signs in to both servers and reads what DNS says about us', async () => {
  const world = await startMail()
  closing.push(() => world.close())
  const names = await startDns({
    txt: {
      'cm-exemplo.pt': [['v=spf1 mx ', '-all'], ['google-site-verification=1']],
      's1._domainkey.cm-exemplo.pt': [['v=DKIM1; k=rsa; p=MIGf']],
      '_dmarc.cm-exemplo.pt': [['v=DMARC1; p=quarantine']],
    },
    mx: { 'cm-exemplo.pt': [{ exchange: 'mx.cm-exemplo.pt', priority: 10 }] },
  })
  closing.push(() => names.close())
  const { resolver } = names
  const box = await open(world, memoryHost(), { dkimSelector: 's1' }, { resolver })
  closing.push(() => box.close())
  expect((await box.check?.())?.map(({ name, ok }) => `${name as string} ${ok}`)).toEqual([
    'IMAP true',
    'SMTP true',
    'MX true',
    'SPF true',
    'DKIM true',
    'DMARC true',
  ])

  const look = () => checkDns(configFor(world, { dkimSelector: 's1' }), resolver)
  const withdrawn = [['v=DKIM1; p=']]
  const wrong: Partial<Names>[] = [
    { mx: {}, txt: {} },
    { mx: { 'cm-exemplo.pt': [] }, txt: { 'cm-exemplo.pt': [['v=spf1 +all']], 's1._domainkey.cm-exemplo.pt': withdrawn } },
    { mx: {}, txt: { 'cm-exemplo.pt': [['v=spf1 mx -all'], ['v=spf1 a -all']], '_dmarc.cm-exemplo.pt': [['v=DMARC2']] } },
    { broken: true },
  ]
  for (const change of wrong) {
    Object.assign(names, change)
    expect((await look()).every(({ ok, fix }) => !ok && fix !== undefined)).toBe(true)
  }
  world.faults.imap.refuseLogin = true
  const [imap] = (await box.check?.()) ?? []
  expect(imap).toMatchObject({ name: 'IMAP', ok: false, detail: { pt: expect.stringContaining('recusou a entrada') as string, en: expect.stringContaining('refused to let us into') as string } })
})

test('where TLS is asked for and the server has none, no password and no mail leave us', async () => {
  const world = await startMail()
  closing.push(() => world.close())
  for (const secure of ['starttls', 'tls']) {
    const login = { secure, user: world.user, password: new Secret(world.password) }
    const host = memoryHost()
    const box = await open(
      world,
      host,
      { imap: { ...world.imap, ...login }, smtp: { ...world.smtp, ...login } },
      { timing: { connect: 1_000 } },
    )
    closing.push(() => box.close())
    const sending = box.send(render({ text: 'x' }, { to: 'a@exemplo.pt' }, configFor(world)), {
      key: 'd',
      attempt: 1,
      signal: AbortSignal.timeout(10_000),
    })
    await expect(sending).rejects.toMatchObject({ name: 'SendError' })
    await until('the mailbox gave up once', () => host.states.some(({ status }) => status === 'degraded'))
  }
  expect(world.logins).toEqual([])
  expect(world.attempts()).toBe(0)
})
