import { expect, test, onTestFinished, vi } from 'vitest'
import type { Config } from '../../src/config.ts'
import { watchConfig } from '../../src/config/watch.ts'
import { formatProblem } from '../../src/core/document.ts'
import type { Secret } from '../../src/core/secret.ts'
import { folderWith, town } from './files.ts'
import { kinds } from './kinds.ts'

test('a good change is taken, a bad one is told and leaves the old one running', async () => {
  const at = folderWith({ 'gateway.yaml': `${town}channels: {}\n`, token: 'one' })
  const configs: Config[] = []
  const problems: string[] = []
  onTestFinished(watchConfig(at.path('gateway.yaml'), kinds, (config) => configs.push(config),
    (found) => problems.push(...found.map(formatProblem)), { every: 20, env: {} }))
  const settled = async (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 10 })

  at.write('gateway.yaml', `${town}channels: { sms: { kind: phone, provider: big, from: "1", authToken: { file: token } } }\n`)
  await settled(() => expect(configs).toHaveLength(1))
  expect(configs[0]?.channels[0]?.id).toBe('sms')

  at.write('gateway.yaml', `${town}channels: { sms: { kind: phon } }\n`)
  await settled(() => expect(problems).toHaveLength(1))
  expect(problems[0]).toContain('did you mean "phone"?')
  expect(configs).toHaveLength(1)

  at.write('gateway.yaml', `${town}channels: { sms: { kind: phone, provider: big, from: "1", authToken: { file: token } } }\n`)
  await settled(() => expect(configs).toHaveLength(2))

  at.write('token', 'changed')
  await settled(() => expect(configs).toHaveLength(3))
  const token = (config: Config | undefined) => (config!.channels[0]!.config as { authToken: Secret }).authToken.reveal()
  expect([token(configs[1]), token(configs[2])]).toEqual(['one', 'changed'])
})
