/**
 * A file that the citizen lets into their OneDrive: asked by a card, sent when they agree, and a link in every other
 * case. https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4
 */

import type { Host } from '../../core/channel.ts'
import type { Attachment, DeliveryKey } from '../../core/model.ts'
import { type Fields, fields, label, short } from '../fields.ts'
import { linkCard } from './cards.ts'
import { askedIn, type Asked } from './consent-card.ts'
import type { TeamsConfig } from './config.ts'
import { failureOf } from './failures.ts'
import { holdsFiles } from './microsoft-hosts.ts'
import type { TeamsPayload } from './normalise.ts'
import { type Reference, senderOf } from './sender.ts'
import { upload } from './upload.ts'
import { id } from './values.ts'
import { wordsFor } from './words.ts'

/** Teams waits for the answer to a press, and what we have not done by then goes as a link. */
const uploadMs = 8_000
export const mostConsentBytes = 25 * 1024 * 1024
/** Each holds a file in memory. */
const mostAtOnce = 8
const mostRemembered = 1_000

export interface Consents {
  /** Resolves when the citizen has the file, or a link to it. Throws Refused for what we did not offer. */
  take(activity: TeamsPayload): Promise<void>
  /** What is being sent goes as a link instead. */
  close(): Promise<void>
}

export function openConsents(
  config: TeamsConfig, host: Host<TeamsPayload>, post: (reference: Reference, activity: Fields) => Promise<unknown>,
): Consents {
  const closing = new AbortController()
  const taken = new Map<DeliveryKey, Promise<void>>()
  let uploading = 0

  async function deliver(activity: Fields, asked: Asked): Promise<void> {
    const { reference } = senderOf(activity)!.route as unknown as { reference: Reference }
    const words = wordsFor(reference)
    const said = (text: string | undefined, attachment: Fields) =>
      post(reference, { type: 'message', ...(text && { text, textFormat: 'plain' }), attachments: [attachment] })
    const link = (text?: string) => {
      const attachment: Attachment = { kind: 'file', source: asked.file, name: asked.name, mimeType: 'application/octet-stream', bytes: asked.bytes }
      return said(text, linkCard(asked.name, host.urlOf(attachment), words))
    }
    if (fields(activity.value)?.action !== 'accept') return void (await link())
    const card = await kept(asked, fields(fields(activity.value)?.uploadInfo) ?? {})
    await (card ? said(undefined, card) : link(words.notKept))
  }

  /** The card of a file that is now in the OneDrive. */
  async function kept({ file }: Asked, { uploadUrl, contentUrl, name, uniqueId, fileType }: Fields): Promise<Fields | undefined> {
    const urls = [uploadUrl, contentUrl]
    if (uploading >= mostAtOnce || !urls.every((url) => typeof url === 'string' && holdsFiles(url, config.serviceUrls))) return undefined
    uploading += 1
    try {
      const { bytes } = await host.open(file)
      await upload(uploadUrl as string, bytes, config.serviceUrls, AbortSignal.any([closing.signal, AbortSignal.timeout(uploadMs)]))
      const content = { uniqueId: id(uniqueId), fileType: id(fileType) }
      return { contentType: 'application/vnd.microsoft.teams.card.file.info', contentUrl, name: short(label(name) ?? '', 200), content }
    } catch (error) {
      host.log.warn({ reason: failureOf(error).message }, 'teams: a file could not be put into the OneDrive; it went as a link')
      return undefined
    } finally {
      uploading -= 1
    }
  }

  return {
    async take(activity) {
      const asked = askedIn(activity, config.appPassword)
      const known = taken.get(asked.key)
      if (known) return known
      const work = host.receive(activity).then(() => deliver(activity, asked))
      taken.set(asked.key, work)
      if (taken.size > mostRemembered) taken.delete(taken.keys().next().value!)
      // Not done: whoever presses again is served.
      work.catch(() => taken.delete(asked.key))
      return work
    },
    async close() {
      closing.abort()
      await Promise.allSettled(taken.values())
    },
  }
}
