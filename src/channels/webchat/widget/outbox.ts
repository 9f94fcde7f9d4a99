/** What the citizen said and the gateway has not stored yet. Kept in the browser until it has; safe to send again and again. */

import type { Language } from '../../../core/model.ts'
import type { OutgoingMessage, StoredFile } from '../protocol.ts'
import { ask } from './api.ts'
import { backoff, openPause } from './line.ts'
import type { Store } from './store.ts'

export interface Outgoing {
  message: OutgoingMessage
  /** For the eye alone: what `message.files` stands for. */
  files: Pick<StoredFile, 'name' | 'mimeType' | 'bytes'>[]
  at: number
  /** `sent` is shown until the same message comes back with the history. */
  state: 'waiting' | 'sent' | 'refused'
  /** HTTP status of the refusal. */
  status?: number
}

export interface Words { text: string; chosen?: string; email?: string; files?: StoredFile[]; language: Language; notice?: string | undefined }

export interface Outbox {
  all(): Outgoing[]
  add(id: string, words: Words): void
  again(id: string): void
  drop(id: string): void
  /** Tries now. */
  nudge(): void
}

export interface OutboxOptions {
  base: string
  store: Store
  token: () => string | null
  changed: () => void
  /** The first message is stored: there is something to read. */
  sent: () => void
  /** Nobody was there, or somebody was again. */
  reached: (wasReached: boolean) => void
}

/** Another tab wrote it and sends it; when that tab is closed, we do. */
const adoptAfterMs = 10_000

export function openOutbox({ base, store, token, changed, sent, reached }: OutboxOptions): Outbox {
  const pause = openPause()
  let all: Outgoing[] = []
  let isSending = false
  const find = (id: string) => all.find(({ message }) => message.id === id)

  for (const name of store.names()) if (name.startsWith('out:')) read(store.get(name))
  store.watch((name, value) => {
    if (!name.startsWith('out:')) return
    const known = find(name.slice(4))
    if (value === null && known?.state === 'waiting') known.state = 'sent'
    else if (value !== null && !known) {
      read(value)
      setTimeout(() => void send(), adoptAfterMs)
    }
    changed()
  })

  function read(value: string | null): void {
    try {
      const outgoing = JSON.parse(value ?? '') as Outgoing
      if (!find(outgoing.message.id)) all = [...all, outgoing].sort((a, b) => a.at - b.at)
    } catch {
      // Not ours, or of another version: nothing that could be sent.
    }
  }
  const keep = (outgoing: Outgoing) => store.set(`out:${outgoing.message.id}`, JSON.stringify(outgoing))

  async function send(): Promise<void> {
    if (isSending) return pause.nudge()
    isSending = true
    let failures = 0
    for (;;) {
      const secret = token()
      const next = all.find(({ state }) => state === 'waiting')
      if (!next || !secret) break
      const outcome = await ask(`${base}/messages`, secret, next.message)
      if (outcome.type === 'later') {
        // Too fast is not the same as out of reach.
        reached(outcome.afterMs !== null)
        await pause.wait(outcome.afterMs ?? backoff(failures))
        failures += 1
        continue
      }
      failures = 0
      reached(true)
      if (!all.includes(next)) continue
      next.state = outcome.type === 'done' ? 'sent' : 'refused'
      if (outcome.type === 'refused') {
        next.status = outcome.status
        keep(next)
      } else {
        store.remove(`out:${next.message.id}`)
        sent()
      }
      changed()
    }
    isSending = false
  }

  return {
    all: () => all,
    add(id, { files, notice, ...words }) {
      const outgoing: Outgoing = {
        message: { id, ...words, ...(notice && { notice }), ...(files?.length && { files: files.map(({ ref }) => ref) }) },
        files: (files ?? []).map(({ name, mimeType, bytes }) => ({ name, mimeType, bytes })), at: Date.now(), state: 'waiting',
      }
      keep(outgoing)
      all = [...all, outgoing]
      changed()
      void send()
    },
    again(id) {
      const known = find(id)
      if (!known) return
      known.state = 'waiting'
      keep(known)
      changed()
      void send()
    },
    drop(id) {
      all = all.filter(({ message }) => message.id !== id)
      store.remove(`out:${id}`)
      changed()
    },
    nudge: () => void send(),
  }
}
