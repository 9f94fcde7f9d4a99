/** One fact to be written down. A number that tells who somebody is stays covered once it is known, until somebody asks for it. */

import { useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { covered, isCoveredFact } from '../sensitive.ts'
import { Field } from '../ui/field.tsx'
import { useWords } from '../words.ts'
import { attributeName } from './attribute-name.ts'

export function FactField({
  name,
  before,
  value,
  error,
  onChange,
}: {
  name: string
  /** As it is kept now. */
  before: string
  value: string
  error: string | undefined
  onChange(value: string): void
}) {
  const words = useWords()
  const [isCovered, setCovered] = useState(isCoveredFact(name) && before !== '')
  const field = useRef<HTMLInputElement>(null)
  const label = attributeName(name, words)
  const uncover = () => {
    // The button goes away: whoever pressed it goes on in the field.
    flushSync(() => setCovered(false))
    field.current?.focus()
  }
  return (
    <Field label={label} error={error}>
      {(ids) => (
        <div className="field-with-button">
          <input
            {...ids}
            ref={field}
            autoComplete="off"
            inputMode={name === 'nif' ? 'numeric' : name === 'email' ? 'email' : name === 'phone' ? 'tel' : 'text'}
            maxLength={500}
            readOnly={isCovered}
            value={isCovered ? covered(value) : value}
            onChange={(event) => onChange(event.target.value)}
          />
          {isCovered && (
            <button type="button" className="text-button" aria-label={`${words.citizen.uncover}: ${label}`} onClick={uncover}>
              {words.citizen.uncover}
            </button>
          )}
        </div>
      )}
    </Field>
  )
}
