/** A button with a menu, in the top layer so that nothing cuts it off. Arrow keys move, Escape gives focus back. */

import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId, useRef, useState } from 'react'
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
export type MenuEntry = MenuItem | 'line'

export function Menu({
  label,
  items,
  trigger,
  look = 'icon-button',
  align = 'end',
  isNamedInside,
}: {
  label: string
  /** Asked for when it opens; many menus on a page cost nothing until then. */
  items: MenuEntry[] | (() => MenuEntry[])
  trigger?: ReactNode
  look?: string
  /** The words inside are the name; they must be the ones that are read out. */
  isNamedInside?: boolean
  align?: 'start' | 'end'
}) {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  return (
    <>
      <button
        ref={button}
        type="button"
        className={look}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={isNamedInside ? undefined : label}
        title={label}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' && !open) {
            event.preventDefault()
            setOpen(true)
          }
        }}
      >
        {trigger}
      </button>
      {open && (
        <MenuList
          label={label}
          items={typeof items === 'function' ? items() : items}
          opener={button}
          align={align}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  )
}

function MenuList({
  label,
  items,
  opener,
  align,
  onClose,
}: {
  label: string
  items: MenuEntry[]
  opener: RefObject<HTMLButtonElement | null>
  align: 'start' | 'end'
  onClose(): void
}) {
  const list = useRef<HTMLDivElement>(null)
  const id = useId()
  const close = useRef(onClose)
  close.current = onClose

  useEffect(() => {
    const menu = list.current
    const button = opener.current
    if (!menu || !button) return
    menu.showPopover()
    place(menu, button.getBoundingClientRect(), align)
    entries(menu)[0]?.focus()
    const outside = (event: Event) => {
      if (event.target instanceof Node && (menu.contains(event.target) || button.contains(event.target))) return
      close.current()
    }
    window.addEventListener('pointerdown', outside)
    window.addEventListener('resize', outside)
    return () => {
      window.removeEventListener('pointerdown', outside)
      window.removeEventListener('resize', outside)
    }
  }, [opener, align])

  const shut = () => {
    onClose()
    opener.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const all = entries(list.current)
    const at = all.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (to !== undefined) all[(to + all.length) % all.length]?.focus()
    else if (event.key === 'Escape') shut()
    else if (event.key === 'Tab') return onClose()
    else {
      const letter = event.key.toLowerCase()
      if (letter.length === 1 && letter !== ' ')
        all.find((entry) => entry.textContent?.trim().toLowerCase().startsWith(letter))?.focus()
      return
    }
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div ref={list} id={id} className="menu" role="menu" aria-label={label} popover="manual" onKeyDown={onKeyDown}>
      {items.map((item, index) =>
        item === 'line' ? (
          <hr key={`line-${index}`} />
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
