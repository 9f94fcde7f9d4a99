/** Mends what senders get wrong before the parser sees it: charsets and base64 that lie, raw 8-bit headers, endless headers. */

import { isUtf8 } from 'node:buffer'
import type { Part } from './structure.ts'

const longestField = 16 * 1024
const inspected = 1024 * 1024

export function repair(raw: Buffer, parts: Part[]): Buffer {
  const pieces: Buffer[] = []
  let done = 0
  const replace = (start: number, end: number, by: Buffer): void => {
    pieces.push(raw.subarray(done, start), by)
    done = end
  }
  const first = parts[0]
  const topEnd = first && first.within.length === 0 ? first.headerEnd : endOfTop(raw)
  const top = mendTop(raw.subarray(0, topEnd))
  replace(0, topEnd, first && first.within.length === 0 ? mendPart(top, raw, first) : top)
  for (const part of parts) {
    if (part.within.length === 0 || part.headerStart < done) continue
    const header = raw.subarray(part.headerStart, part.headerEnd)
    const mended = mendPart(header, raw, part)
    if (mended !== header) replace(part.headerStart, part.headerEnd, mended)
  }
  pieces.push(raw.subarray(done))
  return Buffer.concat(pieces)
}

function endOfTop(raw: Buffer): number {
  const crlf = raw.indexOf('\r\n\r\n')
  const lf = raw.indexOf('\n\n')
  if (crlf === -1 && lf === -1) return raw.length
  return crlf !== -1 && (lf === -1 || crlf < lf) ? crlf + 2 : lf + 1
}

/** Bytes above 127 in a header are UTF-8 or, by habit, windows-1252; an endless field is cut at a comma or a space. */
function mendTop(block: Buffer): Buffer {
  const lines = (isUtf8(block) ? block.toString('utf8') : new TextDecoder('windows-1252').decode(block)).split(/\r?\n/)
  const kept: string[] = []
  let size = 0
  let cut = false
  for (const line of lines) {
    const continues = line.startsWith(' ') || line.startsWith('\t')
    if (!continues) {
      size = 0
      cut = false
    }
    if (cut) continue
    if (size + line.length > longestField) {
      const head = line.slice(0, longestField - size)
      const stop = Math.max(head.lastIndexOf(','), head.lastIndexOf(' '))
      if (!continues || stop > 0) kept.push(stop > 0 ? head.slice(0, stop) : head)
      cut = true
      continue
    }
    size += line.length
    kept.push(line)
  }
  return Buffer.from(kept.join('\r\n'))
}

/** The same header when what it declares can be believed. */
function mendPart(header: Buffer, raw: Buffer, part: Part): Buffer {
  if (!isNoBase64(raw, part)) return withCharset(header, part, charsetOf(raw, part))
  const plain = Buffer.from(header.toString('latin1').replace(/^(content-transfer-encoding:)[^\r\n]*/im, '$1 8bit'), 'latin1')
  return withCharset(plain, part, charsetOf(raw, { ...part, encoding: '8bit' }))
}

/** Words that were never encoded. Decoded all the same, as the standard has it, they would be lost. */
function isNoBase64(raw: Buffer, { type, encoding, bodyStart, bodyEnd }: Part): boolean {
  if (!type.startsWith('text/') || encoding !== 'base64') return false
  const line = raw.toString('latin1', bodyStart, Math.min(bodyEnd, bodyStart + 1_000)).trim().split(/\r?\n/)[0] ?? ''
  return !/^[A-Za-z0-9+/=]*\s*$/.test(line)
}

/** The charset to declare instead, or undefined when the declared one can be believed. */
function charsetOf(raw: Buffer, part: Part): string | undefined {
  if (!part.type.startsWith('text/')) return undefined
  const bytes = decoded(raw.subarray(part.bodyStart, Math.min(part.bodyEnd, part.bodyStart + inspected)), part.encoding)
  if (part.isBroken) return isUtf8(bytes) ? 'utf-8' : 'windows-1252'
  const declared = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(part.contentType)?.[1]?.toLowerCase()
  const isReallyUtf8 = isUtf8(bytes) || isUtf8(bytes.subarray(0, bytes.length - 4))
  // There a space or a line end holds a zero byte.
  if (declared?.startsWith('utf-16')) return isReallyUtf8 && !bytes.includes(0) ? 'utf-8' : undefined
  if (!bytes.some((byte) => byte > 127)) return undefined
  switch (declared) {
    case 'utf-8':
    case 'utf8':
      return isReallyUtf8 ? undefined : 'windows-1252'
    case undefined:
    case 'us-ascii':
    case 'ascii':
    case 'unknown-8bit':
    case '8bit':
    case 'x-unknown':
    case 'default':
    case 'iso-8859-1':
    case 'iso-8859-15':
    case 'windows-1252':
    case 'latin1':
      if (isReallyUtf8) return 'utf-8'
      return declared === undefined || !/8859|1252|latin/.test(declared) ? 'windows-1252' : undefined
    default:
      return undefined
  }
}

function withCharset(header: Buffer, part: Part, charset: string | undefined): Buffer {
  if (charset === undefined) return header
  const text = header.toString('utf8')
  const type = `Content-Type: ${part.type}; charset=${charset}`
  const field = /^content-type:[^\r\n]*(\r?\n[ \t][^\r\n]*)*/im
  const name = /;\s*name\s*=\s*("[^"]*"|[^\s;]+)/i.exec(part.contentType)?.[0] ?? ''
  const format = /;\s*format\s*=\s*"?flowed"?/i.test(part.contentType) ? '; format=flowed' : ''
  if (field.test(text)) return Buffer.from(text.replace(field, () => type + format + name))
  return Buffer.from(`${type}\r\n${text}`)
}

function decoded(bytes: Buffer, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(bytes.toString('latin1'), 'base64')
  if (encoding !== 'quoted-printable') return bytes
  const text = bytes.toString('latin1').replace(/=[ \t]*\r?\n/g, '')
  return Buffer.from(
    text.replace(/=([0-9a-fA-F]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  )
}
