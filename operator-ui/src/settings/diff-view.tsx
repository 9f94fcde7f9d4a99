/** What would change in a file of the rulebook, line by line, and what stands against it. */

import type { RulebookReview } from '../../../src/operator-api.types.ts'
import { useWords } from '../words.ts'

const signs = { same: ' ', removed: '−', added: '+' } as const

export function DiffView({ review: { file, diff, problems, failures } }: { review: RulebookReview }) {
  const say = useWords().settings.teach
  const inserted = insertedIn(diff)
  return (
    <>
      <div className="diff" role="region" aria-label={say.diff(file)} tabIndex={0}>
        <ol>
          {diff.map(({ kind, line, text }) => (
            <li key={`${kind} ${line}`} data-kind={kind}>
              <span className="diff-line">{line}</span>
              <span aria-hidden="true">{signs[kind]}</span>
              {kind !== 'same' && <span className="visually-hidden">{say.kinds[kind]}: </span>}
              <code>{kind === 'added' && inserted ? <Marked text={text} from={inserted.from} to={inserted.to} /> : text}</code>
            </li>
          ))}
        </ol>
      </div>
      {(problems.length > 0 || failures.length > 0) && (
        <ul className="diff-problems">
          {problems.map((one) => (
            <li key={`${one.file} ${one.line} ${one.message}`} data-severity={one.severity}>
              <b>
                {one.file}:{one.line}:{one.column}
              </b>{' '}
              {one.severity === 'warning' && `${say.warning}: `}
              {one.message}
            </li>
          ))}
          {failures.map((one) => (
            <li key={one} data-severity="error">
              <b>{say.failed}</b> {one}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function Marked({ text, from, to }: { text: string; from: number; to: number }) {
  return (
    <>
      {text.slice(0, from)}
      <mark>{text.slice(from, to)}</mark>
      {text.slice(to)}
    </>
  )
}

/** Where one line becomes another, what is new in it: lists of examples are long. */
function insertedIn(diff: RulebookReview['diff']): { from: number; to: number } | undefined {
  const [old, ...otherOld] = diff.filter(({ kind }) => kind === 'removed')
  const [fresh, ...otherFresh] = diff.filter(({ kind }) => kind === 'added')
  if (!old || !fresh || otherOld.length > 0 || otherFresh.length > 0) return undefined
  const most = Math.min(old.text.length, fresh.text.length)
  let from = 0
  while (from < most && old.text[from] === fresh.text[from]) from++
  let tail = 0
  while (tail < most - from && old.text.at(-1 - tail) === fresh.text.at(-1 - tail)) tail++
  return { from, to: fresh.text.length - tail }
}
