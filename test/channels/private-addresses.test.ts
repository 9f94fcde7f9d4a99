/** Citizens' files are fetched from public addresses alone: nobody reaches the town hall's own network through us. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { get, opened, put } from '../../src/channels/download.ts'

let reached = 0
const said: (string | undefined)[] = []
const inside = createServer((request, response) => {
  said.push(request.headers['user-agent'])
  if (request.url === '/on') response.writeHead(302, { location: '/file' }).end()
  else response.writeHead(200, { 'content-type': 'image/png' }).end('da rede interna')
})
inside.on('connection', () => reached++)
let port = 0

beforeAll(async () => {
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve))
  port = (inside.address() as AddressInfo).port
})
afterAll(() => new Promise((resolve) => inside.close(resolve)))

const hosts = [
  '127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '①②⑦.⓪.⓪.①', '0.0.0.0', '0', 'localhost', 'LOCALHOST',
  '[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[fd00:ec2::254]', '[fe80::1]',
  '169.254.169.254', '10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1', 'user@127.0.0.1', 'user:word@localhost',
]

test.each(hosts)('a file at %s is not asked for, and none is written there', async (host) => {
  reached = 0
  const signal = AbortSignal.timeout(5_000)
  await expect(get(new URL(`http://${host}:${port}/file`), { configured: false, signal })).rejects.toMatchObject({ name: 'FetchRefused' })
  expect(reached).toBe(0)
  expect(await put(new URL(`http://${host}:${port}/file`), Buffer.from('x'), { configured: false, signal }).catch(({ name }: Error) => name)).toBe('FetchRefused')
  expect(reached).toBe(0)
})

test('the origin that config names is asked, and told who asks', async () => {
  const { body, mimeType } = opened(await get(new URL(`http://127.0.0.1:${port}/file`), { configured: true, signal: AbortSignal.timeout(5_000) }), 100)
  expect(Buffer.concat(await body.toArray()).toString()).toBe('da rede interna')
  expect(mimeType).toBe('image/png')
  expect(said.at(-1)).toBe('balcao')
})

test('nobody is sent on to another address', async () => {
  const response = await get(new URL(`http://127.0.0.1:${port}/on`), { configured: true, signal: AbortSignal.timeout(5_000) })
  expect(response.statusCode).toBe(302)
  expect(() => opened(response, 100)).toThrow('download refused with 302')
})
