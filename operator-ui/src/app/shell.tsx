/** What is around every page: views, the state of the line, palette, keys, notifications. */

import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import { type Command, useCommands, useKeys } from '../commands.ts'
import { CallDock } from '../call/call-dock.tsx'
import { useResend } from '../composer/use-resend.ts'
import { type Heard, LineContext, useLive } from '../live/use-live.ts'
import { preferencesOf, useSession } from '../session-data.tsx'
import { Loading } from '../ui/states.tsx'
import { useWords } from '../words.ts'
import { InboxPage } from './inbox-page.tsx'
import { chime } from './chime.ts'
import { LineBanner } from './line-banner.tsx'
import { NotFound } from './not-found.tsx'
import { useNotifications } from './notifications.ts'

const Settings = lazy(() => import('../settings/settings-page.tsx'))
const Reports = lazy(() => import('../reports/reports-page.tsx'))
const Wall = lazy(() => import('../reports/wall-page.tsx'))
const Palette = lazy(() => import('./palette.tsx'))
const KeySheet = lazy(() => import('./key-sheet.tsx'))
const PreferencesDialog = lazy(() => import('./preferences-dialog.tsx'))

export type Overlay = 'palette' | 'keys' | 'preferences' | undefined

export function Shell({ onSignedOut }: { onSignedOut(): void }) {
  const session = useSession()
  const words = useWords()
  const [, navigate] = useLocation()
  const [overlay, setOverlay] = useState<Overlay>()
  const preferences = preferencesOf(session.operator)
  const notify = useNotifications(preferences)
  const resend = useResend()
  const hear = useCallback<Heard>(
    (event, news) => {
      if (event.type === 'hello') resend()
      notify(event, news)
    },
    [notify, resend],
  )
  const line = useLive(session.operator.id, hear)
  useKeys(preferences.singleKeys)

  const gone = useRef(onSignedOut)
  gone.current = onSignedOut
  useEffect(() => {
    if (line.state === 'signed-out') gone.current()
  }, [line.state])

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== 'k') return
      event.preventDefault()
      setOverlay((now) => (now === 'palette' ? undefined : 'palette'))
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  const ring = useCallback(() => {
    if (preferences.sound) chime()
  }, [preferences.sound])
  const show = useCallback((next: Overlay) => setOverlay(next), [])
  const isAdmin = session.operator.role === 'admin'
  useCommands(
    useMemo<Command[]>(
      () => [
        { id: 'palette', group: 'general', label: words.palette.open, shown: 'Ctrl+K', run: () => show('palette') },
        { id: 'keys', group: 'general', label: words.palette.keysTitle, keys: '?', run: () => show('keys') },
        {
          id: 'preferences',
          group: 'general',
          label: words.preferences.title,
          keys: 'g p',
          run: () => show('preferences'),
        },
        {
          id: 'go-settings',
          group: 'go',
          label: isAdmin ? words.app.settings : words.settings.quickAnswers,
          keys: 'g s',
          run: () => navigate('/settings'),
        },
        { id: 'go-numbers', group: 'go', label: words.app.numbers, keys: 'g n', run: () => navigate('/numbers') },
        { id: 'go-inbox', group: 'go', label: words.app.inbox, keys: 'g i', run: () => navigate('/') },
      ],
      [words, show, navigate, isAdmin],
    ),
  )

  return (
    <LineContext value={line}>
      <LineBanner line={line} />
      <Switch>
        <Route path="/">
          <InboxPage onOverlay={show} onSignedOut={onSignedOut} />
        </Route>
        <Route path="/c/:id">{({ id }) => <InboxPage openId={id} onOverlay={show} onSignedOut={onSignedOut} />}</Route>
        <Route path="/numbers">
          <Suspense fallback={<Loading />}>
            <Reports />
          </Suspense>
        </Route>
        <Route path="/wall">
          <Suspense fallback={<Loading />}>
            <Wall />
          </Suspense>
        </Route>
        <Route path="/settings/:page?">
          {({ page }) => (
            <Suspense fallback={<Loading />}>
              <Settings page={page} />
            </Suspense>
          )}
        </Route>
        <Route>
          <NotFound />
        </Route>
      </Switch>
      <CallDock onRing={ring} />
      <Suspense>
        {overlay === 'palette' && <Palette onClose={() => setOverlay(undefined)} />}
        {overlay === 'keys' && <KeySheet onClose={() => setOverlay(undefined)} singleKeys={preferences.singleKeys} />}
        {overlay === 'preferences' && <PreferencesDialog onClose={() => setOverlay(undefined)} />}
      </Suspense>
    </LineContext>
  )
}
