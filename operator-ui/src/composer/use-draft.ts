/** What is being written, kept on the gateway: it survives a crash, another machine, and a failed send. */

import { useCallback, useEffect, useRef, useState } from 'react'
import type { ConversationDetail } from '../../../src/operator-api.types.ts'
import { put } from '../api.ts'
import { draftName } from '../client-id.ts'
import { tellWriting, tellWritten } from '../presence.ts'

type Kind = 'reply' | 'note'
export interface Draft {
  reply: string
  note: string
  state: 'none' | 'saving' | 'saved' | 'failed'
  set(kind: Kind, text: string): void
  /** Words that come back, with the name that they were sent under. */
  giveBack(kind: Kind, text: string, name: string): void
  nameOf(kind: Kind): string
  /** What was sent is done: even the same words are something else from now on. */
  done(kind: Kind): void
}

const settleMs = 700

export function useDraft(conversation: ConversationDetail): Draft {
  const { id } = conversation
  const [texts, setTexts] = useState(conversation.draft)
  const [state, setState] = useState<Draft['state']>('none')
  const written = useRef(texts)
  const names = useRef<Record<Kind, string>>({ reply: draftName(id), note: draftName(id) })
  const unsaved = useRef(new Map<Kind, string>())
  const timer = useRef(0)

  const save = useCallback(async () => {
    window.clearTimeout(timer.current)
    timer.current = 0
    const going = [...unsaved.current]
    unsaved.current.clear()
    for (const [kind, text] of going) {
      try {
        await put(`/api/conversations/${encodeURIComponent(id)}/draft`, { kind, text })
        setState(text ? 'saved' : 'none')
      } catch {
        // Kept, and tried again with the next key or when the line is back.
        if (!unsaved.current.has(kind)) unsaved.current.set(kind, text)
        setState('failed')
      }
    }
  }, [id])

  const set = useCallback(
    (kind: Kind, text: string) => {
      // The first letter of something new.
      if (!written.current[kind] && text) names.current[kind] = draftName(id)
      written.current = { ...written.current, [kind]: text }
      setTexts(written.current)
      unsaved.current.set(kind, text)
      setState('saving')
      window.clearTimeout(timer.current)
      timer.current = window.setTimeout(() => void save(), settleMs)
      if (text) tellWriting(id, kind)
      else tellWritten(id)
    },
    [id, save],
  )

  useEffect(() => {
    const flush = () => {
      if (unsaved.current.size > 0) void save()
    }
    window.addEventListener('online', flush)
    window.addEventListener('pagehide', flush)
    return () => {
      window.removeEventListener('online', flush)
      window.removeEventListener('pagehide', flush)
      flush()
    }
  }, [save])

  // Another tab has sent the same words: they are not offered here once more.
  useEffect(() => {
    const others = new BroadcastChannel('balcao-sent')
    others.onmessage = ({ data }: MessageEvent<{ id: string; kind: Kind; text: string }>) => {
      if (data.id !== id) return
      if (written.current[data.kind].trim() !== data.text) return
      written.current = { ...written.current, [data.kind]: '' }
      setTexts(written.current)
    }
    return () => others.close()
  }, [id])

  const giveBack = useCallback(
    (kind: Kind, text: string, name: string) => {
      set(kind, text)
      names.current[kind] = name
    },
    [set],
  )
  const nameOf = useCallback((kind: Kind) => names.current[kind], [])
  const done = useCallback(
    (kind: Kind) => {
      if (!written.current[kind]) names.current[kind] = draftName(id)
    },
    [id],
  )
  return { ...texts, state, set, giveBack, nameOf, done }
}

/** Tells the other tabs of this browser. */
export function tellSent(id: string, kind: Kind, text: string): void {
  const others = new BroadcastChannel('balcao-sent')
  others.postMessage({ id, kind, text })
  others.close()
}
