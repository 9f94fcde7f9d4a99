/**
 * winmail.dat → the files in it. Outlook wraps them so for whom it takes for another Outlook; nobody else can open it.
 * https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxtnef
 */

import { fileTypeFromBuffer } from 'file-type'
import { cleanFileName } from './words.ts'

interface Wrapped {
  bytes: Buffer
  name: string
  mimeType: string
}

const signature = 0x223e9f78
const mostFiles = 100

const attribute = { title: 0x18010, data: 0x6800f, begins: 0x69002, properties: 0x69005, codepage: 0x69007 }
const property = { bytes: 0x3701, longName: 0x3707 }

/** What is cut or broken ends the reading: what was read before it is there. Takes no more memory than was given. */
export async function unwrap(dat: Buffer): Promise<Wrapped[]> {
  const found: { name?: string; longName?: string; bytes?: Buffer }[] = []
  let decode = decoderOf(1252)
  for (const [id, value] of attributesOf(dat)) {
    const last = found.at(-1)
    if (id === attribute.codepage && value.length >= 4) decode = decoderOf(value.readUInt32LE())
    else if (id === attribute.begins) {
      if (found.length === mostFiles) break
      found.push({})
    } else if (!last) continue
    else if (id === attribute.title) last.name = decode(value)
    else if (id === attribute.data) last.bytes = value
    else if (id === attribute.properties) {
      for (const [name, type, bytes] of propertiesOf(value)) {
        if (name === property.longName) last.longName = type === unicode ? bytes.toString('utf16le') : decode(bytes)
        if (name === property.bytes && type === binary) last.bytes ??= bytes
      }
    }
  }
  const files: Wrapped[] = []
  for (const { name, longName, bytes } of found) {
    if (!bytes || bytes.length === 0) continue
    files.push({
      bytes,
      name: cleanFileName(longName ?? '') ?? cleanFileName(name ?? '') ?? 'anexo',
      mimeType: await mimeTypeOf(bytes),
    })
  }
  return files
}

/** What the file says it is by its first bytes; its name is the sender's word alone. */
async function mimeTypeOf(bytes: Buffer): Promise<string> {
  const found = await fileTypeFromBuffer(bytes.subarray(0, 4_100)).catch(() => undefined)
  return found?.mime ?? 'application/octet-stream'
}

function* attributesOf(dat: Buffer): Generator<[id: number, value: Buffer]> {
  if (dat.length < 6 || dat.readUInt32LE() !== signature) return
  // level (1), id (4), length (4), value, checksum (2)
  for (let at = 6; at + 9 <= dat.length; ) {
    const id = dat.readUInt32LE(at + 1)
    const end = at + 9 + dat.readUInt32LE(at + 5)
    if (end > dat.length) return
    yield [id, dat.subarray(at + 9, end)]
    at = end + 2
  }
}

/** https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxcdata: property types, and how long each is here. */
const text = 0x1e
const unicode = 0x1f
const binary = 0x102
const object = 0x0d
const fixed = new Map([
  ...[0x02, 0x03, 0x04, 0x0a, 0x0b].map((type) => [type, 4] as const),
  ...[0x05, 0x06, 0x07, 0x14, 0x40].map((type) => [type, 8] as const),
  [0x48, 16] as const,
])
const several = 0x1000
const named = 0x8000

function* propertiesOf(block: Buffer): Generator<[id: number, type: number, value: Buffer]> {
  let at = 0
  const number = (): number | undefined => (at + 4 <= block.length ? block.readUInt32LE((at += 4) - 4) : undefined)
  const count = number() ?? 0
  for (let index = 0; index < count; index++) {
    const tag = number()
    if (tag === undefined) return
    const type = tag & 0xffff
    const id = tag >>> 16
    if (id >= named && !skipName()) return
    const base = type & ~several
    const isVariable = base === text || base === unicode || base === binary || base === object
    const values = isVariable || type & several ? number() : 1
    if (values === undefined || (!isVariable && !fixed.has(base))) return
    for (let nth = 0; nth < values; nth++) {
      const length = isVariable ? number() : fixed.get(base)
      if (length === undefined || at + length > block.length) return
      if (nth === 0) yield [id, type, block.subarray(at, at + length)]
      at += padded(length)
    }
  }

  /** A named property: its set, and a number or a word. */
  function skipName(): boolean {
    at += 16
    const kind = number()
    const length = number()
    if (kind === undefined || length === undefined) return false
    if (kind === 1) at += padded(length)
    return at <= block.length
  }
}

const padded = (length: number): number => Math.ceil(length / 4) * 4

function decoderOf(codepage: number): (bytes: Buffer) => string {
  const label = codepage === 65001 ? 'utf-8' : codepage >= 1250 && codepage <= 1258 ? `windows-${codepage}` : 'windows-1252'
  const decoder = new TextDecoder(label)
  return (bytes) => decoder.decode(bytes)
}
