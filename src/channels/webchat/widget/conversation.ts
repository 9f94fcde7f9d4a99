/** The conversation as this browser knows it: history, stream, marks. Knows nothing of how it looks. */

import type { Entry, Marks, News, Standing } from '../protocol.ts'
import { ask } from './api.ts'
import { backoff, HeldBack, openPause, readEvents } from './line.ts'
import { openOutbox, type Outgoing, type Words } from './outbox.ts'
import { newId, newToken } from './random.ts'
import { openStore } from './store.ts'

export interface State {
  /** In order. */
  entries: Entry[]
  outbox: Outgoing[]
  standing: Standing | null
  /** What was said before this page was opened is here. */
  isLoaded: boolean
  /** Out of reach: said only after a second failure, for a short cut needs no words. */
  isLost: boolean
  isTyping: boolean
  unread: number
  /** Something was written from this browser before. */
  isKnown: boolean
  /** Version of the privacy notice that the citizen has written under. */
  notice: string | null
}

export interface Conversation {
  state(): State
  say(words: Words): void
  again(id: string): void
  drop(id: string): void
  typing(): void
  /** Is it before the citizen's eyes? */
  seen(isSeen: boolean): void
  /** For uploads, which may come before the first message. */
  token(): string
  /** Tries now. */
  nudge(): void
  /** Leaves nothing in this browser. The town keeps what was said. */
  forget(): void
}

export interface ConversationOptions {
  base: string
  storage: string
  changed(): void
  /** What others said since the page was opened, in order. */
  heard(entries: Entry[]): void
}

/** A hidden page lets its line go: a browser has six of them for all its tabs. */
const hiddenAfterMs = 30_000
const hiddenPollMs = 20_000
/** Where a proxy holds the stream back. */
const pollMs = 4_000
const typingShownMs = 6_000
const typingEveryMs = 3_000

export function openConversation({ base, storage, changed, heard }: ConversationOptions): Conversation {
  const store = openStore(storage)
  const pause = openPause()
  const entries = new Map<string, Entry>()
  let kept = store.get('visitor')
  /** Made, and not kept before the first message. */
  let fresh: string | null = null
  let cursor: string | undefined
  let standing: Standing | null = null
  let isLoaded = kept === null
  let failures = 0
  let heldBack = 0
  let isSeen = false
  let marked = ''
  let typingTimer = 0
  let isTyping = false
  let typedAt = 0
  let hiddenSince = document.hidden ? Date.now() : 0
  let line: AbortController | undefined

  const outbox = openOutbox({
    base, store, changed,
    token: () => kept,
    sent: pause.nudge,
    reached(wasReached) {
      if (wasReached) failures = 0
      else failures += 1
      changed()
    },
  })

  store.watch((name, value) => {
    if (name !== 'visitor' || value === kept) return
    if (value === null) reset()
    kept = value
    pause.nudge()
    changed()
  })
  addEventListener('online', nudge)
  addEventListener('offline', changed)
  addEventListener('pageshow', nudge)
  document.addEventListener('visibilitychange', () => {
    hiddenSince = document.hidden ? Date.now() : 0
    if (document.hidden) setTimeout(() => { if (isHidden()) line?.abort() }, hiddenAfterMs + 50)
    else nudge()
    mark()
  })
  const isHidden = () => hiddenSince > 0 && Date.now() - hiddenSince >= hiddenAfterMs

  function nudge(): void {
    pause.nudge()
    outbox.nudge()
    changed()
  }

  async function read(): Promise<void> {
    for (;;) {
      if (kept === null) {
        await pause.wait(86_400_000)
        continue
      }
      const polls = isHidden() || heldBack > 1
      const held = polls ? await poll() : await stream()
      failures = held ? 0 : failures + 1
      changed()
      await pause.wait(!held ? backoff(failures) : isHidden() ? hiddenPollMs : polls ? pollMs : backoff(0))
    }
  }

  /** @returns whether the gateway was there. */
  async function poll(): Promise<boolean> {
    const secret = kept!
    const outcome = await ask<News>(`${base}/messages${after()}`, secret)
    if (outcome.type !== 'done' || kept !== secret) return false
    take(outcome.value)
    return outcome.value.more ? poll() : true
  }

  async function stream(): Promise<boolean> {
    const secret = kept!
    const own = line = new AbortController()
    let wasReached = false
    try {
      await readEvents(`${base}/events${after()}`, { authorization: `Bearer ${secret}` }, own.signal, (event, text) => {
        if (kept !== secret) return own.abort()
        if (event === 'typing') return showTyping()
        if (event !== 'news') return
        wasReached = true
        heldBack = 0
        failures = 0
        take(JSON.parse(text) as News)
        outbox.nudge()
      })
    } catch (error) {
      if (error instanceof HeldBack) heldBack += 1
    }
    return wasReached || own.signal.aborted
  }
  const after = () => (cursor === undefined ? '' : `?after=${cursor}`)

  function take(news: News): void {
    const said = isLoaded ? [...news.changes, ...news.entries].filter((entry) => entry.by !== 'citizen' && !entries.has(entry.cursor)) : []
    for (const entry of [...news.changes, ...news.entries]) {
      entries.set(entry.cursor, entry)
      if (entry.id && outbox.all().some(({ message }) => message.id === entry.id)) outbox.drop(entry.id)
    }
    cursor = news.cursor
    standing = news.conversation
    isLoaded ||= !news.more
    if (said.length > 0) {
      stopTyping()
      heard(said)
    }
    mark()
    changed()
  }

  /** Tells the town what has arrived, and what has been before somebody's eyes. */
  function mark(): void {
    const state: Marks['state'] = isSeen && !document.hidden ? 'read' : 'delivered'
    const unmarked = sorted().findLast(({ receipt }) => receipt === 'sent' || (state === 'read' && receipt === 'delivered'))
    if (!unmarked || !kept) return
    const wanted = `${unmarked.cursor} ${state}`
    if (wanted === marked) return
    marked = wanted
    void ask(`${base}/marks`, kept, { upTo: unmarked.cursor, state } satisfies Marks).then(({ type }) => {
      if (type === 'later' && marked === wanted) marked = ''
    })
  }
  const sorted = () => [...entries.values()].sort((a, b) => (a.cursor < b.cursor ? -1 : 1))

  function showTyping(): void {
    isTyping = true
    clearTimeout(typingTimer)
    typingTimer = window.setTimeout(stopTyping, typingShownMs)
    changed()
  }
  function stopTyping(): void {
    if (!isTyping) return
    isTyping = false
    changed()
  }

  function reset(): void {
    entries.clear()
    for (const { message } of outbox.all()) outbox.drop(message.id)
    kept = fresh = standing = null
    cursor = undefined
    marked = ''
    isLoaded = true
    line?.abort()
  }

  void read()
  outbox.nudge()

  const tokenNow = () => (kept ??= store.get('visitor')) ?? (fresh ??= newToken())

  return {
    state: () => ({
      entries: sorted(), outbox: outbox.all(), standing, isLoaded, isTyping, isKnown: kept !== null, notice: store.get('notice'),
      isLost: failures > 1 || !navigator.onLine,
      unread: [...entries.values()].filter(({ receipt }) => receipt === 'sent' || receipt === 'delivered').length,
    }),
    say(words) {
      if (!kept) {
        kept = tokenNow()
        store.set('visitor', kept)
      }
      if (words.notice) store.set('notice', words.notice)
      outbox.add(newId(), words)
    },
    again: outbox.again,
    drop: outbox.drop,
    typing() {
      if (!kept || !standing || Date.now() - typedAt < typingEveryMs) return
      typedAt = Date.now()
      void ask(`${base}/typing`, kept, {})
    },
    seen(now) {
      isSeen = now
      mark()
    },
    token: tokenNow,
    nudge,
    forget() {
      for (const name of store.names()) store.remove(name)
      reset()
      changed()
    },
  }
}
