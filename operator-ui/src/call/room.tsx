/** The call that the operator is in: the picture, who is there, and what can be done about it. */

import { useEffect, useId, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import type { CallPass } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { useNames } from '../session-data.tsx'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useToast } from '../ui/toast.tsx'
import { useSpeech } from '../words.ts'
import { ask, broughtIn, goOut, type OpenCall } from './calls.ts'
import { type CallFrame, openFrame } from './frame.ts'
import { More } from './more.tsx'
import { callWords } from './words.ts'

/** The gateway takes who is silent for 25 seconds as gone. */
const hereMs = 8_000
const retryMs = 700

export function Room({ call }: { call: OpenCall }) {
  const { language, words } = useSpeech()
  const says = callWords[language]
  const names = useNames()
  const toast = useToast()
  const [, navigate] = useLocation()
  const parent = useRef<HTMLDivElement>(null)
  const frame = useRef<CallFrame>(undefined)
  const [state, setState] = useState<'opening' | 'in' | 'left' | 'failed'>('opening')
  const [attempt, setAttempt] = useState(0)
  const [isWeak, setWeak] = useState(false)
  const [isAudioOnly, setAudioOnly] = useState(false)
  const [isLarge, setLarge] = useState(false)
  const id = call.id
  const [outcome, setOutcome] = useState('')
  const [note, setNote] = useState('')
  const ids = useId()

  useEffect(() => {
    let over = false
    let beat = 0
    let opened: CallFrame | undefined
    const tell = (what: 'joined' | 'left', n = 0): void => {
      void ask(id, 'here', { what }).catch(() => {
        // Jitsi tells the gateway of its room at the same moment: one may come before the other.
        if (n < 8 && what === 'joined' && !over) window.setTimeout(() => tell(what, n + 1), retryMs * (n + 1))
      })
    }
    const leave = () => {
      if (over) return
      over = true
      window.clearInterval(beat)
      opened?.close()
      frame.current = undefined
      tell('left')
    }
    const open = async () => {
      try {
        const pass = await ask<CallPass>(id, 'join')
        if (over || !parent.current) return
        opened = await openFrame(pass, parent.current, { language, title: callWords[language].picture }, {
          joined() {
            setState('in')
            tell('joined')
            beat = window.setInterval(() => void ask(id, 'here', { what: 'here' }).catch(() => undefined), hereMs)
          },
          left() {
            leave()
            setState('left')
          },
          weak: () => setWeak(true),
        })
        if (over) opened.close()
        else frame.current = opened
      } catch {
        if (!over) setState('failed')
      }
    }
    setState('opening')
    setWeak(false)
    void open()
    window.addEventListener('pagehide', leave)
    return () => {
      window.removeEventListener('pagehide', leave)
      leave()
    }
    // A change of the page's language does not begin the call anew.
  }, [id, attempt])

  const end = () => void ask(id, 'end', { ...(outcome && { outcome }), ...(note.trim() && { note: note.trim() }) }).then(goOut, (problem: unknown) => toast({ text: plainly(problem, words), kind: 'bad' }))
  const here = (call.people ?? []).filter((one) => one.here)
  const citizen = here.some(({ role }) => role === 'citizen')
    ? says.citizenHere
    : call.waitingSince
      ? says.citizenWaits
      : says.citizenAway
  return (
    <section className="call-room" aria-label={says.inCall} data-large={isLarge || undefined}>
      <header>
        <Icon name="video" size={18} />
        <h2>{says.inCall}</h2>
        <Button look="quiet" onClick={() => setLarge(!isLarge)}>
          {isLarge ? says.smaller : says.larger}
        </Button>
        <Button look="quiet" onClick={() => navigate(`/c/${call.conversationId}`)}>
          {says.open}
        </Button>
      </header>
      <p className="call-who" role="status">
        {citizen} {broughtIn(call, says)}{' '}
        {here.filter(({ role }) => role !== 'citizen').length > 0 &&
          `${says.inRoom}: ${here
            .filter(({ role }) => role !== 'citizen')
            .map(({ role, operatorId, name }) => (role === 'operator' ? names.operator(operatorId) : `${name ?? ''} (${says.guestRole})`))
            .join(', ')}`}
      </p>
      {isWeak && (
        <p className="call-problem" role="status">
          {says.weak}
        </p>
      )}
      {state === 'left' && <p role="status">{says.left}</p>}
      {state === 'failed' && <p role="alert">{says.noJitsi}</p>}
      <div ref={parent} className="call-picture" hidden={state === 'left' || state === 'failed'} />
      <footer>
        {state === 'in' && (
          <>
            <Button
              aria-pressed={isAudioOnly}
              onClick={() => {
                frame.current?.audioOnly(!isAudioOnly)
                setAudioOnly(!isAudioOnly)
              }}
            >
              {isAudioOnly ? says.withPicture : says.audioOnly}
            </Button>
            <Button onClick={() => frame.current?.hangUp()}>{says.leave}</Button>
          </>
        )}
        {(state === 'left' || state === 'failed') && (
          <Button look="primary" onClick={() => setAttempt(attempt + 1)}>
            {state === 'left' ? says.back : says.retry}
          </Button>
        )}
        <Button look="danger" onClick={end}>
          {says.end}
        </Button>
      </footer>
      <details className="call-more">
        <summary>{says.result}</summary>
        <label htmlFor={`${ids}outcome`}>{says.outcome}</label>
        <select id={`${ids}outcome`} value={outcome} onChange={(event) => setOutcome(event.target.value)}>
          <option value="">—</option>
          {says.outcomes.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
        <label htmlFor={`${ids}note`}>{says.note}</label>
        <textarea id={`${ids}note`} rows={2} maxLength={4000} value={note} onChange={(event) => setNote(event.target.value)} />
      </details>
      <More call={call} />
    </section>
  )
}
