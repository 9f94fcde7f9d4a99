/** What can be done with all the chosen conversations at once; each one that is refused says so. */

import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { ConversationSummary, OperatorAction } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { post } from '../api.ts'
import { newId } from '../client-id.ts'
import { keys, tagsSeen } from '../queries.ts'
import { useSession } from '../session-data.tsx'
import { IconButton } from '../ui/button.tsx'
import { Chooser, type Option } from '../ui/chooser.tsx'
import { SnoozeChooser } from '../ui/snooze-chooser.tsx'
import { useToast } from '../ui/toast.tsx'
import { inLanguage, useSpeech } from '../words.ts'

export function BulkBar({ rows, onAll, onDone }: { rows: ConversationSummary[]; onAll(): void; onDone(): void }) {
  const { words, language } = useSpeech()
  const session = useSession()
  const client = useQueryClient()
  const toast = useToast()
  const [asked, setAsked] = useState<'assign' | 'move' | 'tag' | 'snooze'>()
  const [busy, setBusy] = useState(false)
  const clientId = useRef<string>(undefined)

  const run = async (...actions: OperatorAction[]) => {
    if (busy) return
    setBusy(true)
    // Kept until it is done: pressing again after a cut line does not do it twice.
    clientId.current ??= newId()
    try {
      const answer = await post<{ done: string[]; refused: Record<string, string> }>('/api/conversations/bulk', {
        ids: rows.map((row) => row.id),
        actions,
        clientId: clientId.current,
      })
      clientId.current = undefined
      const refused = Object.keys(answer.refused).length
      toast({ text: words.list.bulkDone(answer.done.length, refused), kind: refused ? 'bad' : 'good' })
      void client.invalidateQueries({ queryKey: keys.lists })
      void client.invalidateQueries({ queryKey: keys.counts })
      onDone()
    } catch (problem) {
      toast({ text: plainly(problem, words), kind: 'bad' })
    } finally {
      setBusy(false)
    }
  }

  const options: Record<'assign' | 'move' | 'tag', Option[]> = {
    assign: session.operators
      .filter((one) => !one.disabled)
      .map((one) => ({ id: one.id, label: one.name, detail: words.presence[one.presence] })),
    move: session.departments.map((one) => ({ id: one.id, label: inLanguage(one.name, language) })),
    tag: tagsSeen(client, rows.flatMap((row) => row.tags)).map((tag) => ({ id: tag, label: tag })),
  }
  const chosen = ({ id }: Option) => {
    if (asked === 'assign') void run({ do: 'assign', operatorId: id })
    else if (asked === 'move') void run({ do: 'move', departmentId: id })
    else if (asked === 'tag') void run({ do: 'tag', add: [id] })
  }

  return (
    <div className="bulk" role="toolbar" aria-label={words.list.bulk} aria-busy={busy}>
      <IconButton icon="close" label={words.list.selectOff} onClick={onDone} />
      <span className="bulk-count" role="status">
        {words.list.selected(rows.length)}
      </span>
      <IconButton icon="checks" label={words.list.selectAll} onClick={onAll} />
      <IconButton icon="hand" label={words.action.take} onClick={() => void run({ do: 'take' })} />
      <IconButton icon="user" label={words.action.assign} onClick={() => setAsked('assign')} />
      <IconButton icon="move" label={words.action.move} onClick={() => setAsked('move')} />
      <IconButton icon="tag" label={words.action.tag} onClick={() => setAsked('tag')} />
      <IconButton icon="snooze" label={words.action.snooze} onClick={() => setAsked('snooze')} />
      <IconButton icon="archive" label={words.action.close} onClick={() => void run({ do: 'close' })} />
      {asked === 'snooze' && (
        <SnoozeChooser onChoose={(until) => void run({ do: 'snooze', until })} onClose={() => setAsked(undefined)} />
      )}
      {asked && asked !== 'snooze' && (
        <Chooser
          title={{ assign: words.action.assignTo, move: words.action.moveTo, tag: words.action.tagHint }[asked]}
          options={options[asked]}
          onChoose={chosen}
          onClose={() => setAsked(undefined)}
          {...(asked === 'tag' && { create: (name: string) => ({ id: name, label: words.action.create(name) }) })}
        />
      )}
    </div>
  )
}
