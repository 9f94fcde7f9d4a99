/** Before going in: what will happen, and whether camera, microphone and line are fit for it. */

import type { Enter, Open } from '../call/protocol.ts'
import { roundTrip } from './api.ts'
import { type Check, check, type Chosen, type Trouble } from './devices.ts'
import { el } from './dom.ts'
import { howIs } from './line.ts'
import type { Words } from './words.ts'

export interface Choice { audioOnly: boolean; cameraLabel: string | null; microphoneLabel: string | null }

export interface Welcome { element: HTMLElement; choice(): Choice; brings(): Enter; close(): void; busy(isBusy: boolean): void; say(problem: string): void; isReady(ready: boolean): void }

export function welcome(state: Open, words: Words, onEnter: () => void): Welcome {
  const video = el('video', { muted: true, autoplay: true, playsInline: true, aria: { label: words.preview } })
  const stage = el('div', { class: 'stage', hidden: true }, video)
  const meter = el('meter', { min: 0, max: 1, value: 0, id: 'level', aria: { describedby: 'level-hint' } })
  const found = el('p', { class: 'notice', hidden: true, aria: { role: 'status' } })
  const cameras = el('select', { id: 'camera', on: { change: () => void look() } })
  const microphones = el('select', { id: 'microphone', on: { change: () => void look() } })
  const details = el('div', { class: 'devices', hidden: true },
    el('div', { class: 'field' }, el('label', { htmlFor: 'camera' }, words.camera), cameras),
    el('div', { class: 'field' }, el('label', { htmlFor: 'microphone' }, words.microphone), microphones),
    el('div', { class: 'field' }, el('label', { htmlFor: 'level' }, words.level), meter, el('small', { id: 'level-hint' }, words.levelHint)))
  const checkButton = el('button', { type: 'button', class: 'quiet', on: { click: () => void look() } }, words.checkNow)
  const audioOnly = el('input', { type: 'checkbox', id: 'audio-only', on: { change: () => { stage.hidden = audioOnly.checked || !current?.hasPicture } } })
  const quality = el('p', { class: 'quality', aria: { role: 'status' } }, words.quality.measuring)
  const problem = el('p', { class: 'notice bad', hidden: true, aria: { role: 'alert' } })
  const enter = el('button', { type: 'button', class: 'primary', on: { click: onEnter } })
  let current: Check | undefined
  let looking = 0

  async function look(): Promise<void> {
    const mine = ++looking
    const chosen: Chosen = { cameraId: cameras.value || null, microphoneId: microphones.value || null }
    current?.stop()
    checkButton.disabled = true
    const result = await check(state.jitsi, video, chosen, (level) => { meter.value = Math.min(1, level * 2) })
    if (mine !== looking) return result.stop()
    current = result
    checkButton.disabled = false
    checkButton.textContent = words.retry
    checkButton.hidden = result.trouble === null
    hint.hidden = true
    stage.hidden = !result.hasPicture || audioOnly.checked
    details.hidden = !result.hasSound && !result.hasPicture
    details.dataset.by = result.by
    offer(cameras, result.cameras, chosen.cameraId)
    offer(microphones, result.microphones, chosen.microphoneId)
    if (!result.hasPicture) audioOnly.checked = true
    found.hidden = result.trouble === null
    found.textContent = result.trouble ? troubleIn(words, result.trouble) : ''
  }

  void roundTrip(3).then((ms) => {
    const isSlow = ['slow-2g', '2g', '3g'].includes((navigator as { connection?: { effectiveType?: string } }).connection?.effectiveType ?? '')
    const how = howIs(ms, isSlow)
    quality.textContent = words.quality[how]
    quality.dataset.how = how
    if (how === 'poor') audioOnly.checked = true
  })

  const isReady = (ready: boolean) => {
    enter.textContent = ready ? words.enterCall : words.enterWaiting
    steps.replaceChildren(...(ready ? words.stepsWhenReady : words.steps).map((step) => el('li', {}, step)))
  }
  const hint = el('p', { class: 'hint' }, words.checkHint)
  const steps = el('ol', { class: 'steps' })
  isReady(false)
  const { noticeUrl, dpo } = state.privacy
  const element = el('section', { class: 'card' },
    el('h1', { tabIndex: -1 }, words.yours),
    el('p', { class: 'service' }, words.service(state.town, state.department)),
    el('p', {}, words.intro), steps,
    el('h2', {}, words.check), hint, checkButton, found, stage, details,
    el('div', { class: 'check' }, audioOnly, el('label', { htmlFor: 'audio-only' }, words.audioOnly)),
    quality, problem, enter,
    el('p', { class: 'small' }, state.mayBeRecorded ? words.mayBeRecorded : words.notRecorded, ' ',
      noticeUrl && el('a', { href: noticeUrl, target: '_blank', rel: 'noopener noreferrer' }, words.privacy), !noticeUrl && dpo ? words.dpo(dpo) : ''))
  return {
    element, isReady,
    choice: () => ({ audioOnly: audioOnly.checked, cameraLabel: labelOf(cameras), microphoneLabel: labelOf(microphones) }),
    brings() {
      if (!current) return audioOnly.checked ? { brings: 'sound' } : {}
      const hasPicture = current.hasPicture && !audioOnly.checked
      return { brings: hasPicture ? (current.hasSound ? 'all' : 'picture') : current.hasSound ? 'sound' : 'nothing' }
    },
    close() {
      looking += 1
      current?.stop()
    },
    busy(isBusy) {
      enter.disabled = isBusy
      enter.setAttribute('aria-busy', String(isBusy))
    },
    say(text) {
      problem.hidden = text === ''
      problem.textContent = text
    },
  }
}

function offer(select: HTMLSelectElement, devices: MediaDeviceInfo[], chosen: string | null): void {
  select.replaceChildren(...devices.map(({ deviceId, label }, n) => el('option', { value: deviceId, selected: deviceId === chosen }, label || String(n + 1))))
  select.parentElement!.hidden = devices.length === 0
}

const labelOf = (select: HTMLSelectElement): string | null => select.selectedOptions[0]?.textContent ?? null

function troubleIn(words: Words, trouble: Trouble): string {
  return { denied: words.denied, 'in-use': words.inUse, 'no-camera': words.noCamera, 'no-microphone': words.noMicrophone }[trouble]
}
