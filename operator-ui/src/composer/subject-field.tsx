/** The subject of a mail: out of the way until somebody wants another than the one there is. */

import { useWords } from '../words.ts'

export function SubjectField({
  subject,
  current,
  onChange,
}: {
  subject: string | undefined
  current: string | null
  onChange(subject: string): void
}) {
  const words = useWords()
  if (subject === undefined) {
    return (
      <button
        type="button"
        className="text-button composer-subject-open"
        onClick={() => onChange(current ? `Re: ${current.replace(/^re:\s*/i, '')}` : '')}
      >
        {words.composer.subject}
      </button>
    )
  }
  return (
    <input
      className="composer-subject"
      aria-label={words.composer.subject}
      placeholder={words.composer.subject}
      value={subject}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}
