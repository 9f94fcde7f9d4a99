/** Below the field: what can be put in, and how it is sent. */

import type { RefObject } from 'react'
import { Button, IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Menu, type MenuItem } from '../ui/menu.tsx'
import { useWords } from '../words.ts'
import type { Inserts } from './use-inserts.ts'

interface Toggle {
  on: boolean
  flip(): void
}

export function ComposerFoot({
  inserts,
  reply,
  canSend,
  onSend,
}: {
  inserts: Inserts
  /** Nothing of this belongs to a note. */
  reply:
    | {
        picker: RefObject<HTMLInputElement | null>
        takesFiles: boolean
        onFiles(files: File[]): void
        choices: Toggle
        preview: Toggle
        /** Sending and more at one go. */
        more: MenuItem[]
      }
    | undefined
  canSend: boolean
  onSend(): void
}) {
  const words = useWords()
  return (
    <div className="composer-foot">
      {reply && (
        <>
          <input
            ref={reply.picker}
            type="file"
            multiple
            hidden
            aria-hidden="true"
            tabIndex={-1}
            onChange={(event) => {
              reply.onFiles([...(event.target.files ?? [])])
              event.target.value = ''
            }}
          />
          <IconButton
            icon="attach"
            label={words.composer.attach}
            disabled={!reply.takesFiles}
            onClick={() => reply.picker.current?.click()}
          />
        </>
      )}
      <IconButton icon="bolt" label={words.composer.quick} onClick={() => inserts.open('/')} />
      <IconButton icon="link" label={words.composer.links} onClick={() => inserts.open('#')} />
      {!reply && <IconButton icon="at" label={words.composer.mention} onClick={() => inserts.open('@')} />}
      {reply && (
        <>
          <IconButton
            icon="buttons"
            label={words.composer.choices}
            pressed={reply.choices.on}
            onClick={reply.choices.flip}
          />
          <IconButton
            icon="eye"
            label={words.composer.preview}
            pressed={reply.preview.on}
            onClick={reply.preview.flip}
          />
        </>
      )}
      <span className="composer-space" />
      <span className="send-group">
        <Button
          look="primary"
          icon={reply ? 'send' : 'note'}
          aria-disabled={!canSend}
          aria-keyshortcuts="Control+Enter"
          onClick={onSend}
        >
          {reply ? words.composer.send : words.composer.sendNote}
        </Button>
        {reply && (
          <Menu
            label={words.composer.sendMore}
            look="button primary send-more"
            trigger={<Icon name="down" size={16} />}
            items={reply.more}
          />
        )}
      </span>
    </div>
  )
}
