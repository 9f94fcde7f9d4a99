/** A dialog to find one thing by typing: the palette, and every "which one?" of the page. */

import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react'
import { fold } from '../fold.ts'
import { useWords } from '../words.ts'
import { Dialog } from './dialog.tsx'
import { Icon, type IconName } from './icon.tsx'

export interface Option {
  id: string
  label: string
  /** Also searched: an e-mail, a shortcut. */
  detail?: string
  /** Searched and not shown: whoever gave the option has looked already. */
  also?: string
  group?: string
  icon?: IconName
  mark?: ReactNode
  hint?: string
  checked?: boolean
}

export function Chooser({
  title,
  hint,
  options,
  onChoose,
  onClose,
  create,
  onType,
  keepOpen,
  children,
}: {
  title: string
  hint?: string
  options: Option[]
  onChoose(option: Option): void
  onClose(): void
  /** What was typed is a choice of its own. */
  create?: (typed: string) => Option
  onType?: (typed: string) => void
  /** Several may be chosen one after the other. */
  keepOpen?: boolean
  children?: ReactNode
}) {
  const words = useWords()
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const list = useRef<HTMLUListElement>(null)
  const found = useMemo(() => {
    const wanted = fold(typed).split(' ').filter(Boolean)
    const fitting = options.filter((option) => {
      const text = fold(`${option.label} ${option.detail ?? ''} ${option.also ?? ''} ${option.group ?? ''}`)
      return wanted.every((word) => text.includes(word))
    })
    const exact = fitting.some((option) => fold(option.label) === fold(typed))
    return typed.trim() && create && !exact ? [...fitting, create(typed.trim())] : fitting
  }, [options, typed, create])
  const current = Math.min(at, found.length - 1)

  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [current])

  const choose = (option: Option | undefined) => {
    if (!option) return
    if (!keepOpen) onClose()
    else {
      setTyped('')
      onType?.('')
    }
    onChoose(option)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowDown: current + 1, ArrowUp: current - 1, PageDown: current + 8, PageUp: current - 8 }[event.key]
    if (to !== undefined) setAt(Math.max(0, Math.min(found.length - 1, to)))
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) choose(found[current])
    else return
    event.preventDefault()
  }

  return (
    <Dialog title={title} onClose={onClose} hideTitle>
      <div className="chooser">
        <div className="chooser-field">
          <Icon name="search" />
          {/* The dialog was opened to type here. */}
          <input
            autoFocus
            type="text"
            role="combobox"
            aria-expanded="true"
            aria-controls={id}
            aria-autocomplete="list"
            autoComplete="off"
            aria-activedescendant={found[current] ? `${id}-${current}` : undefined}
            aria-label={title}
            placeholder={hint ?? title}
            value={typed}
            spellCheck={false}
            onKeyDown={onKeyDown}
            onChange={(event) => {
              setTyped(event.target.value)
              setAt(0)
              onType?.(event.target.value)
            }}
          />
          <button type="button" className="chooser-close" onClick={onClose}>
            {words.app.close}
          </button>
        </div>
        <ul ref={list} id={id} role="listbox" aria-label={title} className="chooser-list">
          {found.map((option, index) => (
            <li
              key={option.id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === current}
              className="chooser-option"
              onPointerMove={() => setAt(index)}
              onClick={() => choose(option)}
            >
              {option.checked !== undefined && (
                <span className="menu-tick">{option.checked && <Icon name="check" size={16} />}</span>
              )}
              {option.mark ?? (option.icon && <Icon name={option.icon} size={18} />)}
              <span className="chooser-label">
                <bdi>{option.label}</bdi>
                {option.detail && <small>{option.detail}</small>}
              </span>
              {option.group && <span className="chooser-group">{option.group}</span>}
              {option.hint && <kbd>{option.hint}</kbd>}
            </li>
          ))}
        </ul>
        <p className="chooser-none" role="status">
          {found.length === 0 ? words.action.noMatch : ''}
        </p>
        {children}
      </div>
    </Dialog>
  )
}
