/** Bytes on disk, named by their own hash. Whole or not there: written aside, flushed, then renamed. */

import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileTypeFromBuffer } from 'file-type'

export type FileSource = `file:${string}`

export class FileRefused extends Error {
  override name = 'FileRefused'
}

export interface KeptFile { source: FileSource; bytes: number; mimeType: string }

export interface Files {
  /** Throws FileRefused when it is longer than `maxBytes`. The type is what the bytes say, not what the sender says. */
  keep(bytes: Buffer | Readable, hint: { name?: string; mimeType?: string; maxBytes: number }): Promise<KeptFile>
  open(source: string): Promise<{ bytes: Buffer; mimeType: string }>
  stream(source: string): Readable
  has(source: string): Promise<boolean>
  remove(source: string): Promise<void>
}

export function openFiles(folder: string): Files {
  const pathOf = (source: string): string => {
    const hash = /^file:([0-9a-f]{64})$/.exec(source)?.[1]
    if (!hash) throw new FileRefused('not the name of a stored file')
    return path.join(folder, hash.slice(0, 2), hash)
  }

  async function keep(bytes: Buffer | Readable, { name, maxBytes }: { name?: string; mimeType?: string; maxBytes: number }): Promise<KeptFile> {
    const aside = path.join(folder, 'tmp', randomUUID())
    await mkdir(path.dirname(aside), { recursive: true })
    const hash = createHash('sha256')
    let length = 0
    let head = Buffer.alloc(0)
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        length += chunk.length
        if (length > maxBytes) return done(new FileRefused(`longer than ${maxBytes} bytes`))
        hash.update(chunk)
        if (head.length < 4_100) head = Buffer.concat([head, chunk.subarray(0, 4_100)])
        done(null, chunk)
      },
    })
    try {
      await pipeline(Buffer.isBuffer(bytes) ? Readable.from([bytes]) : bytes, meter, createWriteStream(aside, { mode: 0o600, flush: true }))
      const source: FileSource = `file:${hash.digest('hex')}`
      const place = pathOf(source)
      await mkdir(path.dirname(place), { recursive: true })
      await rename(aside, place)
      await flushFolder(path.dirname(place))
      return { source, bytes: length, mimeType: await sniff(head, name) }
    } catch (error) {
      await rm(aside, { force: true })
      throw error
    }
  }

  return {
    keep,
    async open(source) {
      const bytes = await readFile(pathOf(source))
      return { bytes, mimeType: await sniff(bytes.subarray(0, 4_100), undefined) }
    },
    stream: (source) => createReadStream(pathOf(source)),
    has: async (source) => stat(pathOf(source)).then(() => true, () => false),
    remove: (source) => rm(pathOf(source), { force: true }),
  }
}

/** A rename is durable only once its folder is. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}

const plainText = new Map([['txt', 'text/plain'], ['csv', 'text/csv'], ['ics', 'text/calendar'], ['vcf', 'text/vcard']])

/** By magic bytes; where there are none, text that says so by its name; all else is bytes. Never HTML, SVG or script. */
async function sniff(head: Buffer, name: string | undefined): Promise<string> {
  const type = await fileTypeFromBuffer(head).catch(() => undefined)
  if (type && !/xml|html|svg/.test(type.mime)) return type.mime
  const extension = name?.split('.').at(-1)?.toLowerCase() ?? ''
  const text = plainText.get(extension)
  return text && !head.includes(0) ? text : 'application/octet-stream'
}

/** A file's name as people may see it and headers may carry it; never used as a path. */
export function safeName(name: string | undefined): string {
  // Control, zero-width and direction marks hide the true ending of a name.
  const clean = (name ?? '').normalize('NFC').replace(/[\p{Cc}\p{Cf}\u2028\u2029/\\]/gu, '').trim().slice(-120)
  return clean === '' || /^\.+$/.test(clean) ? 'ficheiro' : clean
}

// ── Signed, dated links ─────────────────────────────────────────────────────────────────────────────────────────────

export interface SignedLinks {
  sign(id: string, name: string, lifetimeSeconds: number): string
  /** The id that the query may open, or undefined when it is forged or late. */
  verify(id: string, query: URLSearchParams): boolean
}

export function signedLinks(key: Buffer, baseUrl: () => string, now: () => Date): SignedLinks {
  const mac = (id: string, until: string) => createHmac('sha256', key).update(`${id} ${until}`).digest('base64url')
  return {
    sign(id, name, lifetimeSeconds) {
      // Rounded, so that a page that is drawn again finds the same link in its cache.
      const until = String(Math.ceil(now().getTime() / 1000 / lifetimeSeconds + 1) * lifetimeSeconds)
      return `${baseUrl()}/files/${id}/${encodeURIComponent(safeName(name))}?until=${until}&sig=${mac(id, until)}`
    },
    verify(id, query) {
      const until = query.get('until') ?? ''
      const given = Buffer.from(query.get('sig') ?? '')
      const expected = Buffer.from(mac(id, until))
      return given.length === expected.length && timingSafeEqual(given, expected) && Number(until) * 1000 > now().getTime()
    },
  }
}
