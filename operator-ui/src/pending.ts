/** Replies and notes on their way to the gateway. Memory only: no citizen's words stay in the browser's storage. */

import { useSyncExternalStore } from 'react'
import type { ActRequest, OperatorAction, UploadedFile } from '../../src/operator-api.types.ts'

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
  /** What its writer had on the screen. */
  seen?: NonNullable<ActRequest['seen']>
  state: 'sending' | 'not-sent'
  /** The gateway was not there: it may go by itself when it is. */
  isCutOff?: boolean
  problem?: string
}

/** What a reply was sent with beside its words, and comes back with. */
export interface SentWith {
  attachments: UploadedFile[]
  /** The words on its buttons. */
  choices?: string[]
  subject?: string
}

/** Words that were not sent, or taken back in time, on their way back to where they were written. */
export interface GivenBack extends SentWith {
  kind: Pending['kind']
  text: string
  /** undefined: what it was sent under is used up. */
  draft?: string
}

export function sentWith(actions: OperatorAction[]): SentWith {
  const reply = actions.find((action) => action.do === 'reply')
  return {
    attachments: reply?.attachments ?? [],
    ...(reply?.choices && { choices: reply.choices.map(({ label }) => label) }),
    ...(reply?.subject !== undefined && { subject: reply.subject }),
  }
}

/** What went lately, for as long as it may be taken back. */
const gone = new Map<string, SentWith>()
const mostGone = 20

let all: Pending[] = []
const watchers = new Set<() => void>()

function changed(next: Pending[]) {
  all = next
  for (const watch of watchers) watch()
}

export const pending = {
  set: (one: Pending) => changed([...all.filter(({ clientId }) => clientId !== one.clientId), one]),
  drop: (clientId: string) => changed(all.filter((one) => one.clientId !== clientId)),
  /** The gateway has it. */
  sent(clientId: string, actions: OperatorAction[]) {
    gone.set(clientId, sentWith(actions))
    for (const oldest of gone.keys()) if (gone.size > mostGone) gone.delete(oldest)
    pending.drop(clientId)
  },
  /** undefined: sent by another page, or by this one before it was loaded again. */
  goneWith: (clientId: string | null): SentWith | undefined => (clientId === null ? undefined : gone.get(clientId)),
  all: () => all,
  has: (clientId: string) => all.some((one) => one.clientId === clientId),
}

const subscribe = (watch: () => void) => {
  watchers.add(watch)
  return () => {
    watchers.delete(watch)
  }
}

export const useAllPending = () => useSyncExternalStore(subscribe, () => all)
