/** A button with a menu, in the top layer so that nothing cuts it off. Arrow keys move, Escape gives focus back. */

import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { Icon, type IconName } from './icon.tsx'

export interface MenuItem {
  id: string
  label: string
  icon?: IconName
  hint?: string
  danger?: boolean
  /** A choice among others. */
  checked?: boolean
  run(): void
}

export function Menu({
  label,
  items,
  trigger,
  look = 'icon-button',
  align = 'end',
}: {
  label: string
  items: (MenuItem | 'line')[]
  trigger: ReactNode
  look?: string
  align?: 'start' | 'end'
}) {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const id = useId()

  useEffect(() => {
    const menu = list.current
    const opener = button.current
    if (!open || !menu || !opener) return
    menu.showPopover()
    place(menu, opener.getBoundingClientRect(), align)
    entries(menu)[0]?.focus()
    const close = (event: Event) => {
      if (event.target instanceof Node && (menu.contains(event.target) || opener.contains(event.target))) return
      setOpen(false)
    }
    window.addEventListener('pointerdown', close)
    window.addEventListener('resize', close)
    return () => {
      window.removeEventListener('pointerdown', close)
      window.removeEventListener('resize', close)
    }
  }, [open, align])

  const shut = () => {
    setOpen(false)
    button.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const all = entries(list.current)
    const at = all.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (to !== undefined) all[(to + all.length) % all.length]?.focus()
    else if (event.key === 'Escape') shut()
    else if (event.key === 'Tab') {
      setOpen(false)
      return
    } else {
      const letter = event.key.toLowerCase()
      if (letter.length === 1 && letter !== ' ')
        all.find((entry) => entry.textContent?.trim().toLowerCase().startsWith(letter))?.focus()
      return
    }
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        className={look}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={label}
        title={label}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') {
            event.preventDefault()
            setOpen(true)
          }
        }}
      >
        {trigger}
      </button>
      {open && (
        <div ref={list} id={id} className="menu" role="menu" aria-label={label} popover="manual" onKeyDown={onKeyDown}>
          {items.map((item, index) =>
            item === 'line' ? (
              <hr key={`line-${items.indexOf(item, index)}-${index}`} role="separator" />
            ) : (
              <button
                key={item.id}
                type="button"
                tabIndex={-1}
                className={item.danger ? 'menu-item danger' : 'menu-item'}
                role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
                aria-checked={item.checked}
                onClick={() => {
                  shut()
                  item.run()
                }}
              >
                {item.checked !== undefined ? (
                  <span className="menu-tick">{item.checked && <Icon name="check" size={16} />}</span>
                ) : (
                  item.icon && <Icon name={item.icon} size={18} />
                )}
                <span className="menu-label">{item.label}</span>
                {item.hint && <kbd aria-hidden="true">{item.hint}</kbd>}
              </button>
            ),
          )}
        </div>
      )}
    </>
  )
}

const entries = (menu: HTMLElement | null) => [...(menu?.querySelectorAll<HTMLElement>('.menu-item') ?? [])]

const gap = 6

/** Below the button, or above where there is more room; always inside the window. */
export function place(menu: HTMLElement, by: DOMRect, align: 'start' | 'end'): void {
  const { offsetWidth: width, offsetHeight: height } = menu
  const below = by.bottom + gap
  const top = below + height <= window.innerHeight || by.top < height + gap ? below : by.top - height - gap
  const left = align === 'end' ? by.right - width : by.left
  menu.style.top = `${Math.max(gap, Math.min(top, window.innerHeight - height - gap))}px`
  menu.style.left = `${Math.max(gap, Math.min(left, window.innerWidth - width - gap))}px`
}
