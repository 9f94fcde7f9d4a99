/** One conversation: its parts come from their features and meet only here. */

import { usePrefetchQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { ConversationDetail } from '../../../src/operator-api.types.ts'
import { ApiError } from '../api.ts'
import { CallPanel } from '../call/call-panel.tsx'
import { called } from '../citizen/called.ts'
import { CitizenPanel } from '../citizen/citizen-panel.tsx'
import { type Command, useCommands } from '../commands.ts'
import { Composer, type ComposerDoor } from '../composer/composer.tsx'
import { ConversationActions } from '../conversation/conversation-actions.tsx'
import { PresenceBar } from '../conversation/presence-bar.tsx'
import { Thread } from '../conversation/thread.tsx'
import type { GivenBack } from '../pending.ts'
import { knownSummary, useConversation } from '../queries.ts'
import { timelineQuery } from '../timeline.ts'
import { IconButton } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { useMedia } from '../ui/use-media.ts'
import { useWords } from '../words.ts'

export function ConversationPage({
  id,
  onOpen,
  onNext,
  q,
}: {
  id: string
  onOpen(id: string | undefined): void
  /** This one is done with. */
  onNext(): void
  q: string | undefined
}) {
  const words = useWords()
  const client = useQueryClient()
  // Both are asked for at once, not one after the other.
  usePrefetchQuery(timelineQuery(client, id))
  const conversation = useConversation(id)
  const known = useMemo(() => knownSummary(client, id), [client, id])
  const detail = conversation.data
  const shown = detail ?? known
  const name = shown ? called(shown.citizen, words) : ''
  // Kept from conversation to conversation: whoever hides the panel wants the room.
  const [panel, setPanel] = useState(() => window.localStorage.getItem('balcao.panel') !== 'hidden')
  const [sheet, setSheet] = useState(false)
  const door = useRef<ComposerDoor>(null)
  const head = useRef<HTMLHeadingElement>(null)

  const isWide = useMedia('(min-width: 1280px)')
  const toggle = useCallback(() => {
    if (!isWide) return setSheet(true)
    setPanel((shown) => {
      window.localStorage.setItem('balcao.panel', shown ? 'hidden' : 'shown')
      return !shown
    })
  }, [isWide])
  useCommands(
    useMemo<Command[]>(
      () => [
        { id: 'panel', group: 'go', label: words.citizen.show, keys: 'i', run: toggle },
        { id: 'back', group: 'list', label: words.app.back, keys: 'u', run: () => onOpen(undefined) },
      ],
      [words, toggle, onOpen],
    ),
  )

  useEffect(() => {
    // On a phone the list is gone: whoever reads with the ears must hear where they are now.
    if (window.matchMedia('(max-width: 767px)').matches) head.current?.focus()
  }, [])

  if (conversation.error && !detail) {
    const isGone = conversation.error instanceof ApiError && conversation.error.status === 404
    return (
      <div className="nothing-open">
        {isGone ? (
          <Empty icon="question" title={words.problem.gone} />
        ) : (
          <Failed problem={conversation.error} onRetry={() => void conversation.refetch()} />
        )}
        <button type="button" className="button plain" onClick={() => onOpen(undefined)}>
          {words.app.back}
        </button>
      </div>
    )
  }
  return (
    <div className="conversation" data-panel={panel}>
      <div className="conversation-main">
        <header className="conversation-head">
          <span className="conversation-back">
            <IconButton icon="back" label={words.app.back} onClick={() => onOpen(undefined)} />
          </span>
          <div className="conversation-who">
            <h1 ref={head} tabIndex={-1}>
              <bdi>{name || words.app.loading}</bdi>
            </h1>
            {(detail ?? known) && (
              <p>
                <span className="reference">{(detail ?? known)?.reference}</span>
                {(detail ?? known)?.subject && (
                  <span className="conversation-subject"> · {(detail ?? known)?.subject}</span>
                )}
              </p>
            )}
          </div>
          {detail && <ConversationActions conversation={detail} onOpen={onOpen} />}
          <IconButton
            icon="panel"
            label={panel && isWide ? words.citizen.hide : words.citizen.show}
            {...(isWide && { pressed: panel })}
            onClick={toggle}
          />
        </header>
        {detail ? <Open detail={detail} door={door} onOpen={onOpen} onNext={onNext} q={q} /> : <Loading />}
      </div>
      {detail && panel && isWide && (
        <aside className="citizen-pane" aria-label={words.citizen.label}>
          <CitizenPanel conversation={detail} onOpen={onOpen} />
        </aside>
      )}
      {detail && sheet && (
        <Dialog title={words.citizen.label} onClose={() => setSheet(false)}>
          <CitizenPanel
            conversation={detail}
            onOpen={(next) => {
              setSheet(false)
              onOpen(next)
            }}
          />
        </Dialog>
      )}
    </div>
  )
}

function Open({
  detail,
  door,
  onOpen,
  onNext,
  q,
}: {
  detail: ConversationDetail
  door: React.RefObject<ComposerDoor | null>
  onOpen(id: string | undefined): void
  onNext(): void
  q: string | undefined
}) {
  const words = useWords()
  const giveBack = useCallback((given: GivenBack) => door.current?.giveBack(given), [door])
  useCommands(
    useMemo<Command[]>(
      () => [
        {
          id: 'reply',
          group: 'write',
          label: words.palette.focusComposer,
          keys: 'r',
          run: () => door.current?.write('reply'),
        },
        {
          id: 'note',
          group: 'write',
          label: words.palette.writeNote,
          keys: 'n',
          run: () => door.current?.write('note'),
        },
      ],
      [words, door],
    ),
  )
  return (
    <>
      <CallPanel conversation={detail} />
      <Thread conversation={detail} q={q} onTakenBack={giveBack} onOpen={onOpen} />
      <PresenceBar conversation={detail} />
      <Composer ref={door} conversation={detail} onNext={onNext} />
    </>
  )
}
