/** On every page of the inbox: who rings for me, and the call that I am in. */

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { plainly } from '../act.ts'
import { useNames } from '../session-data.tsx'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useToast } from '../ui/toast.tsx'
import { useSpeech } from '../words.ts'
import { ask, broughtIn, callsKey, goInto, goOut, type OpenCall, useOpenCalls, useWithin } from './calls.ts'
import { Room } from './room.tsx'
import { callWords } from './words.ts'
import './call.css'

const ringMs = 3_000

export function CallDock({ onRing }: { onRing(): void }) {
  const calls = useOpenCalls()
  const within = useWithin()
  const me = useNames().me
  const current = calls.find(({ id }) => id === within?.callId)
  const ringing = calls.filter((call) => call.id !== within?.callId && call.rings?.some(({ operatorId }) => operatorId === me))
  const isRinging = ringing.length > 0
  // Known to be open once, and open no more: it has ended for everybody.
  const [known, setKnown] = useState<string>()
  useEffect(() => {
    if (current) setKnown(current.id)
    else if (within && known === within.callId) goOut()
  }, [current, within, known])
  useEffect(() => {
    if (!isRinging) return
    onRing()
    const timer = window.setInterval(onRing, ringMs)
    return () => window.clearInterval(timer)
  }, [isRinging, onRing])
  const isShown = current !== undefined || isRinging
  const dock = useRef<HTMLDivElement>(null)
  // Views and list end above it, however tall it is: nothing of them lies under it.
  useLayoutEffect(() => {
    const [element, { style }] = [dock.current, document.documentElement]
    if (!isShown || !element) return
    const observer = new ResizeObserver(() => style.setProperty('--call-dock', `${element.offsetHeight}px`))
    observer.observe(element)
    return () => {
      observer.disconnect()
      style.removeProperty('--call-dock')
    }
  }, [isShown])
  if (!isShown) return null
  return (
    <div ref={dock} className="call-dock">
      {ringing.map((call) => (
        <Incoming key={call.id} call={call} />
      ))}
      {current && <Room key={current.id} call={current} />}
    </div>
  )
}

function Incoming({ call }: { call: OpenCall }) {
  const { language, words } = useSpeech()
  const says = callWords[language]
  const names = useNames()
  const toast = useToast()
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const [busy, setBusy] = useState(false)
  const isAlso = call.rings?.some(({ operatorId, purpose }) => operatorId === names.me && purpose === 'also')
  const minutes = call.waitingSince ? Math.floor((Date.now() - Date.parse(call.waitingSince)) / 60_000) : 0

  const answer = async (what: 'accept' | 'decline') => {
    setBusy(true)
    try {
      await ask(call.id, what)
      if (what === 'accept') {
        goInto(call.id, call.conversationId)
        if (!isAlso) navigate(`/c/${call.conversationId}`)
      }
    } catch (problem) {
      toast({ text: plainly(problem, words), kind: 'bad' })
    }
    await client.invalidateQueries({ queryKey: callsKey })
    setBusy(false)
  }
  return (
    <section className="call-incoming" aria-label={says.incoming}>
      <Icon name="video" />
      <p role="alert">
        <strong>{isAlso ? says.also : says.incoming}</strong>
        <small>
          {names.department(call.departmentId ?? null)}
          {call.waitingSince ? ` · ${says.waitingFor(minutes)}` : ''} {broughtIn(call, says)}
        </small>
      </p>
      <Button look="primary" busy={busy} onClick={() => void answer('accept')}>
        {words.call.accept}
      </Button>
      <Button look="quiet" busy={busy} onClick={() => void answer('decline')}>
        {isAlso ? words.call.decline : says.next}
      </Button>
    </section>
  )
}
