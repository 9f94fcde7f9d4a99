import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** Keys of the file's shape, as they stand in its source. */
const keys = [...readFileSync('src/config/shape.ts', 'utf8').matchAll(/^\s+(\w+): (?:z\.|text|id|duration|size|secret|words|municipality|server|retention|limits|video)/gm)].map(([, key]) => key!)
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => /\.ts$/.test(file) && file !== 'config/shape.ts').map((file) => readFileSync(`src/${file}`, 'utf8')).join('\n')

/** `version` and `$schema` are for whoever reads the file. */
const forReaders = new Set(['version'])

test('every key that the config takes is read by something: none promises what nobody keeps', () => {
  expect(keys.length).toBeGreaterThan(60)
  expect([...new Set(keys)].filter((key) => !forReaders.has(key) && !new RegExp(`\\b${key}\\b`).test(sources))).toEqual([])
})

test('a key that nobody reads is found', () => {
  expect(/\bsendAttempts\b/.test(sources)).toBe(false)
})
