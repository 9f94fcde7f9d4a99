import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type Config, loadConfig } from '../../src/config.ts'
import { formatProblem } from '../../src/core/document.ts'
import type { Secret } from '../../src/core/secret.ts'
import { folderWith, town } from './files.ts'
import { kinds } from './kinds.ts'

type Options = Parameters<typeof loadConfig>[2]

async function read(yaml: string, options: Options = {}, files: Record<string, string> = {}) {
  const at = folderWith({ 'gateway.yaml': yaml, ...files })
  const outcome = await loadConfig(at.path('gateway.yaml'), kinds, { env: {}, ...options })
  return { at, outcome, lines: 'problems' in outcome ? outcome.problems.map((each) => formatProblem(each).replace(`${at.folder}/`, '')) : [] }
}

async function config(yaml: string, options: Options = {}, files: Record<string, string> = {}): Promise<Config> {
  const { outcome, lines } = await read(yaml, options, files)
  if ('problems' in outcome) throw new Error(lines.join('\n'))
  return outcome.config
}

const tokenOf = (config: Config) => (config.channels[0]!.config as { authToken: Secret }).authToken

describe('a file that is right', () => {
  test('needs little: the rest has defaults', async () => {
    const got = await config(`${town}channels: { web: { kind: page } }\n`)
    expect(got.server).toMatchObject({ listen: '127.0.0.1', port: 8080, publicUrl: 'http://localhost:8080', trustProxy: false })
    expect(got.municipality).toMatchObject({ timezone: 'Europe/Lisbon', language: 'pt', languages: ['pt', 'en'], referencePrefix: 'BAL' })
    expect(got.departments.map(({ id, name, assign }) => [id, name.en, assign])).toEqual([['geral', 'Atendimento geral', 'manual'], ['aguas', 'Water', 'manual']])
    expect(got.defaultDepartment).toBe('geral')
    expect(got.channels).toEqual([{ id: 'web', kind: 'page', enabled: true, label: { pt: 'web', en: 'web' }, department: 'geral', config: { origins: [], maxBytes: 1000 } }])
    expect(got.database.url).toBeUndefined()
    expect(got.limits).toMatchObject({ upload: 20_000_000, undo: 5_000 })
  })

  test('may hold several channels of one kind', async () => {
    const got = await config(`${town}channels:\n  site: { kind: page }\n  loja: { kind: page, department: aguas, maxBytes: 5 }\n`)
    expect(got.channels.map(({ id, department, config }) => [id, department, config])).toEqual([
      ['site', 'geral', { origins: [], maxBytes: 1000 }], ['loja', 'aguas', { origins: [], maxBytes: 5 }]])
  })

  test('names its folders as seen from itself', async () => {
    const { at, outcome } = await read(`${town}data: ./kept\nchannels: {}\n`)
    expect(outcome).toMatchObject({ config: { data: at.path('kept'), calendarFile: at.path('calendar.yaml'), bot: { folder: at.path('bot') } } })
  })

  test('may have blocks whose lines are all commented out', async () => {
    const got = await config(`${town}channels:\n  # web: { kind: page }\nconnections:\nlinks:\n`).catch((error: Error) => error.message)
    expect(got).toContain('channels: missing')
    expect((await config(`${town}channels: {}\nconnections:\nlinks:\n`)).links).toEqual({})
  })

  test('gives way to PORT, BALCAO_DATA and DATABASE_URL', async () => {
    const got = await config(`${town}channels: {}\n`, { env: { PORT: '9090', BALCAO_DATA: '/somewhere', DATABASE_URL: 'postgres://there/x' } })
    expect([got.server.port, got.server.publicUrl, got.data, got.database.url?.reveal()]).toEqual([9090, 'http://localhost:9090', '/somewhere', 'postgres://there/x'])
  })
})

describe('a secret', () => {
  const sms = 'channels: { sms: { kind: phone, provider: big, from: "+351", authToken: { env: TOKEN } } }\n'

  test('comes from the environment or from a file, and is never printed', async () => {
    const fromEnv = await config(town + sms, { env: { TOKEN: 'very-secret' } })
    const token = tokenOf(fromEnv)
    expect(token.reveal()).toBe('very-secret')
    expect(JSON.stringify(fromEnv) + inspect(fromEnv, { depth: 9 }) + String(token)).not.toContain('very-secret')
    const fromFile = await config(town + sms.replace('env: TOKEN', 'file: ./token'), {}, { token: 'of a file\n' })
    expect(tokenOf(fromFile).reveal()).toBe('of a file')
    expect(fromFile.readFrom).toHaveLength(2)
  })

  test('written into the file is refused without being repeated', async () => {
    const { lines } = await read(town + sms.replace('{ env: TOKEN }', 'hunter2'))
    expect(lines).toEqual(['gateway.yaml:6:62 channels.sms.authToken: expected { env: NAME } or { file: PATH } — do not write the secret itself here'])
  })

  test('that is not to be had is named by its place', async () => {
    expect((await read(town + sms)).lines).toEqual(['gateway.yaml:6:62 channels.sms.authToken: the environment variable TOKEN is not set'])
    const { lines } = await read(town + sms.replace('env: TOKEN', 'file: ./nowhere'))
    expect(lines.join()).toMatch(/^gateway.yaml:6:62 channels.sms.authToken: the file .*nowhere cannot be read \(ENOENT\)$/)
  })

  test('of a channel that is switched off may be missing', async () => {
    expect((await config(town + sms.replace('kind: phone', 'kind: phone, enabled: false'), { thorough: true })).channels[0]?.enabled).toBe(false)
  })

  test('stands only where one is meant', async () => {
    const { lines } = await read(`${town.replace('Município de Exemplo', '{ env: HOME }')}channels: {}\n`, { env: { HOME: '/root' } })
    expect(lines).toEqual(['gateway.yaml:2:17 municipality.name: expected text'])
  })
})

describe('a file that is wrong', () => {
  test('is told all its problems at once, each with its line', async () => {
    const { lines } = await read(`version: 1
municipality: { name: Exemplo, timezon: Europe/Lisbon }
server:
  port: eighty
departments:
  geral: { name: Geral, assign: round-robbin }
channels:
  web: { kind: pagee }
  site: { kind: page, orgins: [] }
  loja: { kind: page, enabeld: true, department: agua }
  sms: { kind: phone, provider: big, from: "+351", authToken: literal, forn: x }
  web: { kind: page }
retention:
	messages: 2 years
conections: {}
`)
    expect(lines).toEqual([
      'gateway.yaml:2:32 municipality.timezon: unknown key "timezon": did you mean "timezone"?',
      'gateway.yaml:4:3 server.port: expected a number',
      'gateway.yaml:6:25 departments.geral.assign: expected "manual" or "round-robin" or "least-loaded": did you mean "round-robin"?',
      'gateway.yaml:9:23 channels.site.orgins: unknown key "orgins": did you mean "origins"?',
      'gateway.yaml:10:23 channels.loja.enabeld: unknown key "enabeld": did you mean "enabled"?',
      'gateway.yaml:10:38 channels.loja.department: there is no department "agua"; there are geral',
      'gateway.yaml:11:52 channels.sms.authToken: expected { env: NAME } or { file: PATH } — do not write the secret itself here',
      'gateway.yaml:11:72 channels.sms.forn: unknown key "forn" for a channel of kind phone',
      'gateway.yaml:12:3 channels.web: "web" stands here twice',
      'gateway.yaml:14:1 Tabs are not allowed as indentation',
      'gateway.yaml:14:3 retention.messages: expected a length of time such as 30s, 15m, 2h, 7d, 24mo',
      'gateway.yaml:15:1 conections: unknown key "conections": did you mean "connections"?',
    ])
  })

  test.each([
    ['channels: { web: { kind: pag } }', 'gateway.yaml:6:20 channels.web.kind: unknown kind of channel: did you mean "page"?'],
    ['channels: { web: { kind: carrier-pigeon } }', 'gateway.yaml:6:20 channels.web.kind: unknown kind of channel; one of page, phone, broken'],
    ['channels: { web: { kind: broken } }', 'gateway.yaml:6:20 channels.web.kind: this kind cannot be loaded: its library is not installed'],
    ['channels: { web: { origins: [] } }', 'gateway.yaml:6:13 channels.web.kind: missing: expected text'],
    ['channels: { web: { kind: page, zzzzzz: 1 } }', 'gateway.yaml:6:32 channels.web.zzzzzz: unknown key "zzzzzz" for a channel of kind page'],
    ['channels: {}\ndefaultDepartment: aguaz', 'gateway.yaml:7:1 defaultDepartment: there is no department "aguaz": did you mean "aguas"?'],
    ['channels: { sms: { kind: phone, provider: small, folder: x, aliases: [{ name: a, department: obras }] } }',
      'gateway.yaml:6:82 channels.sms.aliases.0.department: there is no department "obras"; there are geral, aguas'],
    ['channels: {}\nserver: { publicUrl: atendimento.exemplo.pt }', 'gateway.yaml:7:11 server.publicUrl: Invalid URL'],
  ])('%s', async (rest, expected) => {
    expect((await read(`${town}${rest}\n`)).lines).toEqual([expected])
  })

  test('a wrong word that chooses the shape of its block does not hide what else is wrong in it', async () => {
    expect((await read(`${town}channels: { sms: { kind: phone, provider: bigg, from: "+351", authToken: literal } }\n`)).lines).toEqual([
      'gateway.yaml:6:33 channels.sms.provider: expected "big" or "small": did you mean "big"?',
      'gateway.yaml:6:63 channels.sms.authToken: expected { env: NAME } or { file: PATH } — do not write the secret itself here',
    ])
  })

  test('may not be there at all', async () => {
    const at = folderWith({})
    const outcome = await loadConfig(at.path('gone.yaml'), kinds, { env: {} })
    expect('problems' in outcome && outcome.problems.map((each) => each.message)).toEqual(['there is no such file'])
  })

  test('is refused when it is hollow, a list, or no YAML', async () => {
    for (const text of ['', '- a\n- b\n', 'version: [1', '{{{{', 'a: &x [*x]\n', '\u0000']) {
      expect((await read(text)).lines.length, JSON.stringify(text)).toBeGreaterThan(0)
    }
  })

  test('a channel that is switched off is looked into only by a thorough check', async () => {
    const yaml = `${town}channels: { web: { kind: page, enabled: false, nonsense: 1 } }\n`
    expect((await read(yaml)).lines).toEqual([])
    expect((await read(yaml, { thorough: true })).lines).toHaveLength(1)
  })

  test('a wrong PORT is said', async () => {
    expect((await read(`${town}channels: {}\n`, { env: { PORT: '99999' } })).lines).toEqual(['gateway.yaml:1:1 server.port: the environment variable PORT is no port number'])
  })
})

test('what is only risky is warned of and used', async () => {
  const { outcome } = await read(`${town}channels: {}\nvideo: { mode: public }\n`)
  expect('config' in outcome && outcome.warnings.map(({ path, line }) => [path, line])).toEqual([['video.mode', 7]])
})
