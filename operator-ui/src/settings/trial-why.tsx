/** Why the bot said what it said. */

import type { TrialWhy } from '../../../src/operator-api.types.ts'
import { useSpeech } from '../words.ts'

export function WhyView({ why, nameOf }: { why: TrialWhy; nameOf(ref: string): string }) {
  const { words, locale } = useSpeech()
  const say = words.settings.trial
  const percent = new Intl.NumberFormat(locale, { style: 'percent' })
  const wasRead = why.candidates.length > 0 || why.command || why.sentence
  return (
    <details className="why">
      <summary>{say.why}</summary>
      <dl>
        {why.reached.length > 0 && (
          <>
            <dt>{say.reached}</dt>
            <dd>{why.reached.map(nameOf).join(' · ')}</dd>
          </>
        )}
        {why.command && (
          <>
            <dt>{say.command}</dt>
            <dd>{say.commandBy(why.command.name, why.command.phrase)}</dd>
          </>
        )}
        {why.sentence && (
          <>
            <dt>{say.sentence}</dt>
            <dd>{nameOf(why.sentence)}</dd>
          </>
        )}
        {wasRead && (
          <>
            <dt>{say.zone}</dt>
            <dd>
              {say.zones[why.zone]} · {words.languageName[why.language]}
            </dd>
          </>
        )}
        {why.repairs.length > 0 && (
          <>
            <dt>{say.repairs}</dt>
            <dd>{why.repairs.map(({ from, to }) => say.readAs(from, to)).join(', ')}</dd>
          </>
        )}
      </dl>
      {why.candidates.length > 0 && (
        <ol className="candidates">
          {why.candidates.map((one) => (
            <li key={one.ref}>
              <b>{percent.format(one.score)}</b>
              <span>
                <bdi>{nameOf(one.ref)}</bdi>
                <small>
                  {say.matched(one.matched.join(', '))} · {say.nearestPhrase(one.phrase)}
                </small>
              </span>
            </li>
          ))}
        </ol>
      )}
    </details>
  )
}
