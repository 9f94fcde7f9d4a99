/** The files that will go with the reply. */

import { bytes } from '../time.ts'
import { Icon } from '../ui/icon.tsx'
import { withoutControls } from '../ui/linkify.ts'
import { useWords } from '../words.ts'
import type { Attachments } from './use-attachments.ts'

export function AttachmentChips({ files }: { files: Attachments }) {
  const words = useWords()
  if (files.chips.length === 0) return null
  return (
    <ul className="chips">
      {files.chips.map((chip) => (
        <li key={chip.key} className="chip" data-problem={chip.problem !== undefined}>
          <Icon name={chip.problem ? 'alert' : 'file'} size={16} />
          <bdi>{withoutControls(chip.name)}</bdi>
          <small role={chip.problem ? 'alert' : undefined}>
            {chip.problem ?? (chip.file ? bytes(chip.size) : words.composer.uploading)}
          </small>
          <button
            type="button"
            aria-label={words.composer.removeAttachment(withoutControls(chip.name))}
            onClick={() => files.remove(chip.key)}
          >
            <Icon name="close" size={14} />
          </button>
        </li>
      ))}
    </ul>
  )
}
