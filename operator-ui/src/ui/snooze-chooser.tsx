/** Until when: the usual answers, or a day and an hour of one's own. */

import { useState } from 'react'
import { useSpeech } from '../words.ts'
import { Button } from './button.tsx'
import { Chooser } from './chooser.tsx'
import { Field } from './field.tsx'

const hour = 3_600_000

export function SnoozeChooser({ onChoose, onClose }: { onChoose(until: string): void; onClose(): void }) {
  const { words, clock } = useSpeech()
  const [own, setOwn] = useState('')
  const now = new Date()
  const nine = (days: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 9)
  const times = [
    { id: 'hour', at: new Date(now.getTime() + hour) },
    { id: 'threeHours', at: new Date(now.getTime() + 3 * hour) },
    { id: 'tomorrow', at: nine(1) },
    { id: 'monday', at: nine((8 - now.getDay()) % 7 || 7) },
    { id: 'week', at: nine(7) },
  ] as const
  const options = times.map(({ id, at }) => ({
    id: at.toISOString(),
    label: words.snoozes[id],
    detail: clock.moment(at.toISOString()),
  }))
  const ownTime = Date.parse(own)
  return (
    <Chooser title={words.action.snoozeTo} options={options} onChoose={({ id }) => onChoose(id)} onClose={onClose}>
      <div className="chooser-extra row-fields">
        <Field label={words.snoozes.custom}>
          {(ids) => (
            <input {...ids} type="datetime-local" value={own} onChange={(event) => setOwn(event.target.value)} />
          )}
        </Field>
        <Button
          look="primary"
          disabled={!(ownTime > Date.now())}
          onClick={() => {
            onClose()
            onChoose(new Date(ownTime).toISOString())
          }}
        >
          {words.action.snooze}
        </Button>
      </div>
    </Chooser>
  )
}
