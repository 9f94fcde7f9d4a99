import { expect, onTestFinished, test } from 'vitest'
import { kinds } from '../config/kinds.ts'
import { folderWith, town } from '../config/files.ts'
import { freshDatabase } from '../database.ts'
import { openOperators } from '../../src/cli/operators.ts'
import { loadConfig } from '../../src/config.ts'
import { openPool } from '../../src/core/store/pool.ts'

test('operators are added, listed, shut out, let in again, and get a new link', async () => {
  const { url, drop } = await freshDatabase()
  const pool = openPool(url, 2, (error) => { throw error })
  onTestFinished(async () => {
    await pool.close()
    await drop()
  })
  const at = folderWith({ 'gateway.yaml': `${town}channels: {}\n` })
  const read = await loadConfig(at.path('gateway.yaml'), kinds, { env: {} })
  if ('problems' in read) throw new Error('the config of this test is wrong')
  const operators = await openOperators(read.config, pool)

  const ana = { email: 'Ana@Exemplo.pt', name: 'Ana Reis', role: 'supervisor' as const, departments: ['aguas'] }
  expect(await operators.add(ana)).toMatch(/^http:\/\/localhost:8080\/inbox\/set-password\?token=\S+$/)
  await expect(operators.add({ ...ana, email: 'ana@exemplo.pt' })).rejects.toThrow(/already/)
  expect(await operators.list()).toEqual([{ email: 'ana@exemplo.pt', name: 'Ana Reis', role: 'supervisor', departments: ['aguas'], disabled: false }])
  expect(await operators.disable('ANA@exemplo.pt')).toBe(true)
  expect((await operators.list())[0]?.disabled).toBe(true)
  expect(await operators.enable('ana@exemplo.pt')).toBe(true)
  expect((await operators.list())[0]?.disabled).toBe(false)
  expect(await operators.reset('ana@exemplo.pt')).toMatch(/token=/)
  expect([await operators.disable('nobody@exemplo.pt'), await operators.enable('nobody@exemplo.pt'), await operators.reset('nobody@exemplo.pt')])
    .toEqual([false, false, undefined])
})
