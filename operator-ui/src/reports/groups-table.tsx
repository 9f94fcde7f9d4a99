/** All figures of every group: what the chart shows, and all that it does not. Every number opens its conversations. */

import { inLanguage, useSpeech } from '../words.ts'
import { type Definition, type Line, mainOf, numberOf, written } from './figures.ts'
import { reportWords } from './words.ts'

export interface Opened {
  figure: string
  title: string
  key?: string
}

export function GroupsTable({ lines, definitions, onOpen }: { lines: Line[]; definitions: Definition[]; onOpen(opened: Opened): void }) {
  const { language, locale } = useSpeech()
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-labelledby="figures-groups">
      <table>
        <thead>
          <tr>
            <th scope="col">{reportWords[language].group}</th>
            {definitions.map((one) => (
              <th key={one.key} scope="col" title={language === 'en' ? one.explainEn : one.explainPt}>
                {inLanguage(one, language)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.key}>
              <th scope="row">{line.label}</th>
              {definitions.map((definition) => {
                const value = numberOf(line, mainOf(definition))
                const text = written(value, definition.unit, locale)
                const title = `${line.label} · ${inLanguage(definition, language)}`
                return (
                  <td key={definition.key} data-name={inLanguage(definition, language)}>
                    {value === null || value === 0 ? (
                      text
                    ) : (
                      <button
                        type="button"
                        className="link"
                        aria-label={`${title}: ${text}`}
                        onClick={() => onOpen({ figure: definition.key, title, key: line.key })}
                      >
                        {text}
                      </button>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
