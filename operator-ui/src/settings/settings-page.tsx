/** The administration pages and the way between them. */

import { useEffect, useRef } from 'react'
import { Link } from 'wouter'
import { useSession } from '../session-data.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Empty } from '../ui/states.tsx'
import { useWords } from '../words.ts'
import { CalendarPage } from './calendar-page.tsx'
import { ChannelsPage } from './channels-page.tsx'
import { LinksPage } from './links-page.tsx'
import { MissesPage } from './misses-page.tsx'
import { OperatorsPage } from './operators-page.tsx'
import { ProblemsPage } from './problems-page.tsx'
import { QuickAnswersPage } from './quick-answers-page.tsx'
import { TrialPage } from './trial-page.tsx'

const pages = [
  { path: 'channels', name: 'channels', icon: 'inbox', Page: ChannelsPage, everyone: false },
  { path: 'problems', name: 'problems', icon: 'alert', Page: ProblemsPage, everyone: false },
  { path: 'operators', name: 'operators', icon: 'users', Page: OperatorsPage, everyone: false },
  { path: 'calendar', name: 'calendar', icon: 'calendar', Page: CalendarPage, everyone: false },
  { path: 'quick-answers', name: 'quickAnswers', icon: 'bolt', Page: QuickAnswersPage, everyone: true },
  { path: 'links', name: 'links', icon: 'link', Page: LinksPage, everyone: true },
  { path: 'bot', name: 'trialName', icon: 'bot', Page: TrialPage, everyone: false },
  { path: 'misses', name: 'misses', icon: 'question', Page: MissesPage, everyone: false },
] as const satisfies { path: string; name: string; icon: IconName; Page: () => React.ReactNode; everyone: boolean }[]

export default function SettingsPage({ page }: { page: string | undefined }) {
  const words = useWords()
  const { operator } = useSession()
  const isAdmin = operator.role !== 'operator'
  const allowed = pages.filter(({ everyone }) => everyone || isAdmin)
  const current = page ? pages.find(({ path }) => path === page) : allowed[0]
  const nav = useRef<HTMLElement>(null)
  useEffect(() => {
    // On a phone the pages stand in one row that is wider than the screen.
    if (current) nav.current?.querySelector('[aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' })
  }, [current])
  return (
    <div className="settings">
      <nav ref={nav} className="settings-nav" aria-label={words.settings.label}>
        <Link href="/" className="settings-back">
          <Icon name="back" size={18} />
          <span>{words.app.inbox}</span>
        </Link>
        <ul>
          {allowed.map(({ path, name, icon }) => (
            <li key={path}>
              <Link href={`/settings/${path}`} aria-current={current?.path === path ? 'page' : undefined}>
                <Icon name={icon} />
                <span>{words.settings[name]}</span>
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <main className="settings-main">
        {!current ? (
          <Empty icon="question" title={words.app.notFound} />
        ) : !allowed.includes(current) ? (
          <Empty icon="alert" title={words.settings.adminOnly} />
        ) : (
          <>
            <h1>{words.settings[current.name]}</h1>
            <current.Page />
          </>
        )}
      </main>
    </div>
  )
}
