/** Who may see what: the sign-in pages, or the inbox of whoever is signed in. */

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { Route, Switch } from 'wouter'
import { ApiError } from '../api.ts'
import { sessionQuery } from '../queries.ts'
import { SignIn } from '../session/sign-in.tsx'
import { SessionContext } from '../session-data.tsx'
import { AskProvider } from '../ui/ask.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { ToastProvider } from '../ui/toast.tsx'
import { type PageLanguage, SpeechContext, speechFor } from '../words.ts'
import { Boundary } from './boundary.tsx'
import { Shell } from './shell.tsx'
import { rememberedLanguage, rememberLanguage } from './remembered.ts'

const SetPassword = lazy(() => import('../session/set-password.tsx'))

export function App() {
  const client = useQueryClient()
  const [language, setLanguage] = useState<PageLanguage>(rememberedLanguage)
  const session = useQuery(sessionQuery)
  const [ended, setEnded] = useState(false)
  const chosen = session.data?.operator.language
  const timeZone = session.data?.municipality.timezone ?? 'Europe/Lisbon'

  useEffect(() => {
    if (chosen) setLanguage(chosen === 'en' ? 'en' : 'pt')
  }, [chosen])
  const speech = useMemo(() => speechFor(language, timeZone), [language, timeZone])
  useEffect(() => {
    document.documentElement.lang = speech.locale
    rememberLanguage(language)
  }, [speech, language])

  const onSignedOut = useMemo(
    () => () => {
      setEnded(true)
      // Nothing that a citizen wrote stays behind.
      client.clear()
      client.setQueryData(sessionQuery.queryKey, undefined)
      void client.resetQueries({ queryKey: sessionQuery.queryKey })
    },
    [client],
  )

  const isSignedOut = session.error instanceof ApiError && session.error.status === 401
  return (
    <SpeechContext value={speech}>
      <Boundary words={speech.words}>
        <ToastProvider>
          <AskProvider>
            <Switch>
              <Route path="/set-password">
                <Suspense fallback={<Loading />}>
                  <SetPassword onLanguage={setLanguage} />
                </Suspense>
              </Route>
              <Route>
                {session.data ? (
                  <SessionContext value={session.data}>
                    <Shell onSignedOut={onSignedOut} />
                  </SessionContext>
                ) : isSignedOut ? (
                  <SignIn
                    ended={ended}
                    onLanguage={setLanguage}
                    onSignedIn={() => void client.resetQueries({ queryKey: sessionQuery.queryKey })}
                  />
                ) : session.error ? (
                  <main className="alone">
                    <Failed problem={session.error} onRetry={() => void session.refetch()} />
                  </main>
                ) : (
                  <main className="alone">
                    <Loading />
                  </main>
                )}
              </Route>
            </Switch>
          </AskProvider>
        </ToastProvider>
      </Boundary>
    </SpeechContext>
  )
}
