/** The browser's own modal dialog: it traps focus, closes on Escape and gives focus back to who had it. */

import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useWords } from '../words.ts'
import { IconButton } from './button.tsx'

export function Dialog({
  title,
  wide,
  hideTitle,
  onClose,
  children,
}: {
  title: string
  wide?: boolean
  hideTitle?: boolean
  onClose(): void
  children: ReactNode
}) {
  const words = useWords()
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const dialog = ref.current
    const opener = document.activeElement
    if (dialog && !dialog.open) dialog.showModal()
    // Its first field, not the button that leaves it: Enter would throw away what was begun. On a screen to touch, no keyboard jumps up.
    if (window.matchMedia('(pointer: fine)').matches) dialog?.querySelector<HTMLElement>('input, textarea, select')?.focus()
    return () => {
      dialog?.close()
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    }
  }, [])
  return (
    <dialog
      ref={ref}
      className={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose()
      }}
    >
      <div className="dialog-inside">
        <header className={hideTitle ? 'dialog-head visually-hidden' : 'dialog-head'}>
          <h2 id={id}>{title}</h2>
          {!hideTitle && <IconButton icon="close" label={words.app.close} onClick={onClose} />}
        </header>
        {children}
      </div>
    </dialog>
  )
}
