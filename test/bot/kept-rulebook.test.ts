/** A rulebook that was found right is not checked again, until anything changes that it depends on. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readSources } from '../../src/bot/sources.ts'
import { readRulebook, type Rulebook } from '../../src/bot/rulebook.ts'
import { keptRulebook } from '../../src/kept-rulebook.ts'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'balcao-kept-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

let sample: Rulebook
beforeAll(async () => { sample = readRulebook(await readSources('config/bot')).rulebook! })

describe('the kept rulebook', () => {
  test('is the very same as the one that was read', async () => {
    await keptRulebook(folder, ['files'], 'this build').keep(sample)
    expect(await keptRulebook(folder, ['files'], 'this build').take()).toEqual(sample)
  })

  test('is not taken when a file has changed, or the program', async () => {
    await keptRulebook(folder, ['files'], 'this build').keep(sample)
    expect(await keptRulebook(folder, ['changed files'], 'this build').take()).toBeUndefined()
    expect(await keptRulebook(folder, ['files'], 'the next build').take()).toBeUndefined()
  })

  test('is not kept by a program that does not know itself', async () => {
    await keptRulebook(folder, ['files'], undefined).keep(sample)
    expect(await keptRulebook(folder, ['files'], undefined).take()).toBeUndefined()
  })

  test('is read again where nothing was kept, or half of it', async () => {
    expect(await keptRulebook(folder, ['files'], 'this build').take()).toBeUndefined()
    writeFileSync(join(folder, 'rulebook.json'), '{"key":"')
    expect(await keptRulebook(folder, ['files'], 'this build').take()).toBeUndefined()
  })
})
