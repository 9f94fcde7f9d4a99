/** The same conversation as text, beside the picture: for whoever cannot hear, for links, and when the line is poor. */

import type { Entry } from '../call/protocol.ts'
import { post } from './api.ts'
import { el, linked } from './dom.ts'
import type { Words } from './words.ts'

export interface Chat { element: HTMLElement; show(entries: Entry[]): void }

interface Unsent { id: string; text: string; state: 'sending' | 'failed' }

export function chat(words: Words, announce: (text: string) => void): Chat {
  const list = el('ol', { class: 'messages', tabIndex: 0, aria: { label: words.chat } })
  const empty = el('p', { class: 'hint' }, words.empty)
  const box = el('textarea', { id: 'words', rows: 2, maxLength: 4_000, on: { keydown: onKey } })
  const element = el('section', { class: 'chat', aria: { labelledby: 'chat-title' } },
    el('h2', { id: 'chat-title' }, words.chat), el('p', { class: 'hint' }, words.chatHint), empty, list,
    el('form', { class: 'write', on: { submit: onSubmit } }, el('label', { htmlFor: 'words', class: 'unseen' }, words.write), box, el('button', { class: 'primary', type: 'submit' }, words.send)))
  box.placeholder = words.write
  let entries: Entry[] = []
  let unsent: Unsent[] = []
  let newest = -1

  function onKey(event: Event): void {
    const { key, shiftKey, isComposing } = event as KeyboardEvent
    if (key !== 'Enter' || shiftKey || isComposing) return
    event.preventDefault()
    onSubmit(event)
  }

  function onSubmit(event: Event): void {
    event.preventDefault()
    const text = box.value.trim()
    if (!text) return
    box.value = ''
    void send({ id: crypto.randomUUID(), text, state: 'sending' })
  }

  async function send(one: Unsent): Promise<void> {
    one.state = 'sending'
    if (!unsent.includes(one)) unsent.push(one)
    draw()
    try {
      await post('say', { id: one.id, text: one.text })
    } catch {
      // The same id again: it is stored once, however often it is sent.
      one.state = 'failed'
      announce(words.unsent)
      draw()
    }
  }

  function draw(): void {
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60
    empty.hidden = entries.length + unsent.length > 0
    list.replaceChildren(...entries.map(bubble), ...unsent.map((one) => el('li', { class: 'mine' },
      el('p', {}, ...linked(one.text)),
      el('small', {}, one.state === 'sending' ? words.sending : words.unsent),
      one.state === 'failed' && el('button', { type: 'button', class: 'quiet', on: { click: () => void send(one) } }, words.sendAgain))))
    if (isAtEnd) list.scrollTop = list.scrollHeight
  }

  const nameOf = ({ by, name }: Entry) => (by === 'citizen' ? words.you : by === 'operator' ? name ?? words.staff : by === 'bot' ? words.bot : words.staff)

  function bubble(entry: Entry): HTMLElement {
    return el('li', { class: entry.by === 'citizen' ? 'mine' : 'theirs' },
      el('small', {}, nameOf(entry), ' · ', el('time', { dateTime: entry.at }, new Date(entry.at).toLocaleTimeString(words.lang, { hour: '2-digit', minute: '2-digit' }))),
      el('p', {}, ...linked(entry.text)),
      ...entry.files.map(({ name, url }) => el('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, name)))
  }

  return {
    element,
    show(given) {
      entries = given
      unsent = unsent.filter(({ id }) => !given.some((entry) => entry.id === id))
      for (const entry of given) if (newest >= 0 && entry.seq > newest && entry.by !== 'citizen') announce(words.said(nameOf(entry), entry.text))
      newest = Math.max(newest, 0, ...given.map(({ seq }) => seq))
      draw()
    },
  }
}
