/** POST /messages, GET /messages, POST /typing, POST /marks. */

import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import type { Host, WebhookRequest } from '../../core/channel.ts'
import type { Address } from '../../core/model.ts'
import { answer, refuse, tooMany } from './answer.ts'
import { maxFiles, maxText, type WebchatConfig } from './config.ts'
import type { Pace } from './pace.ts'
import type { WebchatPayload } from './payload.ts'
import { plainCursor, present } from './present.ts'
import type { Uploads } from './uploads.ts'

/** Text that a person could have written; a page that sends more is told so, nothing is cut. */
const line = (max: number) => z.string().trim().min(1).max(max)

const messageShape = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i, 'expected a UUID'),
  text: z.string().max(maxText),
  chosen: z.string().min(1).max(64).optional(),
  files: z.array(z.string().max(2_000)).min(1).max(maxFiles).optional(),
  email: z.email().max(254).optional(),
  name: line(120).optional(),
  language: z.enum(['pt', 'en', 'es', 'fr']).optional(),
  notice: line(40).optional(),
}).refine(({ text, files, email }) => text.trim() !== '' || files || email, { path: ['text'], error: 'an empty message' })
const cursor = z.string().regex(/^\d{1,18}$/, 'expected a cursor of this channel')
const marksShape = z.strictObject({ upTo: cursor, state: z.enum(['delivered', 'read']) })

export interface Visit { address: Address; network: string; request: WebhookRequest; response: ServerResponse }
export interface Conversing {
  config: WebchatConfig
  host: Host<WebchatPayload>
  pace: Pace
  uploads: Uploads
  /** Visitors who are in the database for sure: asked once each. */
  known: Set<Address>
}

const maxKnown = 50_000

export async function takeMessage({ address, network, request, response }: Visit, { config, host, pace, uploads, known }: Conversing): Promise<void> {
  const message = read(request.body, messageShape, response)
  if (!message) return
  const wait = pace.take(`message ${address}`, config.limits.perVisitor) || pace.take(`messages ${network}`, config.limits.perAddress)
  if (wait > 0) return tooMany(response, wait)
  // A known visitor is not held up by a crowd of strangers behind the same address.
  const isKnown = known.has(address) || (await host.reader.history(address, undefined, 1)).conversation !== null
  const crowded = isKnown ? 0 : pace.take(`new ${network}`, config.limits.newVisitorsPerAddress)
  if (crowded > 0) return tooMany(response, crowded)

  const { files: refs = [], ...words } = message
  const files = await uploads.redeem(address, refs)
  if (!files) return refuse(response, { error: 'bad-request', field: 'files', message: 'not the ref of a file of this visitor' })
  await host.receive({ type: 'message', address, message: words as Extract<WebchatPayload, { type: 'message' }>['message'], files })
  if (known.size >= maxKnown) known.clear()
  known.add(address)
  answer(response, { id: message.id.toLowerCase() })
}

/** Answers at most this many entries at a time. */
export const pageSize = 200

export async function giveMessages({ address, request, response }: Visit, { host }: Conversing): Promise<void> {
  const after = readAfter(request, response)
  if (after === null) return
  answer(response, present(await host.reader.history(address, after, pageSize), pageSize))
}

export async function takeTyping({ address, response }: Visit, { host, pace }: Conversing): Promise<void> {
  // Said too often, it is dropped: nobody is hurt.
  if (pace.take(`typing ${address}`, 40) === 0) await host.receive({ type: 'typing', address })
  answer(response, {})
}

export async function takeMarks({ address, request, response }: Visit, { host, pace }: Conversing): Promise<void> {
  const marks = read(request.body, marksShape, response)
  if (!marks) return
  const wait = pace.take(`marks ${address}`, 240)
  if (wait > 0) return tooMany(response, wait)
  await host.reader.shown(address, plainCursor(marks.upTo), marks.state)
  answer(response, {})
}

/** null: refused already. */
export function readAfter({ query }: WebhookRequest, response: ServerResponse): string | undefined | null {
  const after = query.get('after') ?? undefined
  if (after === undefined) return undefined
  if (cursor.safeParse(after).success) return plainCursor(after)
  refuse(response, { error: 'bad-request', field: 'after', message: 'expected a cursor of this channel' })
  return null
}

function read<T>(body: Buffer, shape: z.ZodType<T>, response: ServerResponse): T | undefined {
  let given: unknown
  try {
    given = JSON.parse(body.toString())
  } catch {
    refuse(response, { error: 'bad-request', message: 'expected JSON' })
    return undefined
  }
  const read = shape.safeParse(given)
  if (read.success) return read.data
  const { path, message } = read.error.issues[0]!
  refuse(response, { error: 'bad-request', ...(path.length > 0 && { field: path.join('.') }), message })
  return undefined
}
