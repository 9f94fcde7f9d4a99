/** Each stand-in starts by one command, says what to configure, and that config is one that the gateway takes. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { kinds } from '../../src/channels/index.ts'
import { loadConfig } from '../../src/config.ts'
import { formatProblem } from '../../src/core/document.ts'
import { folderWith, town } from '../config/files.ts'

test('what cannot be started says why, and how it can', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  expect(await ended('sms', '--port', String(port))).toEqual({ code: 1, said: expect.stringMatching(`Port ${port} is taken; try: npm run play sms -- --port`) as string })
  taken.close()
  expect(await ended('sms', '--prot', '1')).toEqual({ code: 1, said: expect.stringMatching(/--prot/) as string })
  expect(await ended('nothing')).toEqual({ code: 1, said: expect.stringMatching(/KIND is one of telegram, .*webchat, file/) as string })
}, 60_000)

async function ended(...args: string[]): Promise<{ code: unknown; said: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/vendors/play.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { said += String(chunk) })
  const [code] = await once(child, 'close')
  return { code, said }
}

test.each([
  ['telegram', 'telegram', ['--port', '0']],
  ['sms', 'sms', ['--port', '0']],
  ['whatsapp', 'whatsapp', ['--port', '0']],
  ['whatsapp-web', 'whatsapp', []],
  ['teams', 'teams', ['--port', '0']],
  ['email', 'email', ['--port', '0']],
  ['webchat', 'webchat', ['--url', 'http://127.0.0.1:9/channels/web']],
  ['file', 'file', ['--folder', join(tmpdir(), 'play-file')]],
])('%s', async (name, kind, args) => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/vendors/play.ts', name, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  let said = ''
  try {
    for await (const chunk of child.stdout) {
      said += String(chunk)
      if (said.includes('Ctrl-D') && !child.stdin.writableEnded) child.stdin.end('/nonsense\n/help\n')
    }
    expect(await once(child, 'exit')).toEqual([0, null])
  } finally {
    child.kill()
  }
  expect(said.match(/Ctrl-D/g)).toHaveLength(2)
  if (name !== 'telegram') expect(said).toContain('there is no /nonsense')
  const block = said.split('\n').filter((line) => line.startsWith('  ') && !line.startsWith('  /'))
  const env = Object.fromEntries([...said.matchAll(/\b([A-Z_]+)=(\S+)/g)].map(([, key, value]) => [key!, value!]))
  const read = await loadConfig(folderWith({ 'gateway.yaml': `${town}channels:\n${block.join('\n')}\n` }).path('gateway.yaml'), kinds, { env })
  expect('problems' in read ? read.problems.map(formatProblem) : []).toEqual([])
  expect('config' in read && read.config.channels.map((channel) => channel.kind)).toEqual([kind])
}, 60_000)
