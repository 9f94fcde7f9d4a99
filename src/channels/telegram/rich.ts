/** A rich message → its words, a line each, and the blocks that hold files. https://core.telegram.org/bots/api#richmessage */

import { clean, type Fields, fields, items, list, word } from '../fields.ts'

const deepest = 20

export const richWords = (rich: Fields): string => blocksOf(rich).map(lineOf).filter(Boolean).join('\n')

/** With those inside of them, in reading order. */
export function blocksOf(within: Fields, depth = 0): Fields[] {
  if (depth > deepest) return []
  return list(within.blocks).flatMap((block) => {
    const points = list(block.items).flatMap((item) => {
      const mark = item.has_checkbox === true ? (item.is_checked === true ? '☑' : '☐') : (word(item.label) ?? '–')
      const [first, ...others] = blocksOf(item, depth + 1)
      return [{ ...first, mark }, ...others]
    })
    return [block, ...points, ...blocksOf(block, depth + 1)]
  })
}

function lineOf(block: Fields): string {
  const rows = items(block.cells).map((row) => list(row).map((cell) => wordsIn(cell.text)).join(' | '))
  const said = [block.summary, block.text, block.caption, block.credit].map((part) => wordsIn(part))
  const line = [...said, word(block.expression), ...rows].filter(Boolean).join('\n')
  return line === '' ? '' : [word(block.mark), line].filter(Boolean).join(' ')
}

/** Words, a list of such, or words with a style; a link behind other words is written out. */
function wordsIn(value: unknown, depth = 0): string {
  if (typeof value === 'string') return clean(value)
  if (depth > deepest) return ''
  if (Array.isArray(value)) return value.map((one) => wordsIn(one, depth + 1)).join('')
  const node = fields(value)
  if (!node) return ''
  const said = wordsIn(node.text, depth + 1) || (word(node.alternative_text) ?? word(node.expression) ?? '')
  const link = word(node.url)
  const credit = wordsIn(node.credit, depth + 1)
  return `${link && link !== said ? `${said} (${link})` : said}${credit && `, ${credit}`}`
}
