/** The copy with markup is written by anybody: reading it takes no time, whatever it is made of. */

import { expect, test } from 'vitest'
import { withLinks, wordsIn } from '../../../src/channels/teams/markup.ts'

test.each(['<img alt="', '<img ', '<a ', '<a href="https://x', '<blockquote>', '<', '&amp;'])(
  'a copy made only of %s is read at once',
  (piece) => {
    const html = piece.repeat(65_536 / piece.length)
    const began = performance.now()
    wordsIn(html)
    withLinks('palavras', html)
    expect(performance.now() - began).toBeLessThan(3_000)
  },
)
