/** The end of a dialog: the way out, and what it is for. Inside a form, which is sent by it. */

import { useWords } from '../words.ts'
import { Button } from './button.tsx'

export function DialogFoot({
  yes,
  no,
  busy = false,
  disabled = false,
  onNo,
}: {
  yes: string
  /** As it is called where it is not «cancel». */
  no?: string
  busy?: boolean
  disabled?: boolean
  onNo(): void
}) {
  const words = useWords()
  return (
    <footer className="dialog-foot">
      <Button look="quiet" onClick={onNo}>
        {no ?? words.app.cancel}
      </Button>
      <Button look="primary" type="submit" busy={busy} disabled={disabled}>
        {yes}
      </Button>
    </footer>
  )
}
