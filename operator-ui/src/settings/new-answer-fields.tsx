/** What a new answer needs beside the citizen's words. */

import type { BotCatalogue, Spoken } from '../../../src/operator-api.types.ts'
import type { Language } from '../../../src/core/model.ts'
import { useNames, useSession } from '../session-data.tsx'
import { Field } from '../ui/field.tsx'
import { useSpeech } from '../words.ts'

export interface NewAnswer {
  file: string
  topic: string
  department: string
  /** With commas between. */
  keywords: string
  question: Spoken
  say: Spoken
}

export function NewAnswerFields({ draft, onChange, catalogue, language }: { draft: NewAnswer; onChange(draft: NewAnswer): void; catalogue: BotCatalogue; language: Language }) {
  const { words } = useSpeech()
  const { departments } = useSession()
  const names = useNames()
  const say = words.settings.teach
  const spoken = catalogue.languages.filter((one) => one.full || one.language === language).map((one) => one.language)
  const inLanguage = (label: string, one: Language) => (spoken.length > 1 ? `${label} (${words.languageName[one]})` : label)
  return (
    <div className="form two">
      {spoken.map((one) => (
        <div key={one} className="whole form">
          <Field label={inLanguage(say.question, one)} hint={say.questionHint}>
            {(ids) => <input {...ids} required maxLength={300} value={draft.question[one] ?? ''} onChange={(event) => onChange({ ...draft, question: { ...draft.question, [one]: event.target.value } })} />}
          </Field>
          <Field label={inLanguage(say.answer, one)}>
            {(ids) => <textarea {...ids} required rows={3} maxLength={3000} value={draft.say[one] ?? ''} onChange={(event) => onChange({ ...draft, say: { ...draft.say, [one]: event.target.value } })} />}
          </Field>
        </div>
      ))}
      <div className="whole">
        <Field label={say.keywords} hint={say.keywordsHint} optional>
          {(ids) => <input {...ids} maxLength={300} value={draft.keywords} onChange={(event) => onChange({ ...draft, keywords: event.target.value })} />}
        </Field>
      </div>
      <Choice label={words.filter.department} value={draft.department} options={departments.map(({ id }) => [id, names.department(id)])} none onChange={(department) => onChange({ ...draft, department })} />
      <Choice label={words.action.topic} value={draft.topic} options={catalogue.topics.map((id) => [id, names.topic(id)])} none onChange={(topic) => onChange({ ...draft, topic })} />
      <Choice label={say.file} value={draft.file} options={catalogue.files.map((file) => [file, file])} onChange={(file) => onChange({ ...draft, file })} />
    </div>
  )
}

function Choice({ label, value, options, none, onChange }: { label: string; value: string; options: [string, string][]; none?: boolean; onChange(value: string): void }) {
  return (
    <Field label={label} {...(none && { optional: true })}>
      {(ids) => (
        <select {...ids} value={value} onChange={(event) => onChange(event.target.value)}>
          {none && <option value="">–</option>}
          {options.map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
