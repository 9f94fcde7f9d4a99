/** Others for the call: a fresh link for the citizen, a colleague or department, an interpreter. */

import { type FormEvent, useId, useState } from 'react'
import { plainly } from '../act.ts'
import { useNames, useSession } from '../session-data.tsx'
import { Button } from '../ui/button.tsx'
import { useToast } from '../ui/toast.tsx'
import { inLanguage, useSpeech } from '../words.ts'
import { ask, type OpenCall } from './calls.ts'
import { callWords } from './words.ts'

export function More({ call }: { call: OpenCall }) {
  const { language, words } = useSpeech()
  const says = callWords[language]
  const { operators, departments } = useSession()
  const names = useNames()
  const toast = useToast()
  const ids = useId()
  const [name, setName] = useState('')
  const [url, setUrl] = useState('')
  const failed = (problem: unknown) => toast({ text: plainly(problem, words), kind: 'bad' })
  const colleagues = operators.filter((one) => one.id !== names.me && !one.disabled && one.presence === 'online')

  const invite = (value: string) => {
    if (value === '') return
    const [kind, id] = [value.slice(0, 1), value.slice(2)]
    void ask(call.id, 'hand-over', kind === 'o' ? { operatorId: id } : { departmentId: id }).then(() => toast({ text: says.invited, kind: 'good' }), failed)
  }
  const makeGuest = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim()) void ask<{ url: string }>(call.id, 'guest', { name: name.trim() }).then((made) => setUrl(made.url), failed)
  }
  return (
    <details className="call-more">
      <summary>{says.more}</summary>
      <Button onClick={() => void ask(call.id, 'link').then(() => toast({ text: says.newLinkSaid, kind: 'good' }), failed)}>{says.newLink}</Button>
      <label htmlFor={`${ids}invite`}>{says.invite}</label>
      <select id={`${ids}invite`} value="" onChange={(event) => invite(event.target.value)}>
        <option value="">{says.choose}</option>
        {colleagues.map((one) => (
          <option key={one.id} value={`o:${one.id}`}>
            {one.name}
          </option>
        ))}
        {departments.map((one) => (
          <option key={one.id} value={`d:${one.id}`}>
            {inLanguage(one.name, language)}
          </option>
        ))}
      </select>
      <form onSubmit={makeGuest}>
        <label htmlFor={`${ids}guest`}>
          {says.guest}. {says.guestName}
        </label>
        <input id={`${ids}guest`} value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
        <Button type="submit">{says.guestMake}</Button>
      </form>
      {url && (
        <p>
          <label htmlFor={`${ids}url`}>{says.guestLink}</label>
          <input id={`${ids}url`} readOnly value={url} onFocus={(event) => event.target.select()} />
          <Button onClick={() => void navigator.clipboard.writeText(url).then(() => toast({ text: says.copied, kind: 'good' }), () => undefined)}>{says.copy}</Button>
        </p>
      )}
    </details>
  )
}
