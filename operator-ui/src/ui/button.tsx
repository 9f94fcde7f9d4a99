/** Buttons: with words, or with an icon and its name as label and tooltip. */

import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

type Native = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'>

export function Button({
  look = 'plain',
  icon,
  busy,
  children,
  ...native
}: Native & {
  look?: 'primary' | 'plain' | 'quiet' | 'danger'
  icon?: IconName
  /** Keeps its place and focus, and does nothing meanwhile. */
  busy?: boolean
  children: ReactNode
}) {
  return (
    <button
      type="button"
      {...native}
      className={`button ${look}`}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : native.onClick}
    >
      {icon && <Icon name={icon} size={18} />}
      <span>{children}</span>
    </button>
  )
}

export function IconButton({
  icon,
  label,
  pressed,
  badge,
  ...native
}: Native & {
  icon: IconName
  label: string
  pressed?: boolean
  badge?: number | undefined
}) {
  return (
    <button type="button" {...native} className="icon-button" aria-label={label} title={label} aria-pressed={pressed}>
      <Icon name={icon} />
      {badge ? (
        <span className="dot-badge" aria-hidden="true">
          {badge}
        </span>
      ) : null}
    </button>
  )
}
