/** A vendor of the simulator: takes what is sent to it or does not, keeps a ledger, and tells later what became of it. */

import { z } from 'zod'
import { type Capabilities, type Connection, defineChannel, SendError, inBoth } from '../../src/core/channel.ts'
import type { Content, InboundEvent } from '../../src/core/model.ts'
import type { OpenChannel } from '../../src/core/town.ts'
import { sendTimeoutMs } from '../../src/core/sender.ts'
import { plainCapabilities } from '../../test/harness/plain-channel.ts'
import type { Chance } from '../random.ts'
import type { Schedule } from './schedule.ts'

export interface SaidIn { id: string; from: string; aliases?: string[]; text: string; group?: string }
export interface SimPayload { said?: SaidIn[]; statuses?: { id: string; key?: string; state: 'sent' | 'delivered' | 'read' | 'failed' }[]; breaks?: boolean }
interface SimRequest { to: string; content: Content }
export interface Shown { id: string; to: string; text: string; key: string }

export interface SimVendor {
  id: string
  idempotent: Capabilities['idempotent']
  /** What citizens were shown, in order. */
  ledger: Shown[]
  /** Keys of what it would not take. */
  rejected: Set<string>
  /** Vendor's id → the furthest that was told of it. */
  told: Map<string, Set<string>>
  /** From now on it takes everything. */
  heal(): void
  /** As one node has it open. */
  openFor(node: string): OpenChannel
}

export interface SimVendorOptions {
  id: string
  idempotent: Capabilities['idempotent']
  chance: Chance
  schedule: Schedule
  now: () => Date
  /** Something was taken: the vendor will tell what became of it. */
  onShown: (shown: Shown) => void
}

export function simVendor({ id, idempotent, chance, schedule, now, onShown }: SimVendorOptions): SimVendor {
  let healed = false
  let requests = 0
  const ledger: Shown[] = []
  const rejected = new Set<string>()
  const deadlines = new WeakMap<AbortSignal, number>()

  function take(to: string, text: string, key: string): Shown {
    const shown = { id: `${id}-m${ledger.length + 1}`, to, text, key }
    ledger.push(shown)
    onShown(shown)
    return shown
  }

  /** The gateway gives up an attempt, question and request together, by the same clock that ends its lease. */
  function isLate(signal: AbortSignal): boolean {
    const deadline = deadlines.get(signal) ?? now().getTime() + sendTimeoutMs
    deadlines.set(signal, deadline)
    return now().getTime() > deadline
  }

  async function send(node: string, { to, content }: SimRequest, key: string, attempt: number, signal: AbortSignal): Promise<{ externalId: string }> {
    isLate(signal)
    const who = `${node}.send ${key} ${String(++requests).padStart(4, '0')}`
    await schedule.turn(who, `request to ${to}, attempt ${attempt}: ${content.text}`, 0.6)
    if (isLate(signal)) throw new SendError('ambiguous', inBoth('timeout'))
    // Who knows our key gives the same answer to the same request.
    const before = idempotent === 'key' ? ledger.find((shown) => shown.key === key) : undefined
    const luck = healed || before ? 1 : chance.next()
    if (luck < 0.06) throw new SendError('unreachable', inBoth('refused'))
    if (luck < 0.12) throw new SendError('throttled', inBoth('429'), 1_000 + chance.below(20_000))
    if (luck < 0.18) throw new SendError('unreachable', inBoth('500'))
    if (luck < 0.21) {
      rejected.add(key)
      throw new SendError('rejected', inBoth('400'))
    }
    if (luck < 0.25) throw new SendError('ambiguous', inBoth('cut before it was taken'))
    const shown = before ?? take(to, content.text, key)
    await schedule.turn(who, `answer to attempt ${attempt}: ${content.text}`, 0.6)
    if (luck < 0.33 || isLate(signal)) throw new SendError('ambiguous', inBoth('cut after it was taken'))
    return { externalId: shown.id }
  }

  const kind = defineChannel<unknown, SimPayload, SimRequest>({
    name: 'simulated',
    config: z.unknown(),
    capabilities: () => capabilities,
    exclusive: () => false,
    normalise(payload): InboundEvent[] {
      if (payload.breaks) throw new Error('this payload breaks the translation')
      return [
        ...(payload.said ?? []).map(({ id: externalId, from, text, group, aliases }): InboundEvent => ({
          type: 'message.received', externalId, content: { text }, from: { address: from, route: { to: from }, ...(aliases && { aliases }) }, ...(group && { group }),
        })),
        ...(payload.statuses ?? []).map(({ id: externalId, state, key }): InboundEvent => ({ type: 'message.status', externalId, state, ...(key && { key }) })),
      ]
    },
    render: (content, route) => ({ to: String(route.to), content }),
    connect: () => Promise.reject(new Error('opened by the simulator')),
  })
  const capabilities = { ...plainCapabilities, idempotent }

  return {
    id, idempotent, ledger, rejected, told: new Map(),
    heal() { healed = true },
    openFor: (node) => ({
      id, kind, config: {}, capabilities, departmentId: 'geral',
      connection: {
        send: (request, { key, attempt, signal }) => send(node, request as SimRequest, key, attempt, signal),
        async lookup(_request, { key, signal }) {
          isLate(signal)
          await schedule.turn(`${node}.look ${key}`, 'is it there?')
          if (!healed && chance.is(0.2)) throw new SendError(chance.oneOf(['unreachable', 'throttled', 'ambiguous'] as const), inBoth('the question was not answered'))
          if (isLate(signal)) throw new SendError('ambiguous', inBoth('timeout'))
          const shown = ledger.find((one) => one.key === key)
          return shown && { externalId: shown.id }
        },
        close: async () => undefined,
      } satisfies Connection<unknown>,
    }),
  }
}
