/** The session at rest. */

import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isOurs, messageId } from '../../../src/channels/whatsapp/web/message-id.ts'
import { seal, unseal } from '../../../src/channels/whatsapp/web/seal.ts'
import { Secret } from '../../../src/core/secret.ts'

const key = new Secret('uma chave')
let root: string
let folder: string
let file: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'seal-'))
  folder = join(root, 'session')
  file = join(root, 'session.sealed')
  await mkdir(folder)
})
afterEach(() => rm(root, { recursive: true, force: true }))

test('what went in comes out: large, empty, deep and oddly named; caches and locks stay behind', async () => {
  const files: Record<string, Buffer> = {
    'session-balcao/Default/IndexedDB/000003.log': randomBytes(700_001),
    'session-balcao/Local State': Buffer.from('{}'),
    'session-balcao/vazio': Buffer.alloc(0),
    'ã é 🗝️.txt': Buffer.from('x'),
  }
  for (const [name, bytes] of Object.entries({
    ...files,
    'session-balcao/Default/Cache/f_000001': Buffer.from('cache'),
  })) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), bytes)
  }
  await symlink('host-1', join(folder, 'session-balcao/SingletonLock'))
  await seal(folder, file, key)
  expect(await readdir(root)).toEqual(['session.sealed'])
  await unseal(file, folder, key)
  for (const [name, bytes] of Object.entries(files))
    expect((await readFile(join(folder, name))).equals(bytes), name).toBe(true)
  expect(existsSync(join(folder, 'session-balcao/Default/Cache'))).toBe(false)
  expect(existsSync(join(folder, 'session-balcao/SingletonLock'))).toBe(false)
})

test('an empty session', async () => {
  await seal(folder, file, key)
  await unseal(file, folder, key)
  expect(await readdir(folder)).toEqual([])
})

test('sealed twice, the same session looks different', async () => {
  await writeFile(join(folder, 'a'), 'igual')
  await seal(folder, file, key)
  const first = await readFile(file)
  await unseal(file, folder, key)
  await seal(folder, file, key)
  expect((await readFile(file)).equals(first)).toBe(false)
})

test.each([
  ['its first byte', 0],
  ['its salt', 12],
  ['its nonce', 28],
  ['its content', 60],
  ['its seal', -1],
])('changed in %s, it is not opened and nothing is put in place', async (_, at) => {
  await writeFile(join(folder, 'a'), 'conteúdo '.repeat(100))
  await seal(folder, file, key)
  const bytes = await readFile(file)
  const index = at < 0 ? bytes.length + at : at
  bytes[index] = (bytes[index] ?? 0) ^ 1
  await writeFile(file, bytes)
  await expect(unseal(file, folder, key)).rejects.toThrow()
  expect(await readdir(root)).toEqual(['session.sealed'])
})

test.each([10, 45, 53, 200])('cut to %i bytes, it is not opened', async (length) => {
  await writeFile(join(folder, 'a'), 'conteúdo '.repeat(100))
  await seal(folder, file, key)
  await writeFile(file, (await readFile(file)).subarray(0, length))
  await expect(unseal(file, folder, key)).rejects.toThrow()
  expect(await readdir(root)).toEqual(['session.sealed'])
})

test("our message ids are the same at every attempt, look like WhatsApp's, and are told from others", () => {
  const id = messageId('delivery-1', 'k')
  expect(id).toMatch(/^3EB0[0-9A-F]{18}$/)
  expect(messageId('delivery-1', 'k')).toBe(id)
  expect(messageId('delivery-2', 'k')).not.toBe(id)
  expect([
    isOurs(id, 'k'),
    isOurs(id, 'another'),
    isOurs('3EB0C767D097B7C7C030AB', 'k'),
    isOurs('3A1F0', 'k'),
    isOurs('', 'k'),
  ]).toEqual([true, false, false, false, false])
})
