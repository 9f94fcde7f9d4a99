/** A changed rulebook takes the place of the old one only when it is right and every transcript still passes. */

import { formatProblem } from '../core/document.ts'
import { readRulebook, type Rulebook, type RulebookSource, type Surroundings } from './rulebook.ts'
import { playTranscripts } from './tools/transcripts.ts'

export interface ReloadFiles {
  rulebook: readonly RulebookSource[]
  transcripts: readonly RulebookSource[]
}

/** `rulebook` is the one to use from now on: the old one, with the reasons, when the new one will not do. */
export function reload(
  old: Rulebook | undefined,
  files: ReloadFiles,
  surroundings: Surroundings = {},
): { rulebook: Rulebook | undefined; isNew: boolean; reasons: string[] } {
  const { rulebook, problems } = readRulebook(files.rulebook, surroundings)
  if (!rulebook) {
    return {
      rulebook: old,
      isNew: false,
      reasons: problems.filter(({ severity }) => severity === 'error').map(formatProblem),
    }
  }
  if (rulebook.hash === old?.hash) return { rulebook: old, isNew: false, reasons: [] }
  const reasons = playTranscripts(rulebook, files.transcripts).outcomes.flatMap(({ name, failures }) =>
    failures.map((each) => `${each} (${name})`),
  )
  return reasons.length > 0 ? { rulebook: old, isNew: false, reasons } : { rulebook, isNew: true, reasons: [] }
}
