/** The browser's profile as one encrypted file: who has it has the account. AES-256-GCM under a key drawn from config. */

import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Secret } from '../../../core/secret.ts'

const magic = Buffer.from('BALCAO-WA1')
const saltBytes = 16
const ivBytes = 12
const tagBytes = 16
const headBytes = magic.length + saltBytes + ivBytes

/** What Chromium can fetch or make again. */
const caches = new Set([
  'Cache',
  'Code Cache',
  'GPUCache',
  'DawnCache',
  'DawnGraphiteCache',
  'DawnWebGPUCache',
  'GrShaderCache',
  'ShaderCache',
  'GraphiteDawnCache',
  'component_crx_cache',
  'extensions_crx_cache',
  'Crashpad',
  'BrowserMetrics',
  'Safe Browsing',
])

const keyOf = (secret: Secret, salt: Buffer): Buffer => scryptSync(secret.reveal(), salt, 32)

/** The folder goes once the file is safely there. */
export async function seal(folder: string, file: string, secret: Secret): Promise<void> {
  const salt = randomBytes(saltBytes)
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret, salt), iv)
  const part = `${file}.part`
  const target = createWriteStream(part, { mode: 0o600 })
  target.write(Buffer.concat([magic, salt, iv]))
  await pipeline(Readable.from(packed(folder)), cipher, target, { end: false })
  await new Promise<void>((resolve, reject) => {
    target.on('error', reject)
    target.end(cipher.getAuthTag(), resolve)
  })
  const written = await open(part, 'r')
  await written.sync().finally(() => written.close())
  await rename(part, file)
  await rm(folder, { recursive: true, force: true })
}

/** Nothing is put in place before the whole file has proved genuine. */
export async function unseal(file: string, folder: string, secret: Secret): Promise<void> {
  const { size } = await stat(file)
  if (size < headBytes + tagBytes) throw new Error('the sealed session is cut short')
  const handle = await open(file, 'r')
  const head = Buffer.alloc(headBytes)
  const tag = Buffer.alloc(tagBytes)
  try {
    await handle.read(head, 0, headBytes, 0)
    await handle.read(tag, 0, tagBytes, size - tagBytes)
  } finally {
    await handle.close()
  }
  if (!head.subarray(0, magic.length).equals(magic)) throw new Error('not a sealed session')
  const salt = head.subarray(magic.length, magic.length + saltBytes)
  const decipher = createDecipheriv('aes-256-gcm', keyOf(secret, salt), head.subarray(magic.length + saltBytes))
  decipher.setAuthTag(tag)
  const part = `${folder}.part`
  await rm(part, { recursive: true, force: true })
  await mkdir(part, { recursive: true, mode: 0o700 })
  const end = size - tagBytes - 1
  const source = end >= headBytes ? createReadStream(file, { start: headBytes, end }) : Readable.from([])
  await pipeline(source, decipher, (bytes) => unpack(bytes as AsyncIterable<Buffer>, part)).catch(
    async (error: unknown) => {
      await rm(part, { recursive: true, force: true })
      throw error
    },
  )
  await rename(part, folder)
}

/** Each file: length of its path, length of its bytes, path, bytes. */
async function* packed(folder: string): AsyncGenerator<Buffer> {
  for await (const path of filesBelow(folder)) {
    const handle = await open(path, 'r')
    try {
      const { size } = await handle.stat()
      const name = Buffer.from(relative(folder, path).split(sep).join('/'))
      const head = Buffer.alloc(12)
      head.writeUInt32BE(name.length, 0)
      head.writeBigUInt64BE(BigInt(size), 4)
      yield Buffer.concat([head, name])
      if (size > 0) yield* handle.createReadStream({ autoClose: false, end: size - 1 }) as AsyncIterable<Buffer>
    } finally {
      await handle.close()
    }
  }
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !caches.has(entry.name)) yield* filesBelow(path)
    // Locks of a running browser are links and sockets: left out.
    else if (entry.isFile()) yield path
  }
}

async function unpack(bytes: AsyncIterable<Buffer>, folder: string): Promise<void> {
  const source = bytes[Symbol.asyncIterator]()
  let rest = Buffer.alloc(0)
  const more = async (): Promise<boolean> => {
    const { value, done } = await source.next()
    if (!done) rest = rest.length > 0 ? Buffer.concat([rest, value]) : Buffer.from(value)
    return !done
  }
  const take = async (count: number): Promise<Buffer> => {
    while (rest.length < count) if (!(await more())) throw new Error('the sealed session ends in the middle')
    const taken = rest.subarray(0, count)
    rest = rest.subarray(count)
    return taken
  }
  while (rest.length > 0 || (await more())) {
    const head = await take(12)
    const name = (await take(head.readUInt32BE(0))).toString()
    let left = Number(head.readBigUInt64BE(4))
    const path = join(folder, ...name.split('/'))
    if (relative(folder, path).startsWith('..')) throw new Error('the sealed session leads outside its folder')
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const file = await open(path, 'w', 0o600)
    try {
      while (left > 0) {
        if (rest.length === 0 && !(await more())) throw new Error('the sealed session ends in the middle')
        const piece = await take(Math.min(left, rest.length))
        await file.writeFile(piece)
        left -= piece.length
      }
    } finally {
      await file.close()
    }
  }
}
