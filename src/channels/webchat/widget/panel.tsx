/** The window: header, conversation, composer; and where the keyboard goes. */

import { type ComponentChild, h } from 'preact'
import { Composer } from './composer.tsx'
import { Icon } from './icons.tsx'
import { Messages } from './messages.tsx'
import { Notices } from './notices.tsx'
import { Options } from './options.tsx'
import type { View } from './view.ts'
import { fill } from './words.ts'

/** As in chat.css: there the chat is all that is seen. */
const fullScreen = matchMedia('(max-width: 480px), (max-height: 480px)')

export function Panel(view: View): ComponentChild {
  const { setting, isPage, words: w, ui, open, draw, find } = view
  const Heading = isPage ? 'h1' : 'h2'
  // The same window either way, as a landmark or as a dialog.
  const Window = (isPage ? 'main' : 'div') as 'div'

  function toggleOptions(): void {
    ui.showsOptions = !ui.showsOptions
    ui.asksForget = false
    draw()
    if (!ui.showsOptions) find('opener')?.focus()
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !event.isComposing) {
      event.stopPropagation()
      if (ui.showsOptions) toggleOptions()
      else open(false)
    } else if (event.key === 'Tab' && fullScreen.matches && !isPage) goRound(event, find('panel')!)
  }

  return (
    <Window
      class="panel" hidden={!ui.isOpen} onKeyDown={onKeyDown}
      {...(!isPage && { role: 'dialog' as const, 'aria-modal': fullScreen.matches, 'aria-label': setting.title })}
    >
      <header>
        <div class="title">
          <Heading>{setting.title}</Heading>
          <p>{stateInWords(view)}</p>
        </div>
        <button type="button" class="icon opener" aria-label={w.options} aria-expanded={ui.showsOptions} onClick={toggleOptions}><Icon of="options" /></button>
        {!isPage && <button type="button" class="icon" aria-label={w.close} onClick={() => open(false)}><Icon of="close" /></button>}
      </header>
      {ui.showsOptions && <Options {...view} done={toggleOptions} />}
      <Messages {...view} />
      <Notices {...view} />
      <Composer {...view} />
    </Window>
  )
}

function stateInWords({ state: { standing }, words: w }: View): string {
  if (standing?.state === 'assigned' && standing.operatorName) return fill(w.withOperator, standing.operatorName)
  if (standing?.state === 'bot') return w.bot
  return standing ? fill(w.reference, standing.reference) : w.online
}

/** When nothing else is seen, nothing else is reached. */
function goRound(event: KeyboardEvent, panel: HTMLElement): void {
  const all = [...panel.querySelectorAll<HTMLElement>('button, a[href], textarea, input, select, [tabindex="0"]')].filter((each) => each.offsetParent)
  const [from, to] = event.shiftKey ? [all[0], all.at(-1)] : [all.at(-1), all[0]]
  if ((panel.getRootNode() as ShadowRoot).activeElement !== from) return
  event.preventDefault()
  to?.focus()
}

/** The keyboard of a phone covers the page without making it smaller. */
export function aboveKeyboard({ style }: HTMLElement): void {
  const seen = window.visualViewport
  const fit = () => {
    const isCovered = fullScreen.matches && innerHeight - seen!.height > 120 && seen!.scale < 1.1
    style.height = isCovered ? `${seen!.height}px` : ''
    style.top = isCovered ? `${seen!.offsetTop}px` : ''
  }
  seen?.addEventListener('resize', fit)
  seen?.addEventListener('scroll', fit)
}
