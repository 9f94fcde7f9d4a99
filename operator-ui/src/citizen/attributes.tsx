/** Facts about the citizen. Numbers that identify a person are covered until asked for. */

import { Fragment, useState } from 'react'
import type { CitizenView } from '../../../src/operator-api.types.ts'
import { covered, isCoveredFact } from '../sensitive.ts'
import { withoutControls } from '../ui/linkify.ts'
import { RichText } from '../ui/rich-text.tsx'
import { useWords } from '../words.ts'
import { attributeName } from './attribute-name.ts'

export function Attributes({ people }: { people: CitizenView }) {
  const words = useWords()
  const [shown, setShown] = useState<ReadonlySet<string>>(new Set())
  const entries = Object.entries(people.attributes).filter(([, value]) => value)
  if (entries.length === 0) return <p className="quiet">{words.citizen.noAttributes}</p>
  return (
    <dl className="facts">
      {entries.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{attributeName(name, words)}</dt>
          <dd>
            {isCoveredFact(name) && !shown.has(name) ? (
              <>
                {covered(value)}{' '}
                <button
                  type="button"
                  className="text-button"
                  aria-label={`${words.citizen.uncover}: ${attributeName(name, words)}`}
                  onClick={() => setShown(new Set([...shown, name]))}
                >
                  {words.citizen.uncover}
                </button>
              </>
            ) : (
              <RichText text={withoutControls(value)} />
            )}
          </dd>
        </Fragment>
      ))}
    </dl>
  )
}
