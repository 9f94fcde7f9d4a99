/** Open calls within this operator's sight, and the one they are in: outside of any conversation page, so that it goes on while they look elsewhere. */

import { useQuery } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import type { CallView } from '../../../src/operator-api.types.ts'
import { get, post } from '../api.ts'
import { useSession } from '../session-data.tsx'
import type { callWords } from './words.ts'

export type OpenCall = CallView & { conversationId: string }

/** Said where the citizen comes with less than picture and sound. */
export const broughtIn = ({ citizenBrings }: OpenCall, says: (typeof callWords)['pt']): string =>
  citizenBrings && citizenBrings !== 'all' ? says.brings[citizenBrings] : ''

export const callsKey = ['calls'] as const

export function useOpenCalls(): OpenCall[] {
  const { video } = useSession()
  const calls = useQuery({
    queryKey: callsKey,
    queryFn: ({ signal }) => get<OpenCall[]>('/api/calls', signal),
    enabled: video,
    // Told by the live line at once; this is for what it may have missed.
    refetchInterval: 30_000,
  })
  return calls.data ?? []
}

let within: { callId: string; conversationId: string } | undefined
const watchers = new Set<() => void>()

export function goInto(callId: string, conversationId: string): void {
  within = { callId, conversationId }
  for (const watcher of watchers) watcher()
}

export function goOut(): void {
  within = undefined
  for (const watcher of watchers) watcher()
}

export const useWithin = () =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => within,
  )

export const ask = <T = CallView>(callId: string, what: string, body: unknown = {}) =>
  post<T>(`/api/calls/${encodeURIComponent(callId)}/${what}`, body)
