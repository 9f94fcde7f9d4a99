/** Initials in a quiet circle; a person's outline where there is no name. Decorative. */

import { Icon } from './icon.tsx'

const tones = 6

export function Avatar({ name, id, size = 36 }: { name: string | null; id: string; size?: 24 | 28 | 36 | 44 }) {
  let sum = 0
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 997
  return (
    <span className="avatar" data-tone={sum % tones} data-size={size} aria-hidden="true">
      {name ? initials(name) : <Icon name="user" size={size > 30 ? 20 : 16} />}
    </span>
  )
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word))
  const first = words[0]?.[0] ?? ''
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? '') : ''
  return (first + last).toUpperCase() || '?'
}
