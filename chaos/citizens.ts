/** Citizens write through a vendor that delivers again what was not acknowledged, in order, and one in twenty twice at once. */

import type { Chance } from './random.ts'

export interface Written { id: string; channelId: string; from: string; text: string; acknowledgedAt: number }
export interface Citizens {
  /** Everything that was acknowledged. */
  acknowledged: Written[]
  /** Of each attempt that was acknowledged. */
  latencies: number[]
  /** Of each attempt that was refused by an answer. */
  refusals: { status: number; ms: number }[]
  perSecond: number
  /** Waits until all that was begun is acknowledged. */
  rest(deadlineMs: number): Promise<number>
}

export interface CitizensOptions {
  chance: Chance
  urls: () => string[]
  channels: string[]
  perSecond: number
  people: number
  text: (n: number) => string
  /** Payloads that break the translation, one in so many. */
  poisonEvery?: number
}

export function openCitizens({ chance, urls, channels, perSecond, people, text, poisonEvery = 0 }: CitizensOptions): Citizens {
  const acknowledged: Written[] = []
  const latencies: number[] = []
  const refusals: { status: number; ms: number }[] = []
  const queues = new Map<string, Promise<void>>()
  let [written, open, stopped] = [0, 0, false]
  let owed = 0
  let last = performance.now()

  async function post(channelId: string, body: string): Promise<number> {
    const all = urls()
    if (all.length === 0) return 0
    const begun = performance.now()
    const status = await fetch(`${chance.oneOf(all)}/channels/${channelId}`, { method: 'POST', body, signal: AbortSignal.timeout(15_000) })
      .then(async (answer) => {
        await answer.arrayBuffer()
        return answer.status
      }, () => 0)
    const ms = performance.now() - begun
    if (status === 200) latencies.push(ms)
    else if (status > 0) refusals.push({ status, ms })
    return status
  }

  async function deliver(message: Omit<Written, 'acknowledgedAt'>, poison: boolean): Promise<void> {
    const body = JSON.stringify(poison ? { throws: true } : { messages: [{ id: message.id, from: message.from, text: message.text }] })
    for (let wait = 100; ; wait = Math.min(wait * 1.6, 2_000)) {
      const copies = chance.is(0.05) ? 2 : 1
      const statuses = await Promise.all(Array.from({ length: copies }, () => post(message.channelId, body)))
      if (statuses.includes(200)) {
        if (!poison) acknowledged.push({ ...message, acknowledgedAt: Date.now() })
        return
      }
      await new Promise((resolve) => setTimeout(resolve, wait * (0.8 + 0.4 * chance.next())))
    }
  }

  const timer = setInterval(() => {
    const now = performance.now()
    owed += (now - last) / 1000 * citizens.perSecond
    last = now
    for (; owed >= 1 && !stopped; owed -= 1) {
      written += 1
      const channelId = chance.oneOf(channels)
      const from = `${channelId}-${chance.below(people)}`
      const message = { id: `${from}-${written}`, channelId, from, text: text(written) }
      const poison = poisonEvery > 0 && written % poisonEvery === 0
      open += 1
      const next = (queues.get(from) ?? Promise.resolve()).then(() => deliver(message, poison)).finally(() => { open -= 1 })
      queues.set(from, next)
    }
  }, 20)

  const citizens: Citizens = {
    acknowledged, latencies, refusals, perSecond,
    async rest(deadlineMs) {
      stopped = true
      clearInterval(timer)
      const end = Date.now() + deadlineMs
      while (open > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50))
      return open
    },
  }
  return citizens
}
