/** POST /files: kept at once, sent with a later message. What is given back opens nothing and is good for this visitor alone. */

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Host } from '../../core/channel.ts'
import type { Address, Attachment, MediaKind } from '../../core/model.ts'
import { answer, refuse, tooMany } from './answer.ts'
import { maxUploadBytes, type WebchatConfig } from './config.ts'
import type { Visit } from './messages.ts'
import type { Pace } from './pace.ts'
import type { WebchatPayload } from './payload.ts'
import type { StoredFile } from './protocol.ts'

export interface Uploads {
  take(visit: Visit): Promise<void>
  /** undefined when one of them is forged, or another visitor's. */
  redeem(address: Address, refs: string[]): Promise<Attachment[] | undefined>
}

const sealed = z.object({ source: z.string(), mimeType: z.string(), name: z.string(), bytes: z.number() })
const key = z.object({ uploads: z.string().min(40) })

/** So many files, and so many times the largest file, a minute. */
const filesPerMinute = 20
const fullFilesPerMinute = 5

export async function openUploads(config: WebchatConfig, host: Host<WebchatPayload>, pace: Pace): Promise<Uploads> {
  const max = maxUploadBytes(config)
  const types = new Set(config.uploads ? config.uploads.types : [])

  // Made once, before the first file comes: two at the same moment must not be sealed by two keys.
  if (!key.safeParse(await host.cursor.load()).success) await host.cursor.save({ uploads: randomBytes(32).toString('base64url') })
  /** Read each time: it is one for all processes, and another may have made it too. */
  const sealingKey = async () => key.parse(await host.cursor.load()).uploads
  const seal = (secret: string, address: Address, text: string) => createHmac('sha256', secret).update(`${address} ${text}`).digest('base64url')

  return {
    async take({ address, network, request, response }) {
      if (!config.uploads) return refuse(response, { error: 'type', message: 'this chat takes no files' })
      const { body, query } = request
      if (body.length === 0) return refuse(response, { error: 'bad-request', message: 'an empty file' })
      if (body.length > max) return refuse(response, { error: 'too-large', message: `longer than ${max} bytes` })
      const wait = pace.take(`file ${address}`, filesPerMinute) || pace.take(`bytes ${network}`, max * fullFilesPerMinute, body.length)
      if (wait > 0) return tooMany(response, wait)
      const name = plainName(query.get('name') ?? '')
      const { source, mimeType, bytes } = await host.keep(body, { name, maxBytes: max })
      if (!types.has(mimeType)) return refuse(response, { error: 'type', message: `files of the type ${mimeType} are not taken` })
      const text = Buffer.from(JSON.stringify({ source, mimeType, name, bytes })).toString('base64url')
      answer(response, { ref: `${text}.${seal(await sealingKey(), address, text)}`, name, mimeType, bytes } satisfies StoredFile)
    },

    async redeem(address, refs) {
      if (refs.length === 0) return []
      const secret = await sealingKey()
      const files: Attachment[] = []
      for (const ref of refs) {
        const [text = '', mac = ''] = ref.split('.')
        const [given, wanted] = [Buffer.from(mac), Buffer.from(seal(secret, address, text))]
        if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined
        const file = sealed.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
        files.push({ ...file, kind: kindOf(file.mimeType) })
      }
      return files
    },
  }
}

function kindOf(mimeType: string): MediaKind {
  const family = mimeType.split('/')[0]
  return family === 'image' || family === 'audio' || family === 'video' ? family : 'file'
}

/** As the sender calls it, without what hides its true ending. Never a path. */
function plainName(name: string): string {
  const plain = name.normalize('NFC').replace(/[\p{Cc}\p{Cf}\p{Surrogate}\u2028\u2029/\\]/gu, '').trim()
  return plain.length > 120 ? plain.slice(-120) : plain || 'ficheiro'
}
