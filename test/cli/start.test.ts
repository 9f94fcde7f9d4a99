import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { clusterIn, endServer, freePort, runningServer } from '../../src/database/cluster.ts'
import { folderWith, town } from '../config/files.ts'
import { freshDatabase } from '../database.ts'
import { begin, beginBuilt, command } from './command.ts'

const calendar = 'version: 1\ntimezone: Europe/Lisbon\nhours: { mon-fri: [09:00-17:00] }\n'
const yaml = `${town}channels: {}\nbot: { enabled: false }\ndata: ./data\nserver: { port: 0 }\n`

function townHall() {
  const at = folderWith({ 'gateway.yaml': yaml, 'calendar.yaml': calendar })
  const data = at.path('data')
  onTestFinished(() => endServer(clusterIn(data)))
  return { ...at, data, config: ['--config', at.path('gateway.yaml')] }
}

const addressIn = (out: string) => /(http:\/\/localhost:\d+)\//.exec(out)![1]!

test('one command brings up database and gateway; SIGTERM ends both within ten seconds', { timeout: 120_000 }, async () => {
  const hall = townHall()
  const gateway = begin(['start', ...hall.config])
  const url = addressIn(await gateway.until(/\/inbox\//))
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  const began = Date.now()
  gateway.child.kill('SIGTERM')
  const { code } = await gateway.ended
  expect(code).toBe(0)
  expect(Date.now() - began).toBeLessThan(10_000)
  expect(runningServer(clusterIn(hall.data))).toBeUndefined()
})

test('the built program serves its pages, and does not check the same rulebook a second time', { timeout: 120_000 }, async () => {
  const [{ url: databaseUrl, drop }, port] = [await freshDatabase(), await freePort()]
  onTestFinished(drop)
  const data = join(townHall().folder, 'data')
  const start = () => beginBuilt(['start'], { DATABASE_URL: databaseUrl, PORT: String(port), BALCAO_DATA: data })
  const first = start()
  await first.until(/\/inbox\//)
  for (const page of ['/inbox/', '/chat', '/channels/web/widget.js']) expect((await fetch(`http://127.0.0.1:${port}${page}`)).status, page).toBe(200)
  first.child.kill('SIGTERM')
  expect((await first.ended).code).toBe(0)
  const kept = statSync(join(data, 'rulebook.json')).mtimeMs
  const second = start()
  await second.until(/\/inbox\//)
  expect(statSync(join(data, 'rulebook.json')).mtimeMs).toBe(kept)
})

test('a Ctrl-C that arrives twice, from the terminal and from npm, still ends it cleanly', { timeout: 120_000 }, async () => {
  const hall = townHall()
  const gateway = begin(['start', ...hall.config])
  await gateway.until(/\/inbox\//)
  gateway.child.kill('SIGINT')
  gateway.child.kill('SIGINT')
  expect((await gateway.ended).code).toBe(0)
  expect(runningServer(clusterIn(hall.data))).toBeUndefined()
})

test('PORT, BALCAO_DATA and DATABASE_URL win over the config', { timeout: 120_000 }, async () => {
  const [{ url: databaseUrl, drop }, port] = [await freshDatabase(), await freePort()]
  onTestFinished(drop)
  const hall = townHall()
  const elsewhere = join(hall.folder, 'elsewhere')
  const gateway = begin(['start', ...hall.config], { DATABASE_URL: databaseUrl, PORT: String(port), BALCAO_DATA: elsewhere })
  expect(addressIn(await gateway.until(/\/inbox\//))).toBe(`http://localhost:${port}`)
  expect(existsSync(join(elsewhere, 'postgres'))).toBe(false)
  expect(existsSync(hall.data)).toBe(false)
  gateway.child.kill('SIGINT')
  expect((await gateway.ended).code).toBe(0)
})

test('the first start gives a link that lets the first operator choose a password', { timeout: 120_000 }, async () => {
  const hall = townHall()
  const first = begin(['start', ...hall.config])
  const said = await first.until(/set-password\?token=\S+/)
  expect(said).toContain('Primeiro operador')
  first.child.kill('SIGTERM')
  await first.ended
  expect((await command(['user', 'list', ...hall.config])).out).toContain('admin@balcao.local')
})

test('an operator is added beside a running gateway', { timeout: 120_000 }, async () => {
  const hall = townHall()
  const gateway = begin(['start', ...hall.config])
  await gateway.until(/\/inbox\//)
  const added = await command(['user', 'add', 'ana@exemplo.pt', '--name', 'Ana Reis', '--role', 'supervisor', '--department', 'aguas', ...hall.config])
  expect(added.out).toMatch(/set-password\?token=\S+/)
  const strange = await command(['user', 'add', 'rui@exemplo.pt', '--name', 'Rui', '--department', 'obras', ...hall.config])
  expect([strange.code, strange.err.trim()]).toEqual([1, 'there is no department "obras"; there are geral, aguas'])
  gateway.child.kill('SIGTERM')
  expect((await gateway.ended).code).toBe(0)
})

test('a change of the config is taken over; a bad one is told and the gateway goes on', { timeout: 120_000 }, async () => {
  const hall = townHall()
  const gateway = begin(['start', ...hall.config])
  const url = addressIn(await gateway.until(/\/inbox\//))
  hall.write('gateway.yaml', yaml.replace('channels: {}', 'channels: { x: { kind: y } }'))
  await gateway.until(/unknown kind of channel.*not in use/s)
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  hall.write('gateway.yaml', yaml.replace('Município de Exemplo', 'Outro'))
  await gateway.until(/the config has changed and is in use/)
  hall.write('calendar.yaml', calendar.replace('mon-fri', 'mon-sat'))
  await gateway.until(/in use.*in use.*in use/s)
  gateway.child.kill('SIGTERM')
  await gateway.ended
})

test('backup and restore from the command line, into an empty folder, muted', { timeout: 180_000 }, async () => {
  const hall = townHall()
  await command(['user', 'add', 'ana@exemplo.pt', '--name', 'Ana', ...hall.config])
  const kept = join(hall.folder, 'kept')
  expect((await command(['backup', kept, ...hall.config])).out).toMatch(/rows and 0 new files/)
  const elsewhere = join(hall.folder, 'elsewhere')
  onTestFinished(() => endServer(clusterIn(elsewhere)))
  const there = { BALCAO_DATA: elsewhere }
  expect((await command(['restore', kept, ...hall.config], there)).out).toContain('muted')
  expect((await command(['user', 'list', ...hall.config], there)).out).toContain('ana@exemplo.pt')
  expect((await command(['unmute', ...hall.config], there)).out).toContain('sends again')
  await vi.waitFor(() => expect(runningServer(clusterIn(elsewhere))).toBeUndefined(), { timeout: 15_000 })
})
