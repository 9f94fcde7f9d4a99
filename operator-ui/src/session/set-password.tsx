/** An invited operator, or one who forgot: chooses a password with a link that works once. */

import { type FormEvent, useState } from 'react'
import { Link, useSearch } from 'wouter'
import { plainly } from '../act.ts'
import { ApiError, post } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Field, Switch } from '../ui/field.tsx'
import { type PageLanguage, useWords } from '../words.ts'
import { DoorPage } from './door-page.tsx'

const shortest = 13

export default function SetPassword({ onLanguage }: { onLanguage(language: PageLanguage): void }) {
  const words = useWords()
  const token = new URLSearchParams(useSearch()).get('token') ?? ''
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const [shown, setShown] = useState(false)
  const [checked, setChecked] = useState(false)
  const [problem, setProblem] = useState('')
  const [state, setState] = useState<'asking' | 'busy' | 'done'>('asking')
  const isShort = password.length < shortest
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (state === 'busy' || isShort || password !== again) return
    setState('busy')
    setProblem('')
    try {
      await post('/api/set-password', { token, password, ...(name.trim() && { name: name.trim() }) })
      setState('done')
    } catch (error) {
      setProblem(
        error instanceof ApiError &&
          (error.status === 400 || error.status === 404 || error.status === 410) &&
          !error.refusal?.field
          ? words.session.linkBad
          : plainly(error, words),
      )
      setState('asking')
    }
  }
  if (state === 'done') {
    return (
      <DoorPage onLanguage={onLanguage}>
        <div className="form">
          <h1>{words.app.done}</h1>
          <p role="status">{words.session.ready}</p>
          <Link href="/" className="button primary">
            {words.session.signIn}
          </Link>
        </div>
      </DoorPage>
    )
  }
  const type = shown ? 'text' : 'password'
  return (
    <DoorPage onLanguage={onLanguage}>
      <form className="form" noValidate onSubmit={(event) => void submit(event)}>
        <h1>{words.session.choose}</h1>
        {problem && (
          <p className="form-problem" role="alert">
            {problem}
          </p>
        )}
        <Field label={words.session.name} optional>
          {(ids) => (
            <input
              {...ids}
              autoComplete="name"
              maxLength={120}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field
          label={words.session.password}
          hint={words.session.chooseHint}
          error={checked && isShort ? words.session.short : undefined}
        >
          {(ids) => (
            <input
              {...ids}
              type={type}
              autoComplete="new-password"
              maxLength={200}
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        <Field
          label={words.session.again}
          error={checked && !isShort && password !== again ? words.session.differ : undefined}
        >
          {(ids) => (
            <input
              {...ids}
              type={type}
              autoComplete="new-password"
              maxLength={200}
              value={again}
              onChange={(event) => setAgain(event.target.value)}
            />
          )}
        </Field>
        <Switch label={words.session.show} checked={shown} onChange={setShown} />
        <Button look="primary" type="submit" busy={state === 'busy'}>
          {words.app.save}
        </Button>
      </form>
    </DoorPage>
  )
}
