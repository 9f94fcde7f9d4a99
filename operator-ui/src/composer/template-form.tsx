/** Outside the channel's window: an approved template, with its fields filled in. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Template } from '../../../src/core/model.ts'
import type { TemplateView } from '../../../src/operator-api.types.ts'
import { get } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Icon } from '../ui/icon.tsx'
import { useWords } from '../words.ts'

export function TemplateForm({
  channelId,
  onSend,
}: {
  channelId: string
  onSend(template: Template, said: string): void
}) {
  const words = useWords()
  const templates = useQuery({
    queryKey: ['templates', channelId],
    queryFn: ({ signal }) => get<TemplateView[]>(`/api/channels/${encodeURIComponent(channelId)}/templates`, signal),
    staleTime: 300_000,
  })
  const [name, setName] = useState('')
  const [values, setValues] = useState<string[]>([])
  const chosen = templates.data?.find((one) => `${one.name} ${one.language}` === name)
  const said =
    chosen?.text.replace(/\{\{(\d+)\}\}/g, (whole, number: string) => values[Number(number) - 1]?.trim() || whole) ?? ''
  const isComplete =
    chosen !== undefined &&
    Array.from({ length: chosen.parameters }, (_, index) => values[index]?.trim()).every(Boolean)
  return (
    <div className="template">
      <p className="composer-stop">
        <Icon name="clock" size={18} />
        {words.composer.windowClosed}
      </p>
      {templates.data?.length === 0 ? (
        <p>{words.composer.noTemplates}</p>
      ) : (
        <>
          <Field label={words.composer.template}>
            {(ids) => (
              <select
                {...ids}
                value={name}
                onChange={(event) => {
                  setName(event.target.value)
                  setValues([])
                }}
              >
                <option value="">{words.composer.templateChoose}</option>
                {templates.data?.map((one) => (
                  <option key={`${one.name} ${one.language}`} value={`${one.name} ${one.language}`}>
                    {one.name} ({one.language})
                  </option>
                ))}
              </select>
            )}
          </Field>
          {chosen &&
            Array.from({ length: chosen.parameters }, (_, index) => (
              <Field key={`${name} ${index + 1}`} label={words.composer.templateField(index + 1)}>
                {(ids) => (
                  <input
                    {...ids}
                    value={values[index] ?? ''}
                    onChange={(event) => setValues((now) => Object.assign([...now], { [index]: event.target.value }))}
                  />
                )}
              </Field>
            ))}
          {chosen && <p className="template-said">{said}</p>}
          <Button
            look="primary"
            icon="send"
            disabled={!isComplete}
            onClick={() => {
              if (!chosen) return
              const parameters = values.slice(0, chosen.parameters).map((value) => value.trim())
              onSend({ name: chosen.name, language: chosen.language, parameters }, said)
              setName('')
              setValues([])
            }}
          >
            {words.composer.send}
          </Button>
        </>
      )}
    </div>
  )
}
