/** Answers offered as buttons; where the channel has none, they go as numbers, and it says so here. */

import type { Capabilities } from '../../../src/core/channel.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { useWords } from '../words.ts'

const most = 10

export function ChoicesEditor({
  choices,
  capabilities,
  onChange,
}: {
  choices: string[]
  capabilities: Capabilities | undefined
  onChange(choices: string[] | undefined): void
}) {
  const words = useWords()
  const limit = capabilities?.choices
  return (
    <fieldset className="choices-editor">
      <legend>{words.composer.choices}</legend>
      <div>
        {choices.map((label, index) => (
          <input
            key={`${index + 1}`}
            aria-label={words.composer.choice(index + 1)}
            placeholder={words.composer.choice(index + 1)}
            maxLength={limit?.maxLabel ?? 60}
            value={label}
            onChange={(event) => onChange(choices.map((old, at) => (at === index ? event.target.value : old)))}
          />
        ))}
        {choices.length < most && (
          <Button look="quiet" icon="plus" onClick={() => onChange([...choices, ''])}>
            {words.composer.addChoice}
          </Button>
        )}
        <IconButton icon="close" label={words.app.remove} onClick={() => onChange(undefined)} />
      </div>
      <p className="field-hint">{limit ? words.composer.choicesButtons(limit.max) : words.composer.choicesNumbered}</p>
    </fieldset>
  )
}
