/** Files to and from Meta: uploaded before a message, downloaded when the gateway asks. */

import { SendError, type Host } from '../../../core/channel.ts'
import type { Attachment } from '../../../core/model.ts'
import { type Download, opened, tooBig } from '../../download.ts'
import { uploadTypes } from '../capabilities.ts'
import type { CloudConfig } from '../config.ts'
import { fields, number, word } from '../../fields.ts'
import type { Graph } from './graph.ts'
import type { CloudPayload } from './payload.ts'
import type { CloudRequest, MediaSlot } from './render.ts'

/** Larger than anything that WhatsApp lets a citizen send to a business. */
const largest = 100 * 1024 * 1024

/** Meta's own: the address in its answer is believed no further. */
const mediaHosts = [/^lookaside\.fbsbx\.com$/, /\.fbcdn\.net$/, /\.whatsapp\.net$/, /(^|\.)facebook\.com$/]

export async function withUploaded(
  request: CloudRequest,
  config: CloudConfig,
  graph: Graph,
  host: Host<CloudPayload>,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  if (!request.upload) return request.body
  const { attachment, slot, inHeader } = request.upload
  const media = await place(attachment, slot, config, graph, host, signal)
  if (!inHeader) return { ...request.body, [slot]: { ...fields(request.body[slot]), ...media } }
  const interactive = fields(request.body.interactive)
  return {
    ...request.body,
    interactive: { ...interactive, header: withMedia(fields(interactive?.header), slot, media) },
  }
}

const withMedia = (header: Record<string, unknown> | undefined, slot: MediaSlot, media: object): object => ({
  ...header,
  [slot]: { ...fields(header?.[slot]), ...media },
})

/** By upload where Meta takes the type, else by a link that Meta fetches. */
async function place(
  attachment: Attachment,
  slot: MediaSlot,
  config: CloudConfig,
  graph: Graph,
  host: Host<CloudPayload>,
  signal: AbortSignal,
): Promise<{ id: string } | { link: string }> {
  if (!isKept(attachment.mimeType, slot)) return { link: host.urlOf(attachment) }
  const { bytes, mimeType } = await host.open(attachment.source)
  const type = isKept(mimeType, slot) ? mimeType : attachment.mimeType
  const form = new FormData()
  form.set('messaging_product', 'whatsapp')
  form.set('type', type)
  form.set('file', new Blob([new Uint8Array(bytes)], { type }), attachment.name ?? 'file')
  try {
    const id = word(fields(await graph.call('POST', `${config.phoneNumberId}/media`, { form, signal }))?.id)
    if (!id) throw new SendError('unreachable', { pt: 'a Meta não devolveu o id do ficheiro', en: 'Meta did not give the id of the file' })
    return { id }
  } catch (error) {
    // Nothing has been said yet: an upload can always be done again.
    if (error instanceof SendError && error.reason === 'ambiguous') throw new SendError('unreachable', error.detail)
    throw error
  }
}

/** WebP is kept as a sticker, and small ones only. */
const isKept = (mimeType: string, slot: MediaSlot): boolean =>
  uploadTypes.has(bare(mimeType)) && (bare(mimeType) !== 'image/webp' || slot === 'sticker')

const bare = (mimeType: string): string => (mimeType.split(';')[0] ?? '').trim().toLowerCase()

export async function download(source: string, config: CloudConfig, graph: Graph, signal: AbortSignal): Promise<Download> {
  const id = /^media:([\w-]{1,200})$/.exec(source)?.[1]
  if (!id) throw new Error('not a WhatsApp media reference')
  const about = fields(await graph.call('GET', `${id}?phone_number_id=${config.phoneNumberId}`, { signal }))
  const url = new URL(word(about?.url) ?? 'about:blank')
  if (!isMetas(url, config)) throw new Error(`Meta named a media host that is not its own: ${url.host}`)
  const declared = number(about?.file_size) ?? 0
  if (declared > largest) throw tooBig(largest)

  const { body, mimeType = '' } = opened(await graph.download(url, signal), largest)
  return { body, mimeType: word(about?.mime_type) ?? mimeType, ...(declared > 0 && { bytes: declared }) }
}

function isMetas(url: URL, config: CloudConfig): boolean {
  if (url.origin === new URL(config.graphBaseUrl).origin) return true
  return url.protocol === 'https:' && url.port === '' && mediaHosts.some((host) => host.test(url.hostname))
}
