/** The short form of `npm run chaos`: gateways and PostgreSQL are killed and frozen under load, and the books balance. */

import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'

test('killed gateways, a killed and frozen PostgreSQL, dead lines and a moody vendor lose and double nothing', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'chaos/chaos.ts', '--short', '--seed', '3'], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (text: Buffer) => { said += text.toString() })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  expect(code, said).toBe(0)
  const outcome = JSON.parse(said.split('\n').find((line) => line.startsWith('{'))!) as { acknowledged: number; kills: number }
  expect(outcome.acknowledged).toBeGreaterThan(50)
  expect(outcome.kills).toBeGreaterThan(0)
}, 400_000)
