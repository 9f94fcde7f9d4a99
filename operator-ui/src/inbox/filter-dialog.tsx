/** All conditions of a list in one place. */

import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { ConversationFilter } from '../../../src/operator-api.types.ts'
import { tagsSeen } from '../queries.ts'
import { useSession } from '../session-data.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Switch } from '../ui/field.tsx'
import { inLanguage, useSpeech } from '../words.ts'

const priorities = ['urgent', 'high', 'normal', 'low'] as const
const languages = ['pt', 'en', 'es', 'fr'] as const

type Choice = 'channel' | 'department' | 'tag' | 'language' | 'priority' | 'from' | 'to'

export function FilterDialog({
  filter,
  onGo,
  onClose,
}: {
  filter: ConversationFilter
  onGo(filter: ConversationFilter): void
  onClose(): void
}) {
  const { words, language } = useSpeech()
  const session = useSession()
  const client = useQueryClient()
  const [draft, setDraft] = useState(filter)
  const set = (key: Choice, value: string) =>
    setDraft(({ [key]: _old, ...rest }) => (value ? { ...rest, [key]: value } : rest) as ConversationFilter)
  const flag = (key: 'failed' | 'unread', on: boolean) =>
    setDraft(({ [key]: _old, ...rest }) => (on ? { ...rest, [key]: true } : rest) as ConversationFilter)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    onClose()
    onGo(draft)
  }
  const select = (key: Choice, label: string, options: { value: string; label: string }[]) => (
    <Field label={label}>
      {(ids) => (
        <select {...ids} value={draft[key] ?? ''} onChange={(event) => set(key, event.target.value)}>
          <option value="">{words.filter.any}</option>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )

  return (
    <Dialog title={words.filter.title} onClose={onClose}>
      <form className="form two" onSubmit={submit}>
        {select(
          'channel',
          words.filter.channel,
          session.channels.map((channel) => ({ value: channel.id, label: channel.name })),
        )}
        {select(
          'department',
          words.filter.department,
          session.departments.map((one) => ({ value: one.id, label: inLanguage(one.name, language) })),
        )}
        {select(
          'priority',
          words.filter.priority,
          priorities.map((value) => ({ value, label: words.priority[value] })),
        )}
        {select(
          'language',
          words.filter.language,
          languages.map((value) => ({ value, label: words.languageName[value] })),
        )}
        <Field label={words.filter.tag}>
          {(ids) => (
            <>
              <input
                {...ids}
                list={`${ids.id}-seen`}
                value={draft.tag ?? ''}
                onChange={(event) => set('tag', event.target.value.trim())}
              />
              <datalist id={`${ids.id}-seen`}>
                {tagsSeen(client).map((tag) => (
                  <option key={tag} value={tag} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <span />
        <Field label={words.filter.from}>
          {(ids) => (
            <input
              {...ids}
              type="date"
              value={draft.from ?? ''}
              onChange={(event) => set('from', event.target.value)}
            />
          )}
        </Field>
        <Field label={words.filter.to}>
          {(ids) => (
            <input {...ids} type="date" value={draft.to ?? ''} onChange={(event) => set('to', event.target.value)} />
          )}
        </Field>
        <Switch label={words.filter.unread} checked={draft.unread ?? false} onChange={(on) => flag('unread', on)} />
        <Switch label={words.filter.failed} checked={draft.failed ?? false} onChange={(on) => flag('failed', on)} />
        <footer className="dialog-foot">
          <Button
            look="quiet"
            onClick={() => {
              onClose()
              onGo({
                view: filter.view,
                ...(filter.view === 'department' && filter.department && { department: filter.department }),
              })
            }}
          >
            {words.filter.reset}
          </Button>
          <Button look="primary" type="submit">
            {words.filter.apply}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}
