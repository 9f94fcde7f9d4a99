/** The reply as the citizen will see it: each part, its buttons or numbers, its files. */

import type { ChannelView, OperatorAction } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { useNames } from '../session-data.tsx'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { RichText } from '../ui/rich-text.tsx'
import { useWords } from '../words.ts'
import { usePreview } from './use-preview.ts'

export function PreviewPanel({
  channel,
  reply,
  onClose,
}: {
  channel: ChannelView
  reply: OperatorAction
  onClose(): void
}) {
  const words = useWords()
  const names = useNames()
  const preview = usePreview(channel, reply, true)
  const parts = preview.data?.parts ?? []
  const isEmpty = reply.do !== 'reply' || (!reply.text && !reply.attachments)
  return (
    <section className="preview" aria-label={words.composer.previewTitle(names.kind(channel.kind))}>
      <header>
        <span>{words.composer.previewTitle(names.kind(channel.kind))}</span>
        <IconButton icon="close" label={words.app.close} onClick={onClose} />
      </header>
      <div className="preview-parts" data-kind={channel.kind}>
        {isEmpty || parts.length === 0 ? (
          <p>{preview.error ? plainly(preview.error, words) : words.composer.previewEmpty}</p>
        ) : (
          parts.map((part, index) => (
            <div key={`${index}-${part.text.length}`} className="preview-part">
              {part.attachments.map((name) => (
                <p key={name} className="preview-file">
                  <Icon name="file" size={16} />
                  <bdi>{name}</bdi>
                </p>
              ))}
              <RichText text={part.text} />
              {part.choices.length > 0 && (
                <ul className="choices">
                  {part.choices.map((label) => (
                    <li key={label}>{label}</li>
                  ))}
                </ul>
              )}
            </div>
          ))
        )}
      </div>
    </section>
  )
}
