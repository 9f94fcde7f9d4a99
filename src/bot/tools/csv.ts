/** A table of comma- or semicolon-separated values, quoted as RFC 4180 has it. */

export function readTable(text: string): string[][] {
  const plain = text.replace(/^\ufeff/, '')
  const firstLine = plain.slice(0, plain.search(/\r?\n|$/))
  const separator = [';', '\t', ','].find((each) => firstLine.includes(each)) ?? ','
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let isQuoted = false
  for (let at = 0; at <= plain.length; at++) {
    const letter = plain[at]
    if (isQuoted) {
      if (letter === undefined) throw new Error('a quoted cell is never closed')
      if (letter !== '"') cell += letter
      else if (plain[at + 1] === '"') cell += plain[at++]
      else isQuoted = false
    } else if (letter === '"' && cell === '') isQuoted = true
    else if (letter === separator || letter === '\n' || letter === undefined) {
      row.push(cell.replace(/\r$/, ''))
      cell = ''
      if (letter !== separator) {
        if (row.some((each) => each.trim() !== '')) rows.push(row)
        row = []
      }
    } else cell += letter
  }
  return rows
}
