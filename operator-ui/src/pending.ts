/** Replies and notes on their way to the gateway. Memory only: no citizen's words stay in the browser's storage. */

import { useSyncExternalStore } from 'react'
import type { OperatorAction, UploadedFile } from '../../src/operator-api.types.ts'

export interface Pending {
  /** The same at every try: the gateway does it once. */
  clientId: string
  /** Words that are given back keep the name of their draft. */
  draft: string
  conversationId: string
  kind: 'reply' | 'note'
  text: string
  attachments: UploadedFile[]
  actions: OperatorAction[]
  at: string
  state: 'sending' | 'not-sent'
  problem?: string
}

/** Words that were not sent, or taken back in time, on their way back to where they were written. */
export interface GivenBack {
  kind: Pending['kind']
  text: string
  attachments: UploadedFile[]
  /** undefined: what it was sent under is used up. */
  draft?: string
}

let all: Pending[] = []
const watchers = new Set<() => void>()

function changed(next: Pending[]) {
  all = next
  for (const watch of watchers) watch()
}

export const pending = {
  set: (one: Pending) => changed([...all.filter(({ clientId }) => clientId !== one.clientId), one]),
  drop: (clientId: string) => changed(all.filter((one) => one.clientId !== clientId)),
  has: (clientId: string) => all.some((one) => one.clientId === clientId),
}

const subscribe = (watch: () => void) => {
  watchers.add(watch)
  return () => {
    watchers.delete(watch)
  }
}

export const useAllPending = () => useSyncExternalStore(subscribe, () => all)
