import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { openPool } from '../../src/core/store/pool.ts'
import { folderWith, town } from '../config/files.ts'
import { freshDatabase } from '../database.ts'
import { command } from './command.ts'

test('a citizen is found, exported, and erased only on the word', async () => {
  const { url, drop } = await freshDatabase()
  const pool = openPool(url, 2, (error) => { throw error })
  onTestFinished(async () => {
    await pool.close()
    await drop()
  })
  const at = folderWith({ 'gateway.yaml': `${town}channels: {}\n` })
  const env = { DATABASE_URL: url, BALCAO_DATA: at.path('data') }
  const { id } = await pool.db.insertInto('citizen').values({ name: 'Maria Reis' }).returning('id').executeTakeFirstOrThrow()
  await pool.db.insertInto('identity').values({ channel_id: 'sms', address: '+351912345678', phone: '+351912345678', citizen_id: id }).execute()
  const balcao = (...args: string[]) => command(['citizen', ...args, '--config', at.path('gateway.yaml')], env)

  expect((await balcao('find', 'maria réis')).out).toContain(`${id}\tMaria Reis\tsms +351912345678\t0 conversations`)
  expect((await balcao('export', id, at.path('out'))).code).toBe(0)
  expect(JSON.parse(readFileSync(at.path('out/citizen.json'), 'utf8'))).toMatchObject({ citizen: { name: 'Maria Reis' } })
  expect(readFileSync(at.path('out/citizen.html'), 'utf8')).toContain('Maria Reis')
  expect((await balcao('erase', id)).out).toContain('Nothing has changed')
  expect(await pool.db.selectFrom('citizen').select('id').execute()).toHaveLength(1)
  expect((await balcao('erase', id, '--yes')).out).toContain('Erased')
  expect(await pool.db.selectFrom('citizen').select('id').execute()).toEqual([])
  expect(await pool.db.selectFrom('audit').select(['action', 'subject']).orderBy('id').execute()).toEqual([{ action: 'citizen.exported', subject: id }, { action: 'citizen.erased', subject: id }])
  expect(await balcao('erase', '999')).toMatchObject({ code: 1, err: expect.stringContaining('there is no citizen 999') })
  expect(await balcao('erase', 'maria')).toMatchObject({ code: 1, err: expect.stringContaining('is no citizen’s number') })
  // Eight programs are started one after the other.
}, 90_000)
