/** The way into a call, on every channel: the address arrives whole, in one message, to be pressed. */

import { expect, test } from 'vitest'
import { kinds } from '../../src/channels/index.ts'
import { callWords } from '../../src/core/call-words.ts'
import { fit } from '../../src/core/fit.ts'
import { configsOf } from '../channels/configs.ts'

const url = `https://atendimento.cm-valeformoso.example/call/${'Aa0_-'.repeat(8)}xyz`
const shapes = (await Promise.all(Object.entries(kinds).map(async ([name, load]) => {
  const kind = await load()
  return configsOf(kind).map((config, n) => ({ name: `${name} ${n + 1}`, can: kind.capabilities(config as never) }))
}))).flat()

test.each(shapes)('$name: the link is whole in one message, in every language', ({ can }) => {
  for (const language of ['pt', 'en', 'es', 'fr'] as const) {
    const parts = fit({ text: callWords[language].link(url, '17:30') }, can, () => '')
    expect(parts.filter(({ text }) => text.includes(url)), language).toHaveLength(1)
  }
})
