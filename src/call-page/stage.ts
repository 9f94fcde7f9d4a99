/** In the waiting room and in the call: one place for the picture, and the chat beside it all the while. */

import type { Open } from '../call/protocol.ts'
import { pass, post, roundTrip } from './api.ts'
import { chat } from './chat.ts'
import { el } from './dom.ts'
import { type Line, watchLine } from './line.ts'
import { openRoom, type Room } from './room.ts'
import type { Choice } from './welcome.ts'
import type { Words } from './words.ts'

export interface Stage { element: HTMLElement; show(state: Open): void; close(): void }

export function stage(first: Open, words: Words, choice: Choice, announce: (text: string) => void, onTaken: () => void): Stage {
  const title = el('h1', { tabIndex: -1 })
  const hint = el('p', { class: 'hint' })
  const notice = el('p', { class: 'notice warn', hidden: true, aria: { role: 'status' } })
  const frame = el('div', { class: 'frame', hidden: true })
  const button = (text: string, look: string, act: () => void) => el('button', { type: 'button', class: look, on: { click: act } }, text)
  const giveUp = button(words.giveUp, 'quiet', () => void post('leave').catch(() => undefined))
  const sound = button(words.audioOnlyNow, 'quiet', () => {
    wasChosen = true
    warn('')
    withSoundOnly(!isAudioOnly)
  })
  const back = button(words.back, 'primary', () => {
    hasLeft = false
    draw()
  })
  const hangUp = button(words.leave, 'danger', () => room?.hangUp())
  const talk = chat(words, announce)
  const bar = el('div', { class: 'bar' }, sound, hangUp, giveUp, back)
  const element = el('div', { class: 'stage-page' },
    el('section', { class: 'picture', aria: { label: words.title } }, title, hint, notice, frame, bar), first.role === 'citizen' && talk.element)
  let state = first
  let room: Room | undefined
  let opening = false
  let failed = false
  let hasLeft = false
  let isAudioOnly = choice.audioOnly
  /** Whoever wants the picture back in spite of a poor line has it: it is not taken away again. */
  let wasChosen = false
  let line: Line | undefined
  let wasTaken = false
  let isClosed = false

  function draw(): void {
    const isTaken = state.state === 'ready' || state.state === 'active'
    if (isTaken && !wasTaken && state.state === 'ready') onTaken()
    wasTaken = isTaken
    if (isTaken && !hasLeft && !failed) void enter()
    const text = !isTaken ? words.waiting : hasLeft ? words.left : state.state === 'active' ? words.active : words.ready(state.operator ?? words.someone)
    if (title.textContent !== text) {
      const wasSaid = title.textContent !== ''
      title.textContent = text
      if (wasSaid) announce(text)
    }
    const place = state.role === 'guest' ? words.guestWaiting : state.position === 1 ? words.next : state.position ? words.place(state.position) : ''
    hint.textContent = isTaken ? (hasLeft ? words.leftHint : state.isOperatorHere ? '' : words.notHere) : [place, state.role === 'guest' ? '' : words.keepOpen].join(' ').trim()
    hint.hidden = hint.textContent === ''
    frame.hidden = !isTaken || hasLeft || failed
    giveUp.hidden = isTaken || state.role === 'guest'
    hangUp.hidden = sound.hidden = !room || hasLeft
    sound.textContent = isAudioOnly ? words.videoAgain : words.audioOnlyNow
    back.hidden = !(isTaken && (hasLeft || failed))
    element.dataset.state = !isTaken ? 'waiting' : hasLeft ? 'left' : state.state
    talk.show(state.entries)
  }

  async function enter(): Promise<void> {
    if (room || opening) return
    opening = true
    try {
      const entry = await pass()
      if (isClosed) return
      room = await openRoom(entry, frame, { ...choice, audioOnly: isAudioOnly, language: words.lang.slice(0, 2), title: words.picture }, {
        joined: () => void here('joined'),
        left,
        weak: () => warn(words.weak),
        well: () => warn(''),
      })
      warn('')
      line = watchLine(() => roundTrip(1), {
        onPoor() {
          if (wasChosen || isAudioOnly) return warn(words.weak)
          withSoundOnly(true)
          warn(words.soundByItself)
          announce(words.soundByItself)
        },
        onBetter: () => warn(isAudioOnly && !wasChosen && !choice.audioOnly ? words.better : ''),
      })
    } catch {
      // The words go on without the picture.
      failed = true
      warn(words.noJitsi)
    } finally {
      opening = false
      draw()
    }
  }

  /** Jitsi tells the gateway of its room at the same moment: one may come before the other. */
  async function here(what: 'joined' | 'left', attempt = 0): Promise<void> {
    await post('here', { what }).catch(() => {
      if (attempt < 8 && (what === 'left' || room)) setTimeout(() => void here(what, attempt + 1), 500 * (attempt + 1))
    })
  }

  function left(): void {
    if (!room) return
    leaveRoom()
    hasLeft = true
    frame.replaceChildren()
    void here('left')
    draw()
    title.focus()
  }

  function leaveRoom(): void {
    line?.stop()
    room?.close()
    room = undefined
  }

  function withSoundOnly(isOn: boolean): void {
    isAudioOnly = isOn
    sound.textContent = isOn ? words.videoAgain : words.audioOnlyNow
    room?.audioOnly(isOn)
  }

  function warn(text: string): void {
    notice.hidden = text === ''
    notice.textContent = text
  }

  back.addEventListener('click', () => {
    failed = false
    warn('')
    draw()
  })
  draw()
  return {
    element,
    show(next) {
      state = next
      draw()
    },
    close() {
      isClosed = true
      leaveRoom()
    },
  }
}
