import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { openOut } from '../../../src/channels/file/write.ts'

test('half a line of a process that died over it is cut off, and was not said', async () => {
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'balcao-file-')), 'out.jsonl')
  await writeFile(file, '{"key":"a","text":"Olá"}\n{"key":"b","te')
  const out = await openOut(file)
  expect([await out.has('a'), await out.has('b')]).toEqual([true, false])
  await Promise.all([out.append({ key: 'b', text: 'Sim' }), out.append({ key: 'c', text: 'Não' })])
  expect(await out.has('b')).toBe(true)
  await out.close()
  expect(await readFile(file, 'utf8')).toBe('{"key":"a","text":"Olá"}\n{"key":"b","text":"Sim"}\n{"key":"c","text":"Não"}\n')
})
