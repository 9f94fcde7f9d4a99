/** Pictures, sound, film and files of a message; what is not safe to show can only be downloaded. */

import { useState } from 'react'
import type { AttachmentView } from '../../../src/operator-api.types.ts'
import { bytes } from '../time.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { withoutControls } from '../ui/linkify.ts'
import { useWords } from '../words.ts'

export function Attachments({ attachments, sender }: { attachments: AttachmentView[]; sender: string }) {
  if (attachments.length === 0) return null
  return (
    <div className="attachments">
      {attachments.map((one) => (
        <AttachmentItem key={one.id} attachment={one} sender={sender} />
      ))}
    </div>
  )
}

function AttachmentItem({ attachment, sender }: { attachment: AttachmentView; sender: string }) {
  const words = useWords()
  const [open, setOpen] = useState(false)
  const [broken, setBroken] = useState(false)
  const { kind, previewUrl, url, state } = attachment
  const name =
    withoutControls(attachment.name ?? '') ||
    (attachment.role === 'voice'
      ? words.thread.voice
      : attachment.role === 'sticker'
        ? words.thread.sticker
        : attachment.mimeType)
  if (state === 'stored' && previewUrl && !broken) {
    if (kind === 'image') {
      const alt = attachment.name ? name : words.thread.imageOf(sender)
      return (
        <>
          <button
            type="button"
            className="picture"
            data-role={attachment.role ?? undefined}
            aria-label={`${words.thread.openImage}: ${alt}`}
            onClick={() => setOpen(true)}
          >
            <img src={previewUrl} alt="" loading="lazy" decoding="async" onError={() => setBroken(true)} />
          </button>
          {open && (
            <Dialog title={alt} wide onClose={() => setOpen(false)}>
              <img className="picture-large" src={previewUrl} alt={alt} />
              {url && (
                <a className="button plain" href={url} download={attachment.name ?? true}>
                  <Icon name="download" size={18} />
                  {words.thread.download}
                </a>
              )}
            </Dialog>
          )}
        </>
      )
    }
    if (kind === 'audio') {
      return (
        <figure className="sound">
          <figcaption>{name}</figcaption>
          {/* A voice note has no captions of its own; its text, where there is one, stands in the message. */}
          <audio controls preload="none" src={previewUrl} aria-label={name} onError={() => setBroken(true)} />
        </figure>
      )
    }
    if (kind === 'video')
      return (
        <video
          className="film"
          controls
          preload="metadata"
          src={previewUrl}
          aria-label={name}
          onError={() => setBroken(true)}
        />
      )
  }
  const isExpired = attachment.detail === 'expired'
  const detail =
    state === 'stored'
      ? bytes(attachment.bytes)
      : [
          state === 'pending'
            ? words.thread.attachmentPending
            : state === 'refused'
              ? isExpired ? words.thread.attachmentExpired : words.thread.attachmentRefused
              : words.thread.attachmentFailed,
          isExpired ? null : attachment.detail,
        ]
          .filter(Boolean)
          .join(': ')
  const inside = (
    <>
      <Icon name={state === 'stored' || state === 'pending' ? 'file' : 'alert'} />
      <span>
        <bdi>{name}</bdi>
        <small>{detail}</small>
      </span>
      {url && <Icon name="download" size={18} />}
    </>
  )
  return url ? (
    <a className="file" href={url} download={attachment.name ?? true}>
      <span className="visually-hidden">{words.thread.download}: </span>
      {inside}
    </a>
  ) : (
    <div className="file" data-state={state}>
      {inside}
    </div>
  )
}
