/** Each stand-in starts by one command, says what to configure, and that config is one that the gateway takes. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { kinds } from '../../src/channels/index.ts'
import { loadConfig } from '../../src/config.ts'
import { formatProblem } from '../../src/core/document.ts'
import { folderWith, town } from '../config/files.ts'

test.each([
  ['telegram', 'telegram', ['--port', '0']],
  ['sms', 'sms', ['--port', '0']],
  ['whatsapp', 'whatsapp', ['--port', '0']],
  ['whatsapp-web', 'whatsapp', []],
  ['teams', 'teams', ['--port', '0']],
  ['email', 'email', ['--port', '0']],
])('%s', async (name, kind, args) => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/vendors/play.ts', name, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  let said = ''
  try {
    for await (const chunk of child.stdout) {
      said += String(chunk)
      if (/[Ww]rite as a|Type what/.test(said)) break
    }
  } finally {
    child.kill()
    await once(child, 'exit')
  }
  const block = said.split('\n').filter((line) => line.startsWith('  '))
  const env = Object.fromEntries([...said.matchAll(/\b([A-Z_]+)=(\S+)/g)].map(([, key, value]) => [key!, value!]))
  const read = await loadConfig(folderWith({ 'gateway.yaml': `${town}channels:\n${block.join('\n')}\n` }).path('gateway.yaml'), kinds, { env })
  expect('problems' in read ? read.problems.map(formatProblem) : []).toEqual([])
  expect('config' in read && read.config.channels.map((channel) => channel.kind)).toEqual([kind])
}, 60_000)
