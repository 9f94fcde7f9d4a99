/** The field itself: it grows with what is written, and takes what is pasted. */

import { type KeyboardEvent, type RefObject, useEffect } from 'react'
import type { Language } from '../../../src/core/model.ts'
import { useWords } from '../words.ts'
import { InsertMenu } from './insert-menu.tsx'
import type { Inserts } from './use-inserts.ts'

export function WritingField({
  field,
  text,
  language,
  inserts,
  onText,
  onKeyDown,
  onFiles,
}: {
  field: RefObject<HTMLTextAreaElement | null>
  text: string
  /** In which the citizen is answered; undefined: a note, in the colleagues' own. */
  language: Language | undefined
  inserts: Inserts
  onText(text: string): void
  onKeyDown(event: KeyboardEvent): void
  /** undefined: files are not taken here. */
  onFiles: ((files: File[]) => void) | undefined
}) {
  const words = useWords()
  // Without a style that the page's security policy would refuse.
  useEffect(() => {
    const element = field.current
    if (!element || CSS.supports('field-sizing', 'content')) return
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight + 2}px`
  }, [field, text, language])
  return (
    <div className="composer-field">
      <textarea
        ref={field}
        rows={2}
        dir="auto"
        aria-label={language ? words.composer.textField : words.composer.note}
        lang={language}
        placeholder={language ? words.composer.placeholder : words.composer.notePlaceholder}
        value={text}
        {...inserts.aria}
        onChange={(event) => {
          onText(event.target.value)
          inserts.onChange(event.target)
        }}
        onKeyDown={onKeyDown}
        onBlur={inserts.close}
        onPaste={(event) => {
          const pasted = [...event.clipboardData.files]
          if (pasted.length > 0 && onFiles) {
            event.preventDefault()
            onFiles(pasted)
          }
        }}
      />
      <InsertMenu inserts={inserts} />
    </div>
  )
}
