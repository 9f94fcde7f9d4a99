/** How a reply will look on its channel, before it is sent: the same `fit` that will cut it. */

import { fit } from '../core/fit.ts'
import type { SignedLinks } from '../core/files.ts'
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
    segments: null, encoding: null,
    problems: can.initiate === 'never' ? ['initiate-never'] : [],
  }
}
