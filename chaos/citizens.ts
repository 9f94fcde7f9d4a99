/** Citizens write on every channel; each vendor delivers as it does, and one message in twenty twice at once. */

import { Agent, request } from 'node:http'
import type { Chance } from './random.ts'
import { vendors } from './vendors.ts'

export interface Written { id: string; channelId: string; from: string; text: string; acknowledgedAt: number }
export interface Citizens {
  /** Everything that was acknowledged. */
  acknowledged: Written[]
  /** Of each attempt that was acknowledged. */
  latencies: number[]
  /** Of each attempt that was refused by an answer. */
  refusals: { status: number; ms: number }[]
  /** Attempts without any answer. */
  unanswered: () => number
  /** The vendor gave up on them: the citizen knows. */
  givenUp: () => number
  perSecond: number
  /** Writes no more; waits until all that was begun has come to an end. Gives what has not. */
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
  /** With a picture, one in so many. */
  pictureEvery?: number
}

interface Answer { status: number; retryAfter: number }

export function openCitizens({ chance, urls, channels, perSecond, people, text, poisonEvery = 0, pictureEvery = 0 }: CitizensOptions): Citizens {
  const acknowledged: Written[] = []
  const latencies: number[] = []
  const refusals: { status: number; ms: number }[] = []
  const lanes = new Map<string, Promise<void>>()
  const doors = new Map(channels.map((id) => [id, openDoor(vendors[id]!.connections)]))
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity })
  let [written, open, givenUp, unanswered, stopped, over] = [0, 0, 0, 0, false, false]
  let owed = 0
  let last = performance.now()

  /** Status 0: no answer. */
  async function post(channelId: string, body: string): Promise<Answer> {
    await doors.get(channelId)!.enter()
    const all = urls()
    const url = all.length > 0 ? `${chance.oneOf(all)}/channels/${channelId}` : 'http://127.0.0.1:1/'
    const begun = performance.now()
    const answer = await new Promise<Answer>((resolve) => {
      const call = request(url, { method: 'POST', agent, signal: AbortSignal.timeout(vendors[channelId]!.patienceMs) }, (response) => {
        response.resume().on('error', () => undefined)
        resolve({ status: response.statusCode ?? 0, retryAfter: Number(response.headers['retry-after'] ?? 0) })
      })
      call.on('error', () => resolve({ status: 0, retryAfter: 0 }))
      call.end(body)
    })
    const ms = performance.now() - begun
    doors.get(channelId)!.leave()
    if (answer.status === 200) latencies.push(ms)
    else if (answer.status > 0) refusals.push({ status: answer.status, ms })
    else unanswered += 1
    return answer
  }

  async function deliver(message: Omit<Written, 'acknowledgedAt'>, nth: number): Promise<void> {
    const poison = poisonEvery > 0 && nth % poisonEvery === 0
    const attachments = pictureEvery > 0 && nth % pictureEvery === 0 ? [{ source: `picture-${nth}`, kind: 'file', mimeType: 'application/pdf', name: `${nth}.pdf` }] : undefined
    const body = JSON.stringify(poison ? { throws: true } : { messages: [{ id: message.id, from: message.from, text: message.text, attachments }] })
    for (let attempt = 1; ; attempt += 1) {
      const copies = chance.is(0.05) ? 2 : 1
      const answers = await Promise.all(Array.from({ length: copies }, () => post(message.channelId, body)))
      // The books are being balanced already.
      if (over) return
      if (answers.some(({ status }) => status === 200)) {
        if (!poison) acknowledged.push({ ...message, acknowledgedAt: Date.now() })
        return
      }
      const wait = vendors[message.channelId]!.waitMs(attempt, Math.max(...answers.map(({ retryAfter }) => retryAfter)), chance)
      if (wait === undefined) {
        givenUp += 1
        return
      }
      await new Promise((resolve) => setTimeout(resolve, wait))
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
      const nth = written
      open += 1
      const lane = vendors[channelId]!.lane?.(from)
      const before = lane === undefined ? undefined : lanes.get(lane)
      const ended = (before ?? Promise.resolve()).then(() => deliver(message, nth)).finally(() => { if (!over) open -= 1 })
      if (lane !== undefined) lanes.set(lane, ended)
    }
  }, 20)

  const citizens: Citizens = {
    acknowledged, latencies, refusals, perSecond, unanswered: () => unanswered, givenUp: () => givenUp,
    async rest(deadlineMs) {
      stopped = true
      clearInterval(timer)
      const end = Date.now() + deadlineMs
      while (open > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50))
      over = true
      agent.destroy()
      return open
    },
  }
  return citizens
}

/** So many at once, the others in a row. */
function openDoor(places: number) {
  const row: (() => void)[] = []
  let free = places
  return {
    async enter(): Promise<void> {
      if (free > 0) free -= 1
      else await new Promise<void>((resolve) => row.push(resolve))
    },
    leave(): void {
      const next = row.shift()
      if (next) next()
      else free += 1
    },
  }
}
