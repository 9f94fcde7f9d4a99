/** What was said, oldest first, with what is still on its way at the end. */

import { type ComponentChild, h } from 'preact'
import { Bubble, Pending } from './bubble.tsx'
import type { State } from './conversation.ts'
import { Icon } from './icons.tsx'
import { dayOf } from './times.ts'
import type { View } from './view.ts'

/** So near the end, one reads the end. */
const nearPx = 80

export function Messages(view: View): ComponentChild {
  const { setting, state: { entries, outbox, isLoaded }, conversation, language, words: w, ui, draw, find } = view
  const lastOwn = entries.findLast(({ by }) => by === 'citizen')
  const offered = outbox.length > 0 ? undefined : entries.findLast(({ choices, cursor }) => choices && !(lastOwn && lastOwn.cursor > cursor))
  let day = ''

  function scrolled({ currentTarget: { scrollTop, scrollHeight, clientHeight } }: { currentTarget: HTMLElement }): void {
    ui.atEnd = scrollHeight - scrollTop - clientHeight < nearPx
    if (!ui.atEnd || !ui.hasBelow) return
    ui.hasBelow = false
    draw()
  }

  return (
    <div class="talk">
      {/* What scrolls must scroll by keyboard too. */}
      <div class="scroll" tabIndex={0} role="region" aria-label={w.conversation} onScroll={scrolled}>
        <ol>
          <li class="message">
            <div class="who">{setting.title}</div>
            <div class="bubble"><p dir="auto">{setting.greeting[language] ?? w.greeting}</p></div>
          </li>
          {!isLoaded && <li class="day">{w.loading}</li>}
          {entries.flatMap((entry, n) => {
            const before = entries[n - 1]
            const today = dayOf(new Date(entry.at), new Date(), language, w)
            const isNewDay = today !== day
            const next = entries[n + 1]
            day = today
            const bubble = (
              <Bubble
                {...view} key={entry.id ?? entry.cursor} entry={entry} isLast={next?.by !== entry.by || next.at.slice(0, 16) !== entry.at.slice(0, 16)}
                isFirst={isNewDay || before?.by !== entry.by || before.name !== entry.name} isLastOwn={entry === lastOwn && outbox.length === 0}
              />
            )
            return isNewDay ? [<li class="day" key={today}>{today}</li>, bubble] : [bubble]
          })}
          {outbox.map((outgoing) => <Pending {...view} key={outgoing.message.id} outgoing={outgoing} />)}
        </ol>
        {offered?.choices && (
          <div class="choices" role="group" aria-label={w.replies}>
            {offered.choices.map(({ id, label }) => (
              <button
                key={id} type="button" dir="auto" onClick={() => {
                  // The button goes away: whoever uses the keyboard must not be thrown to the top of the page.
                  find('scroll')?.focus({ preventScroll: true })
                  conversation.say({ text: label, chosen: id, language, notice: setting.privacy?.version })
                }}
              >{label}
              </button>
            ))}
          </div>
        )}
      </div>
      {ui.hasBelow && <button type="button" class="below" onClick={() => toEnd(view)}><Icon of="down" />{w.news}</button>}
    </div>
  )
}

/** After drawing: who reads the end goes on reading the end; who reads back is told. */
export function settleMessages(view: View, before: State, { entries, outbox }: State): void {
  const { ui, draw } = view
  const isNew = entries.at(-1)?.cursor !== before.entries.at(-1)?.cursor || outbox.length > before.outbox.length
  if (ui.atEnd || (isNew && (outbox.length > 0 || entries.at(-1)?.by === 'citizen'))) toEnd(view)
  else if (isNew && !ui.hasBelow) {
    ui.hasBelow = true
    draw()
  }
}

function toEnd({ find, ui }: View): void {
  const scroll = find('scroll')!
  // Its `scroll` event comes back to us, and clears the rest.
  scroll.scrollTop = scroll.scrollHeight
  ui.atEnd = true
}
