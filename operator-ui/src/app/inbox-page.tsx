/** The inbox: views, list, conversation with composer, citizen. On a phone one of them at a time. */

import { useCallback, useMemo, useRef, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { ConversationFilter } from '../../../src/operator-api.types.ts'
import { readFilter, writeFilter } from '../filter.ts'
import { ConversationList } from '../inbox/conversation-list.tsx'
import { FilterBar } from '../inbox/filter-bar.tsx'
import { useViewCommands } from '../inbox/use-view-commands.ts'
import { ViewsNav } from '../inbox/views-nav.tsx'
import { Empty } from '../ui/states.tsx'
import { useMedia } from '../ui/use-media.ts'
import { useWords } from '../words.ts'
import { AccountMenu } from './account-menu.tsx'
import { ConversationPage } from './conversation-page.tsx'
import type { Overlay } from './shell.tsx'

export function InboxPage({
  openId,
  onOverlay,
  onSignedOut,
}: {
  openId?: string
  onOverlay(overlay: Overlay): void
  onSignedOut(): void
}) {
  const words = useWords()
  const search = useSearch()
  const [, navigate] = useLocation()
  const filter = useMemo(() => readFilter(search), [search])
  const [navOpen, setNavOpen] = useState(false)

  const go = useCallback(
    (next: ConversationFilter) => {
      setNavOpen(false)
      navigate(`/?${writeFilter(next)}`)
    },
    [navigate],
  )
  // The open conversation stays open while words are typed into the search field.
  const refine = useCallback(
    (next: ConversationFilter) => {
      navigate(`${openId ? `/c/${openId}` : '/'}?${writeFilter(next)}`, { replace: true })
    },
    [navigate, openId],
  )
  const open = useCallback(
    (id: string | undefined) => {
      navigate(`${id ? `/c/${encodeURIComponent(id)}` : '/'}${search ? `?${search}` : ''}`)
    },
    [navigate, search],
  )

  const neighbour = useRef<() => string | undefined>(() => undefined)
  // On a phone the list is what comes next.
  const isNarrow = useMedia('(max-width: 767px)')
  const next = () => open(isNarrow ? undefined : neighbour.current())

  useViewCommands(go)

  return (
    <div className="inbox" data-open={openId !== undefined} data-nav={navOpen}>
      <a className="skip" href="#conversation">
        {words.app.skip}
      </a>
      <ViewsNav filter={filter} onGo={go} isOpen={navOpen} onClose={() => setNavOpen(false)}>
        <AccountMenu onOverlay={onOverlay} onSignedOut={onSignedOut} />
      </ViewsNav>
      <main className="panes">
        <section className="list-pane" aria-label={words.list.label}>
          <FilterBar filter={filter} onGo={go} onRefine={refine} onNav={() => setNavOpen(!navOpen)} />
          <ConversationList key={writeFilter(filter)} filter={filter} openId={openId} onOpen={open} neighbour={neighbour} />
        </section>
        <section id="conversation" className="conversation-pane" aria-label={words.app.conversation} tabIndex={-1}>
          {openId ? (
            <ConversationPage key={openId} id={openId} onOpen={open} onNext={next} q={filter.q} />
          ) : (
            <div className="nothing-open">
              <Empty icon="inbox" title={words.list.choose} text={words.list.chooseHint} />
            </div>
          )}
        </section>
      </main>
    </div>
  )
}
