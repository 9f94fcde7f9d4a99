/** The door. */

import { type FormEvent, useState } from 'react'
import { ApiError, post } from '../api.ts'
import { plainly } from '../act.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { type PageLanguage, useWords } from '../words.ts'
import { DoorPage } from './door-page.tsx'

export function SignIn({
  ended,
  onSignedIn,
  onLanguage,
}: {
  ended: boolean
  onSignedIn(): void
  onLanguage(language: PageLanguage): void
}) {
  const words = useWords()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    if (!email.trim() || !password) return setProblem(words.session.expect)
    setBusy(true)
    setProblem('')
    try {
      await post('/api/auth/sign-in/email', { email: email.trim(), password })
      onSignedIn()
    } catch (error) {
      const isWrong =
        error instanceof ApiError && (error.status === 400 || error.status === 401 || error.status === 403)
      setProblem(isWrong ? words.session.wrong : plainly(error, words))
      setBusy(false)
    }
  }
  return (
    <DoorPage onLanguage={onLanguage}>
      <form className="form" noValidate onSubmit={(event) => void submit(event)}>
        <h1>{words.session.signIn}</h1>
        <p className="quiet">{ended ? words.session.ended : words.session.welcome}</p>
        {problem && (
          <p className="form-problem" role="alert">
            {problem}
          </p>
        )}
        <Field label={words.session.email}>
          {(ids) => (
            <input
              {...ids}
              type="email"
              autoComplete="username"
              autoFocus
              required
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field label={words.session.password}>
          {(ids) => (
            <input
              {...ids}
              type="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        <Button look="primary" type="submit" busy={busy}>
          {words.session.signIn}
        </Button>
        <p className="field-hint">{words.session.forgotten}</p>
      </form>
    </DoorPage>
  )
}
