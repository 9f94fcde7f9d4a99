/** How things stand: no line, who is writing, the queue, closed hours. Said once to a screen reader, by role=status. */

import { type ComponentChild, h } from 'preact'
import { Icon } from './icons.tsx'
import { opening } from './times.ts'
import type { Ui, View } from './view.ts'
import { fill } from './words.ts'

export function Notices(view: View): ComponentChild {
  const { state: { standing, isLost, isTyping }, words: w, ui } = view
  const isWaiting = standing?.state === 'waiting'
  const queue = isWaiting ? waitingInWords(view) : standing?.state === 'closed' ? w.ended : ''
  return (
    <div class="notices">
      <div role="status">
        <span class="sr">{ui.heard}</span>
        {isLost && <p class="notice warn"><Icon of="alert" />{w.lost}</p>}
        {queue && <p class="notice"><Icon of="clock" />{queue}</p>}
        {isTyping && <p class="typing">{fill(w.typing, standing?.operatorName ?? w.town)}<span class="dots" aria-hidden="true"><i /><i /><i /></span></p>}
      </div>
      {isWaiting && (ui.mail === 'hidden'
        ? <button type="button" class="plain by-mail" onClick={() => turn(view, 'open', 'mail-input')}><Icon of="mail" />{w.byMail}</button>
        : ui.mail !== 'given' && <MailForm {...view} />)}
    </div>
  )
}

function waitingInWords({ state, words: w, language }: View): string {
  const { closed, position } = state.standing!
  if (closed) return closed.opensAt ? fill(w.closedUntil, opening(new Date(closed.opensAt), new Date(), language, w)) : w.closed
  return position === 1 ? w.queueNext : position ? fill(w.queue, position) : ''
}

function turn({ ui, draw, find }: View, mail: Ui['mail'], focus: string): void {
  ui.mail = mail
  draw()
  find(focus)?.focus()
}

function MailForm(view: View): ComponentChild {
  const { words: w, ui, conversation, language, setting, find } = view
  const isWrong = ui.mail === 'wrong'

  function send(event: Event): void {
    event.preventDefault()
    const email = find<HTMLInputElement>('mail-input')!.value.trim()
    if (!/^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(email)) return turn(view, 'wrong', 'mail-input')
    conversation.say({ text: fill(w.mailSaid, email), email, language, notice: setting.privacy?.version })
    turn(view, 'given', 'write')
  }

  return (
    <form class="mail" noValidate onSubmit={send}>
      <label for="mail">{w.mail}</label>
      <input id="mail" class="mail-input" type="email" autocomplete="email" maxLength={254} aria-invalid={isWrong} aria-describedby={isWrong ? 'wrong' : undefined} />
      {isWrong && <p id="wrong" class="wrong" role="alert">{w.mailWrong}</p>}
      <div class="buttons">
        <button type="submit" class="plain strong">{w.send}</button>
        <button type="button" class="plain" onClick={() => turn(view, 'hidden', 'by-mail')}>{w.cancel}</button>
      </div>
    </form>
  )
}
