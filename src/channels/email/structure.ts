/** A first, linear look at a raw mail: how deep, how many parts, where each begins. Refuses what costs too much. */

export interface Part {
  type: string
  /** The multiparts around it, outermost first. */
  within: string[]
  headerStart: number
  /** End of the header block, before the empty line. */
  headerEnd: number
  bodyStart: number
  bodyEnd: number
  contentType: string
  encoding: string
  /** Calls itself a multipart and has no parts: its words would be lost. */
  isBroken: boolean
}

export const bounds = { depth: 20, parts: 400, headerBytes: 512 * 1024, boundary: 200 }

/** Over the bounds: kept as corrupt, with its headers. */
export class CorruptMail extends Error {}

/** The leaves, in order of appearance. */
export function partsOf(raw: Buffer): Part[] {
  const leaves: Part[] = []
  scan(raw, 0, raw.length, [], leaves)
  return leaves
}

function scan(raw: Buffer, start: number, end: number, within: string[], leaves: Part[]): void {
  if (within.length > bounds.depth) throw new CorruptMail(`parts nested deeper than ${bounds.depth}`)
  if (leaves.length >= bounds.parts) throw new CorruptMail(`more than ${bounds.parts} parts`)
  const { headerEnd, bodyStart } = headerOf(raw, start, end)
  if (headerEnd - start > bounds.headerBytes) throw new CorruptMail(`headers larger than ${bounds.headerBytes} bytes`)
  const fields = fieldsOf(raw.toString('latin1', start, headerEnd))
  const contentType = fields.find(([name]) => name === 'content-type')?.[1] ?? ''
  const type = /^\s*([\w.+-]+\/[\w.+-]+)/.exec(contentType)?.[1]?.toLowerCase() ?? 'text/plain'
  const boundary = type.startsWith('multipart/') ? boundaryOf(contentType) : undefined
  const inside = boundary === undefined ? [] : between(raw, bodyStart, end, boundary)
  if (inside.length === 0) {
    const encoding =
      fields
        .find(([name]) => name === 'content-transfer-encoding')?.[1]
        ?.trim()
        .toLowerCase() ?? '7bit'
    const isBroken = type.startsWith('multipart/')
    leaves.push({
      type: isBroken ? 'text/plain' : type,
      within,
      headerStart: start,
      headerEnd,
      bodyStart,
      bodyEnd: end,
      contentType: isBroken ? '' : contentType,
      encoding,
      isBroken,
    })
    return
  }
  for (const [from, to] of inside) scan(raw, from, to, [...within, type], leaves)
}

function headerOf(raw: Buffer, start: number, end: number): { headerEnd: number; bodyStart: number } {
  // No headers at all: an empty line at once.
  if (raw[start] === 10) return { headerEnd: start, bodyStart: start + 1 }
  if (raw[start] === 13 && raw[start + 1] === 10) return { headerEnd: start, bodyStart: start + 2 }
  for (let line = raw.indexOf(10, start); line !== -1 && line < end; line = raw.indexOf(10, line + 1)) {
    if (raw[line + 1] === 10) return { headerEnd: line + 1, bodyStart: Math.min(line + 2, end) }
    if (raw[line + 1] === 13 && raw[line + 2] === 10) return { headerEnd: line + 1, bodyStart: Math.min(line + 3, end) }
  }
  return { headerEnd: end, bodyStart: end }
}

/** Ranges between the delimiter lines of one multipart. What stands before the first is for readers without MIME. */
function between(raw: Buffer, start: number, end: number, boundary: string): [number, number][] {
  const ranges: [number, number][] = []
  const delimiter = Buffer.from(`--${boundary}`, 'latin1')
  let open: number | undefined
  for (
    let at = raw.indexOf(delimiter, start);
    at !== -1 && at < end;
    at = raw.indexOf(delimiter, at + delimiter.length)
  ) {
    if (at > start && raw[at - 1] !== 10) continue
    const after = at + delimiter.length
    const closes = raw[after] === 45 && raw[after + 1] === 45
    // A longer boundary that begins with this one is another boundary.
    if (!closes && raw[after] !== 10 && raw[after] !== 13 && raw[after] !== 32 && raw[after] !== 9 && after < end)
      continue
    if (open !== undefined) ranges.push([open, Math.max(open, raw[at - 2] === 13 ? at - 2 : at - 1)])
    if (ranges.length > bounds.parts) throw new CorruptMail(`more than ${bounds.parts} parts`)
    if (closes) return ranges
    const line = raw.indexOf(10, after)
    open = line === -1 || line >= end ? end : line + 1
  }
  if (open !== undefined) ranges.push([open, end])
  return ranges
}

function boundaryOf(contentType: string): string | undefined {
  const [, quoted, bare] = /;\s*boundary\s*=\s*(?:"([^"]{1,300})"|([^\s;"]{1,300}))/i.exec(contentType) ?? []
  const boundary = (quoted ?? bare)?.trimEnd()
  return boundary === undefined || boundary === '' || boundary.length > bounds.boundary ? undefined : boundary
}

/** Header fields in order: lower-case name, unfolded value. Lines that are no field are left out. */
export function fieldsOf(block: string): [name: string, value: string][] {
  const fields: [string, string[]][] = []
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith(' ') || line.startsWith('\t')) {
      fields.at(-1)?.[1].push(line.slice(1))
      continue
    }
    const colon = line.indexOf(':')
    if (colon > 0) fields.push([line.slice(0, colon).trim().toLowerCase(), [line.slice(colon + 1).trimStart()]])
  }
  return fields.map(([name, lines]) => [name, lines.join(' ')])
}
