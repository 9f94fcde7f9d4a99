/** How a reply will look on its channel, before it is sent: the same `fit` that will cut it. */

import { fit } from '../core/fit.ts'
import type { SignedLinks } from '../core/files.ts'
import { smsSize } from '../core/sms-segments.ts'
import type { OpenChannel } from '../core/town.ts'
import type { Preview, PreviewRequest } from '../operator-api.types.ts'
import { Refused } from './access.ts'

export function previewOn(channel: OpenChannel | undefined, { text, attachments, choices }: PreviewRequest, links: SignedLinks): Preview {
  if (!channel) throw new Refused(400, 'invalid', 'Este canal não está ligado.', { field: 'channelId' })
  const can = channel.capabilities
  const parts = fit(
    { text, ...(attachments?.length && { attachments }), ...(choices?.length && { choices }) }, can,
    (attachment) => links.sign(attachment.source, attachment.name ?? '', 7 * 86_400))
  return {
    parts: parts.map((part) => ({
      text: part.text, choices: (part.choices ?? []).map(({ label }) => label), attachments: (part.attachments ?? []).map(({ name, source }) => name ?? source),
    })),
    ...(can.text.unit === 'sms-segments' ? smsOf(parts.map((part) => part.text)) : { segments: null, encoding: null }),
    problems: can.initiate === 'never' ? ['initiate-never'] : [],
  }
}

/** What the town pays for: ç and ã make a message twice as dear. */
function smsOf(texts: string[]): { segments: number; encoding: string } {
  const sizes = texts.map(smsSize)
  return { segments: sizes.reduce((sum, { segments }) => sum + segments, 0), encoding: sizes.some(({ encoding }) => encoding === 'UCS-2') ? 'UCS-2' : 'GSM-7' }
}
