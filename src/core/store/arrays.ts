/** Many rows as one array a column, in PostgreSQL's own binary form: neither side has to write quotes, or look for them. */

/** By their numbers in PostgreSQL. */
const numbers = { boolean: 16, bigint: 20, int: 23, text: 25, timestamptz: 1184, jsonb: 3802 } as const
type SqlType = keyof typeof numbers

export interface Columns<Row> {
  /** To select from; its columns bear the names given. */
  sql: string
  /** The number of the first parameter after these. */
  next: number
  values(rows: Row[]): Buffer[]
}

/** Declares how rows become columns; `first` is the number of the first parameter. */
export function columns<Row>(first: number, given: Record<string, [SqlType, (row: Row) => unknown]>): Columns<Row> {
  const all = Object.entries(given)
  return {
    sql: `(select * from unnest(${all.map(([, [type]], n) => `$${first + n}::${type}[]`).join(', ')}) as one(${all.map(([name]) => `"${name}"`).join(', ')}))`,
    next: first + all.length,
    values: (rows) => all.map(([, [type, of]]) => arrayOf(type, rows.map(of))),
  }
}

/** As bytes to write to; kept, because a batch has some fifty arrays. */
let bytes = Buffer.allocUnsafeSlow(65_536)
let view = new DataView(bytes.buffer)
let end = 0
const mostKept = 4_194_304

function makeRoom(size: number): void {
  if (end + size <= bytes.length) return
  const larger = Buffer.allocUnsafeSlow(Math.max(bytes.length * 2, end + size))
  bytes.copy(larger, 0, 0, end)
  bytes = larger
  view = new DataView(bytes.buffer)
}

export function arrayOf(type: SqlType, values: unknown[]): Buffer {
  end = 0
  makeRoom(20 + values.length * 12)
  // One dimension; there may be nulls; of this type; so many; counted from one.
  for (const word of [1, 1, numbers[type], values.length, 1]) addWord(word)
  for (const value of values) {
    if (value === null || value === undefined) addWord(-1)
    else add[type](value as never)
  }
  const done = Buffer.from(bytes.subarray(0, end))
  if (bytes.length > mostKept) {
    bytes = Buffer.allocUnsafeSlow(65_536)
    view = new DataView(bytes.buffer)
  }
  return done
}

const add = {
  boolean: (value: boolean) => addText(value ? '\u0001' : '\u0000'),
  int(value: number) {
    addWord(4)
    addWord(value)
  },
  bigint: (value: string | number) => addLong(BigInt(value)),
  /** Microseconds since the year 2000; BigInt throws at a time that is none. */
  timestamptz: (value: Date) => addLong(BigInt(value.getTime() - 946_684_800_000) * 1_000n),
  // PostgreSQL knows no U+0000.
  text: (value: string) => addText(value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value),
  /** The version of the form comes first. */
  jsonb: (value: object) => addText(`\u0001${storable(value)}`),
}

function addWord(value: number): void {
  makeRoom(4)
  view.setInt32(end, value)
  end += 4
}

function addLong(value: bigint): void {
  addWord(8)
  makeRoom(8)
  view.setBigInt64(end, value)
  end += 8
}

function addText(value: string): void {
  // No character takes more than three bytes for each half of it.
  makeRoom(4 + value.length * 3)
  const length = bytes.write(value, end + 4)
  view.setInt32(end, length)
  end += 4 + length
}

/** JSON that PostgreSQL takes: it knows neither U+0000 nor half a surrogate pair. */
function storable(value: object): string {
  const json = JSON.stringify(value)
  if (!json.includes('\\u')) return json
  return json.replace(/\\\\|\\u(?:0000|d[89a-f][0-9a-f]{2})/gi, (found) => (found === '\\\\' ? found : '\ufffd'))
}
