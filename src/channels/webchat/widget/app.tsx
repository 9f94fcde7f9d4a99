/** The chat itself: loaded when it is opened, or when an answer may come for somebody who wrote before. */

import { h, render } from 'preact'
import type { Language } from '../../../core/model.ts'
import type { Entry } from '../protocol.ts'
import { openAnnouncer } from './announce.ts'
import css from './chat.css?inline'
import { openConversation } from './conversation.ts'
import { settleMessages } from './messages.tsx'
import type { App, Mount } from './mount.ts'
import { aboveKeyboard, Panel } from './panel.tsx'
import { newUi, type View } from './view.ts'
import type { Words } from './words.ts'

const speech: Record<Language, () => Promise<{ words: Words }>> = {
  pt: () => import('./words/pt.ts'), en: () => import('./words/en.ts'), es: () => import('./words/es.ts'), fr: () => import('./words/fr.ts'),
}

export async function start(mount: Mount): Promise<App> {
  const { root, base, storage, isPage, setting } = mount
  let { language } = mount
  let { words } = await speech[language]()
  const ui = newUi()
  let wasOpened = false
  let drawing = 0

  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
  const place = document.createElement('div')
  // There before the first message: a live region that comes with its words is not read.
  const log = document.createElement('div')
  log.className = 'sr'
  log.setAttribute('role', 'log')
  log.ariaLive = 'polite'
  const drawn = document.createElement('div')
  place.append(log, drawn)
  root.append(place)

  const night = matchMedia('(prefers-color-scheme: dark)')
  night.addEventListener('change', draw)
  addEventListener('resize', draw)
  const announcer = openAnnouncer(log)
  const nameOf = ({ by, name }: Entry) => (by === 'operator' && name) || (by === 'bot' ? words.bot : by === 'citizen' ? words.me : words.town)

  const conversation = openConversation({
    base, storage,
    changed() {
      if (!drawing) drawing = nextFrame(draw)
    },
    heard: (entries: Entry[]) => announcer.say(entries, words, nameOf),
  })
  let last = conversation.state()
  let wasWaiting = false

  function draw(): void {
    drawing = 0
    const isDark = mount.theme === 'dark' || (mount.theme === 'auto' && night.matches)
    place.className = `root ${isDark ? 'dark' : ''} ${isPage ? 'page' : mount.position}`
    place.lang = language
    log.ariaLabel = words.news
    const before = last
    const state = last = conversation.state()
    mount.onUnread(ui.isOpen ? 0 : state.unread)
    if (!wasOpened) return
    const isWaiting = state.outbox.some((each) => each.state === 'waiting')
    hear(before.isLost && !state.isLost ? words.back : wasWaiting && !isWaiting ? words.sent : '')
    wasWaiting = isWaiting
    render(<Panel {...view} state={state} language={language} words={words} />, drawn)
    settleMessages(view, before, state)
    const input = view.find('write')!
    input.style.height = 'auto'
    input.style.height = `${input.scrollHeight + 2}px`
  }

  function hear(news: string): void {
    if (!news) return
    ui.heard = news
    setTimeout(() => {
      ui.heard = ''
      draw()
    }, 3_000)
  }

  const view: View = {
    setting, base, isPage, conversation, ui, draw, nameOf, words, language, state: last,
    find: (name) => drawn.querySelector(`.${name}`),
    open(isOpen) {
      if (ui.isOpen === isOpen || (isPage && !isOpen)) return
      ui.isOpen = isOpen
      if (isOpen && !wasOpened) {
        wasOpened = true
        draw()
        aboveKeyboard(view.find('panel')!)
      }
      conversation.seen(isOpen)
      draw()
      mount.onOpen(isOpen)
      if (isOpen) view.find('write')?.focus({ preventScroll: true })
    },
    speak: (next) => void speech[next]().then((module) => {
      language = next
      words = module.words
      draw()
    }, () => draw()),
  }

  draw()
  return { open: () => view.open(true), close: () => view.open(false) }
}

/** A hidden page draws no frames, and must still count what is unread. */
function nextFrame(work: () => void): number {
  return document.hidden ? window.setTimeout(work, 50) : requestAnimationFrame(work)
}
