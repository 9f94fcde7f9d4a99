/** When there is no call to go to any more, or not with this link: why, and what to do. */

import type { Elsewhere, Gone, Over } from '../call/protocol.ts'
import { post, type Refusal } from './api.ts'
import { el } from './dom.ts'
import type { Words } from './words.ts'

export function closed(state: Gone | Elsewhere, words: Words): HTMLElement {
  const [title, hint] = state.state === 'gone' ? [words.gone, words.goneHint] : [words.elsewhere, words.elsewhereHint]
  const { phone, email } = state.contact
  return el('section', { class: 'card' }, el('h1', { tabIndex: -1 }, title), el('p', {}, hint),
    (phone || email) && el('p', {}, `${words.contact}: `, phone && el('a', { href: `tel:${phone.replace(/\s+/g, '')}` }, phone), phone && email ? ' · ' : null, email && el('a', { href: `mailto:${email}` }, email)))
}

export function over(state: Over, words: Words): HTMLElement {
  return el('section', { class: 'card' },
    el('h1', { tabIndex: -1 }, words.over[state.why]),
    el('p', {}, words.overHint[state.why], state.minutes !== null ? ` ${words.minutes(state.minutes)}` : ''),
    state.rating === 'open' && ask(words), state.rating === 'scored' && remark(words), state.rating === 'done' && state.minutes !== null && el('p', { class: 'notice good' }, words.thanks))
}

function ask(words: Words): HTMLElement {
  const problem = el('p', { class: 'notice bad', hidden: true, aria: { role: 'alert' } })
  const give = async (score: number) => {
    try {
      await post('rate', { score })
    } catch (error) {
      problem.hidden = false
      problem.textContent = (error as Refusal).code === 'too-many' ? words.busy : words.failed
      return
    }
    form.replaceWith(remark(words))
    document.getElementById('remark')?.focus()
  }
  const form = el('fieldset', { class: 'rating' }, el('legend', {}, words.rate),
    el('div', { class: 'scores' }, ...words.scale.map((label, n) => el('button', { type: 'button', on: { click: () => void give(n + 1) } }, el('strong', {}, String(n + 1)), el('span', {}, label)))), problem)
  return form
}

function remark(words: Words): HTMLElement {
  const box = el('textarea', { id: 'remark', rows: 3, maxLength: 2_000 })
  const thanks = el('p', { class: 'notice good', aria: { role: 'status' } }, words.thanks)
  const form = el('form', {
    on: {
      submit: (event) => {
        event.preventDefault()
        const comment = box.value.trim()
        if (!comment) return
        post('rate', { comment }).then(() => form.replaceWith(el('p', { class: 'notice good', aria: { role: 'status' } }, words.thanks)), () => { thanks.textContent = words.failed })
      },
    },
  }, thanks, el('label', { htmlFor: 'remark' }, words.comment), box, el('button', { type: 'submit', class: 'primary' }, words.sendComment))
  return form
}
