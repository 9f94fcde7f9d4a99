/** The list under the caret; the text field keeps the focus. */

import type { Inserts } from './use-inserts.ts'
import { useWords } from '../words.ts'

export function InsertMenu({ inserts }: { inserts: Inserts }) {
  const words = useWords()
  const { sign, options, at, id } = inserts
  if (!sign) return null
  const title = { '/': words.composer.quick, '#': words.composer.links, '@': words.composer.mention }[sign]
  if (options.length === 0)
    return (
      <p className="inserts none">
        {sign === '/' ? words.composer.emptyAnswers : sign === '#' ? words.composer.emptyLinks : words.action.noMatch}
      </p>
    )
  return (
    <ul id={id} className="inserts" role="listbox" aria-label={title}>
      {options.map((option, index) => (
        <li
          key={option.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          onPointerDown={(event) => {
            event.preventDefault()
            inserts.choose(option)
          }}
          onPointerMove={() => inserts.setAt(index)}
        >
          <b>{option.label}</b>
          <small>{option.detail}</small>
        </li>
      ))}
    </ul>
  )
}
