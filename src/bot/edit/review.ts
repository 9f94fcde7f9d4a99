/** What a change would do to the rulebook: read, checked and tried on its transcripts, before a letter of it is written. */

import type { Problem } from '../../core/document.ts'
import type { ReloadFiles } from '../reload.ts'
import { readRulebook, type Rulebook, type Surroundings } from '../rulebook.ts'
import { explain, type Explanation } from '../tools/explain.ts'
import { playTranscripts } from '../tools/transcripts.ts'
import { changeFile, type Change, type ChangedFile } from './change.ts'

export interface Review {
  file: ChangedFile
  /** With the change in it; undefined when it will not do. */
  book: Rulebook | undefined
  /** Errors, and warnings that were not there before. */
  problems: Problem[]
  /** Transcripts that would fail. */
  failures: string[]
  /** What the bot makes of the words now, and would make of them. */
  now: Explanation
  then: Explanation | undefined
}

export function reviewChange(book: Rulebook, files: ReloadFiles, surroundings: Surroundings, change: Change): Review | undefined {
  const file = changeFile(book, files.rulebook, change)
  if (!file) return undefined
  let known = knownOf.get(book)
  if (!known) knownOf.set(book, (known = new Set(readRulebook(files.rulebook, surroundings).problems.map(said))))
  const changed = files.rulebook.map((source) => (source.name === file.name ? { ...source, text: file.after } : source))
  const { rulebook, problems } = readRulebook(changed, surroundings)
  const failures = rulebook ? playTranscripts(rulebook, files.transcripts).outcomes.flatMap(({ name, failures: all }) => all.map((each) => `${each} (${name})`)) : []
  const words = [change.phrase, change.language] as const
  return {
    file, book: rulebook, failures,
    problems: problems.filter((problem) => problem.severity === 'error' || !known!.has(said(problem))),
    now: explain(book, ...words), then: rulebook && explain(rulebook, ...words),
  }
}

/** Of the rulebook in use; to read it takes as long as to read the changed one. */
const knownOf = new WeakMap<Rulebook, Set<string>>()

/** Its line may have moved. */
const said = ({ file, path, message }: Problem) => `${file} ${path} ${message}`
