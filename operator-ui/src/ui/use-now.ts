/** The time, to the given step; one clock for everything on the page that counts. */

import { useSyncExternalStore } from 'react'

const clocks = new Map<number, { now: number; watchers: Set<() => void>; timer: number }>()

function watch(stepMs: number, watcher: () => void): () => void {
  const clock = clocks.get(stepMs) ?? { now: Date.now(), watchers: new Set(), timer: 0 }
  clocks.set(stepMs, clock)
  clock.watchers.add(watcher)
  clock.timer ||= window.setInterval(() => {
    clock.now = Date.now()
    for (const one of clock.watchers) one()
  }, stepMs)
  return () => {
    clock.watchers.delete(watcher)
    if (clock.watchers.size > 0) return
    window.clearInterval(clock.timer)
    clocks.delete(stepMs)
  }
}

const subscribers = new Map<number, (watcher: () => void) => () => void>()

export function useNow(stepMs = 15_000): number {
  let subscribe = subscribers.get(stepMs)
  if (!subscribe) {
    subscribe = (watcher) => watch(stepMs, watcher)
    subscribers.set(stepMs, subscribe)
  }
  return useSyncExternalStore(subscribe, () => clocks.get(stepMs)?.now ?? Math.floor(Date.now() / stepMs) * stepMs)
}
