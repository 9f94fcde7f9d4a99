/** The citizen's call page: follows the state that the gateway tells, and shows the view that fits it. */

import type { Open, PageState } from '../call/protocol.ts'
import { follow, post, readState, type Refusal } from './api.ts'
import { chime } from './chime.ts'
import { el } from './dom.ts'
import { closed, over } from './over.ts'
import { type Stage, stage } from './stage.ts'
import { type Choice, type Welcome, welcome } from './welcome.ts'
import { type Words, wordsFor } from './words.ts'

const view = document.getElementById('view')!
const line = document.getElementById('line')!
const said = document.getElementById('said')!
const announce = (text: string) => said.replaceChildren(el('p', {}, text))

let words: Words = wordsFor(navigator.language.startsWith('pt') ? 'pt' : 'en')
let shown = ''
let asked: Welcome | undefined
let within: Stage | undefined
let choice: Choice = { audioOnly: false, cameraLabel: null, microphoneLabel: null }
let unfollow: (() => void) | undefined

function put(element: HTMLElement, name: string): void {
  const isFirst = shown === ''
  shown = name
  view.replaceChildren(element)
  // Whoever cannot see the change hears it: the reading begins at the new title.
  if (!isFirst) element.querySelector('h1')?.focus()
}

function show(state: PageState): void {
  words = wordsFor(state.language)
  document.documentElement.lang = words.lang
  document.title = `${words.title} · ${state.town}`
  document.getElementById('town')!.textContent = state.town
  if (state.state === 'welcome') return showWelcome(state)
  if (state.state === 'waiting' || state.state === 'ready' || state.state === 'active') return showStage(state)
  leave()
  line.textContent = ''
  unfollow?.()
  unfollow = undefined
  if (shown === state.state) return
  if (state.state === 'over') put(over(state, words), 'over')
  else if (state.state === 'gone' || state.state === 'elsewhere') put(closed(state, words), state.state)
}

function leave(): void {
  asked?.close()
  within?.close()
  asked = undefined
  within = undefined
}

function showWelcome(state: Open): void {
  if (shown === 'welcome') return
  leave()
  asked = welcome(state, words, () => void enter())
  put(asked.element, 'welcome')
}

async function enter(): Promise<void> {
  const page = asked
  if (!page) return
  page.busy(true)
  page.say('')
  try {
    choice = page.choice()
    await post('enter', page.brings())
    listen()
    show(await readState())
  } catch (error) {
    const { code } = error as Refusal
    if (code === 'gone' || code === 'elsewhere') return show(await readState())
    page.say(code === 'too-many' ? words.busy : code === 'offline' ? words.cut : words.failed)
  } finally {
    page.busy(false)
  }
}

function showStage(state: Open): void {
  listen()
  if (shown === 'stage') return within?.show(state)
  leave()
  within = stage(state, words, choice, announce, chime)
  put(within.element, 'stage')
}

function listen(): void {
  unfollow ??= follow(show, (isUp) => { line.textContent = isUp ? '' : words.cut })
}

async function begin(): Promise<void> {
  try {
    show(await readState())
  } catch {
    line.textContent = words.cut
    setTimeout(() => void begin(), 2_000)
  }
}
void begin()
