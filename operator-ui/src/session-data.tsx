/** Who is signed in, and what the town has: read once, kept fresh by `live`. */

import { createContext, useContext, useMemo } from 'react'
import type { OperatorView, Session } from '../../src/operator-api.types.ts'
import { inLanguage, useSpeech } from './words.ts'

export const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('this part of the page is for signed-in operators')
  return session
}

/** Does any department promise an answer by a time? */
export const hasDeadlines = ({ departments }: Session) => departments.some(({ warnBefore }) => warnBefore !== null)

/** Names for the ids that conversations carry. */
export function useNames() {
  const session = useSession()
  const { language, words } = useSpeech()
  return useMemo(() => {
    const operators = new Map(session.operators.map((operator) => [operator.id, operator]))
    const departments = new Map(session.departments.map((department) => [department.id, department]))
    const channels = new Map(session.channels.map((channel) => [channel.id, channel]))
    const me = session.operator.id
    return {
      me,
      operator: (id: string | null | undefined) => operators.get(id ?? '')?.name ?? words.collision.someone,
      isMe: (id: string | null | undefined) => id === me,
      operatorOf: (id: string | null): OperatorView | undefined => operators.get(id ?? ''),
      department: (id: string | null) => {
        const found = departments.get(id ?? '')
        return found ? inLanguage(found.name, language) : (id ?? '')
      },
      topic: (id: string) => {
        const known = Object.hasOwn(session.topics, id) ? session.topics[id] : undefined
        return known ? inLanguage(known, language) : id
      },
      channel: (id: string) => channels.get(id),
      channelName: (id: string) => channels.get(id)?.name ?? id,
      kind: (kind: string) => kindName(words.channelKind, kind),
    }
  }, [session, language, words])
}

function kindName(names: Record<string, string>, kind: string): string {
  return Object.hasOwn(names, kind) ? (names[kind] ?? kind) : kind
}

export interface Preferences {
  singleKeys: boolean
  sound: boolean
  desktop: boolean
  /** Lists keep their order while pointed at. */
  calm: boolean
  enterSends: boolean
  /** Replies wait some seconds before they leave, so that they can be taken back. */
  undo: boolean
}

export function preferencesOf(operator: OperatorView): Preferences {
  const kept = operator.preferences
  const flag = (name: string, otherwise: boolean) => (typeof kept[name] === 'boolean' ? kept[name] : otherwise)
  return {
    singleKeys: flag('singleKeys', true),
    sound: flag('sound', true),
    desktop: flag('desktop', false),
    calm: flag('calm', true),
    enterSends: flag('enterSends', false),
    undo: flag('undo', false),
  }
}
