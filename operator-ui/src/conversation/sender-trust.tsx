/** What is to be known of a mail's sender, and why; explained to the pointer, to the keyboard and to a finger. */

import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { Icon } from '../ui/icon.tsx'
import { withoutControls } from '../ui/linkify.ts'
import { place } from '../ui/menu.tsx'
import { useWords } from '../words.ts'
import type { SenderNote } from './distrust.ts'

export function SenderTrust({ kind, detail }: SenderNote) {
  const words = useWords()
  const id = useId()
  const [open, setOpen] = useState(false)
  const around = useRef<HTMLSpanElement>(null)
  const tip = useRef<HTMLSpanElement>(null)
  const { label, explanation } = words.thread.distrust[kind]

  useEffect(() => {
    const [shown, button] = [tip.current, around.current]
    if (!open || !shown || !button) return
    shown.showPopover()
    place(shown, button.getBoundingClientRect(), 'start')
    const hide = (event: Event) => {
      if (event.type !== 'pointerdown' || !button.contains(event.target as Node)) setOpen(false)
    }
    window.addEventListener('pointerdown', hide)
    window.addEventListener('resize', hide)
    window.addEventListener('scroll', hide, true)
    return () => {
      shown.hidePopover()
      window.removeEventListener('pointerdown', hide)
      window.removeEventListener('resize', hide)
      window.removeEventListener('scroll', hide, true)
    }
  }, [open])

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return
    // It closes the explanation, not the conversation.
    event.stopPropagation()
    setOpen(false)
  }
  return (
    <span ref={around} onPointerEnter={() => setOpen(true)} onPointerLeave={() => setOpen(false)}>
      <button
        type="button"
        className={kind === 'doubtful' ? 'tag bad' : 'tag'}
        aria-describedby={id}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onClick={() => setOpen(true)}
        onKeyDown={onKeyDown}
      >
        <Icon name={kind === 'doubtful' ? 'alert' : 'question'} size={12} />
        {label}
      </button>
      <span ref={tip} id={id} role="tooltip" popover="manual" className="tip">
        {explanation}
        {detail !== '' && <small>{withoutControls(detail)}</small>}
      </span>
    </span>
  )
}
