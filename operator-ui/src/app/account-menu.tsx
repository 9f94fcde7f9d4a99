/** The operator at the bottom of the views: presence, language, preferences, sign out. */

import { useLocation } from 'wouter'
import { plainly } from '../act.ts'
import { post } from '../api.ts'
import { useChangeMe } from '../change-me.ts'
import { useSession } from '../session-data.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Menu, type MenuItem } from '../ui/menu.tsx'
import { useToast } from '../ui/toast.tsx'
import { useWords } from '../words.ts'
import type { Overlay } from './shell.tsx'

const presences = ['online', 'busy', 'away'] as const

export function AccountMenu({ onOverlay, onSignedOut }: { onOverlay(overlay: Overlay): void; onSignedOut(): void }) {
  const words = useWords()
  const toast = useToast()
  const [, navigate] = useLocation()
  const { operator } = useSession()

  const change = useChangeMe()
  const signOut = () =>
    post('/api/auth/sign-out').then(onSignedOut, (problem: unknown) =>
      toast({ text: plainly(problem, words), kind: 'bad' }),
    )

  const items: (MenuItem | 'line')[] = [
    ...presences.map((presence) => ({
      id: presence,
      label: words.presence[presence],
      checked: operator.presence === presence,
      run: () => change({ presence }),
    })),
    'line',
    {
      id: 'pt',
      label: words.preferences.portuguese,
      checked: operator.language !== 'en',
      run: () => change({ language: 'pt' }),
    },
    {
      id: 'en',
      label: words.preferences.english,
      checked: operator.language === 'en',
      run: () => change({ language: 'en' }),
    },
    'line',
    { id: 'preferences', label: words.preferences.title, icon: 'gear', run: () => onOverlay('preferences') },
    { id: 'keys', label: words.palette.keysTitle, icon: 'keyboard', hint: '?', run: () => onOverlay('keys') },
    { id: 'numbers', label: words.app.numbers, icon: 'all', run: () => navigate('/numbers') },
    {
      id: 'settings',
      label: operator.role === 'admin' ? words.app.settings : words.settings.quickAnswers,
      icon: 'building',
      run: () => navigate('/settings'),
    },
    'line',
    { id: 'out', label: words.session.signOut, icon: 'sign', run: () => void signOut() },
  ]
  return (
    <div className="account">
      <Menu
        label={`${words.app.account}: ${operator.name}, ${words.presence[operator.presence]}`}
        items={items}
        isNamedInside
        look="account-button"
        align="start"
        trigger={
          <>
            <span className="visually-hidden">{words.app.account}: </span>
            <span className="account-avatar" data-presence={operator.presence}>
              <Avatar name={operator.name} id={operator.id} size={28} />
            </span>
            <span className="account-name">
              <span>{operator.name}</span>
              <small>{words.presence[operator.presence]}</small>
            </span>
            <Icon name="up" size={16} />
          </>
        }
      />
      <IconButton icon="search" label={`${words.palette.open} (Ctrl+K)`} onClick={() => onOverlay('palette')} />
    </div>
  )
}
