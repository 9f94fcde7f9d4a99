/** What crosses the wire between the citizen's call page and the gateway. Types only. */

import type { CallPass } from '../operator-api.types.ts'

export type { CallPass }

/** GET /call/:token/state, and every event of GET /call/:token/events. */
export type PageState = Gone | Elsewhere | Open | Over

interface Common { town: string; language: 'pt' | 'en'; contact: { phone: string | null; email: string | null } }
/** Not a link of ours, replaced by a newer one, or long past. */
export interface Gone extends Common { state: 'gone' }
/** Another browser went in with this link. */
export interface Elsewhere extends Common { state: 'elsewhere' }
export interface Open extends Common {
  /** `welcome`: not in yet. `waiting`: in the waiting room. `ready`: somebody of the town has the call. `active`: both are in it. */
  state: 'welcome' | 'waiting' | 'ready' | 'active'
  role: 'citizen' | 'guest'
  name: string | null
  department: string
  /** First name of whoever has accepted. */
  operator: string | null
  isOperatorHere: boolean
  /** 1: next. null: not waiting, or it is one's turn. */
  position: number | null
  startedAt: string | null
  /** Where Jitsi is. */
  jitsi: string
  mayBeRecorded: boolean
  privacy: { noticeUrl: string | null; dpo: string | null }
  /** Said since the call was asked for; empty for a guest, and before one is in. */
  entries: Entry[]
}
export interface Over extends Common {
  state: 'over'
  why: 'ended' | 'no-operator' | 'no-citizen' | 'declined' | 'expired'
  minutes: number | null
  /** Asked once, where a call took place. */
  rating: 'open' | 'scored' | 'done'
}
export interface Entry { seq: number; by: 'citizen' | 'bot' | 'operator' | 'system'; name: string | null; at: string; text: string; id: string | null; files: { name: string; url: string }[] }

/** POST …/enter {brings?} · …/leave {} · …/here {what: 'joined' | 'left'} · …/say {id, text} · …/rate {score?, comment?} → 204; POST …/join {} → CallPass */
/** Of camera and microphone, what the page found when it looked. */
export interface Enter { brings?: 'all' | 'sound' | 'picture' | 'nothing' }
export interface Say { id: string; text: string }
export interface Rate { score?: number; comment?: string }
export interface Problem { error: 'gone' | 'elsewhere' | 'not-yet' | 'invalid' | 'too-many' | 'unavailable' }
