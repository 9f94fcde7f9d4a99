import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { kinds } from '../../src/channels/index.ts'
import { kindsPage } from '../../src/cli/kinds-page.ts'

test('docs/channels/README.md is up to date: if not, run `npx balcao channel kinds --write docs/channels/README.md`', async () => {
  expect(readFileSync('docs/channels/README.md', 'utf8')).toBe(await kindsPage(kinds))
})

test('what a kind says of itself stands in its row', async () => {
  const { telegram } = kinds
  const other = async () => {
    const kind = await telegram!()
    return { ...kind, name: 'other', capabilities: () => ({ ...kind.capabilities({}), choices: null, text: { max: 7, unit: 'bytes' as const, markup: 'none' as const } }) }
  }
  expect(await kindsPage({ other })).toContain('| [other](other.md) | 7 bytes | a numbered list | in words | any 50 MB; one a message |')
})
