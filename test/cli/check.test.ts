import { expect, test } from 'vitest'
import { folderWith, town } from '../config/files.ts'
import { command } from './command.ts'

const calendar = 'version: 1\ntimezone: Europe/Lisbon\nhours: { mon-fri: [09:00-17:00] }\n'
const quiet = 'bot: { enabled: false }\n'

test('check says that all is right, and ends with 0', { timeout: 60_000 }, async () => {
  const at = folderWith({ 'gateway.yaml': `${town}${quiet}channels: {}\n`, 'calendar.yaml': calendar })
  const { code, out, err } = await command(['check', at.path('gateway.yaml')])
  expect([code, out, err]).toEqual([0, `${at.path('gateway.yaml')} is right: 0 of 0 channels on, 2 departments.\n`, ''])
})

test('check names every problem of every file with its line, and ends with 1', { timeout: 60_000 }, async () => {
  const wrong = folderWith({ 'gateway.yaml': `${town}${quiet}channels: { x: { kind: telegrm } }\nlimit: {}\n` })
  const first = await command(['check', wrong.path('gateway.yaml')])
  expect(first.code).toBe(1)
  expect(first.err).toContain('gateway.yaml:7:18 channels.x.kind: unknown kind of channel: did you mean "telegram"?')
  expect(first.err).toContain('gateway.yaml:8:1 limit: unknown key "limit": did you mean "limits"?')

  const hours = folderWith({ 'gateway.yaml': `${town}${quiet}channels: {}\n`, 'calendar.yaml': calendar.replace('17:00', '07:00') })
  const second = await command(['check', hours.path('gateway.yaml'), '--json'])
  expect(second.code).toBe(1)
  expect(JSON.parse(second.out)).toMatchObject([{ line: 3, path: 'hours.mon-fri.0', severity: 'error' }])
})

test('start says the same and starts nothing', { timeout: 60_000 }, async () => {
  const at = folderWith({ 'gateway.yaml': `${town}${quiet}channels: {}\ndata: ./data\ndefaultDepartment: agua\n` })
  const { code, err } = await command(['start', '--config', at.path('gateway.yaml')])
  expect([code, err.trim()]).toEqual([1, `${at.path('gateway.yaml')}:9:1 defaultDepartment: there is no department "agua": did you mean "aguas"?`])
})

test('without a config it says where it looked', { timeout: 60_000 }, async () => {
  const { code, err } = await command(['check'], { BALCAO_CONFIG: '/nowhere/gateway.yaml' })
  expect([code, err.trim()]).toEqual([1, '/nowhere/gateway.yaml:1:1 there is no such file'])
})
