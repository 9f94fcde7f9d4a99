/** One figure: its number, how it was before, and what it means. Opens the conversations behind it. */

import { inLanguage, useSpeech } from '../words.ts'
import { change, type Definition, mainOf, numberOf, type Report, written } from './figures.ts'
import { reportWords } from './words.ts'

export function Figure({ definition, report, onOpen }: { definition: Definition; report: Report; onOpen(): void }) {
  const { language, locale } = useSpeech()
  const say = reportWords[language]
  const { key, unit } = definition
  const main = mainOf(definition)
  const value = (name: string) => written(numberOf(report.whole, name), unit, locale)
  const changed = change(numberOf(report.whole, main), numberOf(report.before, main))
  return (
    <li className="figure">
      <button type="button" onClick={onOpen}>
        <span className="figure-name">{inLanguage(definition, language)}</span>
        <b>{value(main)}</b>
        {unit === 'duration' && (
          <span className="figure-more">
            {say.p90} {value(`${key}P90`)}
            <br />
            {say.open}: {value(`${key}OpenP50`)} · {say.p90} {value(`${key}OpenP90`)}
          </span>
        )}
        <span className="figure-more">
          {say.before}: {written(numberOf(report.before, main), unit, locale)}
          {changed !== null && changed !== 0 && ` (${changed > 0 ? '+' : '−'}${Math.abs(changed)} %)`}
        </span>
        <span className="figure-why">{language === 'en' ? definition.explainEn : definition.explainPt}</span>
      </button>
    </li>
  )
}
