/** One gateway process of the simulator: the real core over connections that take turns. It can die between any two steps. */

import { pino } from 'pino'
import { type ActOptions, type ActOutcome, act } from '../../src/core/act.ts'
import type { World } from '../../src/core/apply.ts'
import { wakeSleepers } from '../../src/core/chores.ts'
import type { BotInput, BotState, BotTurn, Responder } from '../../src/core/model.ts'
import { openOutbox, type Outbox } from '../../src/core/outbox.ts'
import { openReceiver, type Receiver } from '../../src/core/receive.ts'
import type { Pool } from '../../src/core/store/pool.ts'
import type { Signals } from '../../src/core/signals.ts'
import type { Town } from '../../src/core/town.ts'
import type { Lane } from './lane.ts'
import type { SimPayload, SimVendor } from './vendor.ts'

/** What came of asking a node: it may have died over it. */
export type Asked<T> = { answer: T } | { refused: unknown } | 'died'

export interface SimNode {
  name: string
  receive(vendor: SimVendor, payload: SimPayload): Promise<Asked<void>>
  act(options: ActOptions): Promise<Asked<ActOutcome>>
  wakeSleepers(): Promise<Asked<number>>
  wake(): void
  /** Whoever waits for an answer learns that none will come. */
  die(): void
  lane: Lane
}

export interface SimNodeOptions {
  name: string
  lane: Lane
  pool: Pool
  vendors: SimVendor[]
  now: () => Date
  random: () => number
  newKey: () => string
}

const log = pino({ level: 'silent' })

/** Nobody listens here: news that is missed is a gap, never a loss. */
const silence: Signals = {
  tell: () => undefined, notices: () => [], noticesToAll: () => [], broadcast: async () => undefined,
  subscribe: () => () => undefined, close: async () => undefined,
}

export const respond: Responder = (state: BotState, input: BotInput): BotTurn => {
  if (input.type !== 'message') return { actions: [], state }
  const { text } = input.content
  if (text.startsWith('quebra')) throw new Error('a rule that throws')
  const say = { do: 'say', content: { text: `eco: ${text}` } } as const
  return { actions: text.startsWith('pessoa') ? [say, { do: 'hand-off', reason: 'asked' }] : [say], state }
}

export function openNode({ name, lane, pool, vendors, now, random, newKey }: SimNodeOptions): SimNode {
  const channels = new Map(vendors.map((vendor) => [vendor.id, vendor.openFor(name)]))
  const town: Town = {
    channels, defaultDepartment: 'geral', referencePrefix: 'SIM', respond, departmentsNow: () => [], dueAt: () => null, putOff: (_, due) => due,
    botFailed: () => ({ text: 'Vou chamar um colega.' }), survey: null, linkOf: () => '',
  }
  const world = (): World => ({
    now: now(), channel: (id) => channels.get(id), defaultDepartment: 'geral', newKey, linkOf: () => '', dueAt: () => null, putOff: (_, due) => due, survey: null,
  })
  const step = () => undefined
  const outbox: Outbox = openOutbox({
    pool, open: () => channels, signals: silence, now, random, log, muted: () => false, counted: () => undefined, step,
    crowd: 0,
    goesOnFrom: random() < 0.5 ? 0 : Infinity,
    // The simulator wakes it: no clock but its own.
    later: () => () => undefined,
  })
  const receiver: Receiver = openReceiver({
    pool, town: () => town, world, signals: silence, log, wakeOutbox: outbox.wake, counted: () => undefined, touched: () => undefined, step, startCalls: async () => undefined,
    // Nobody loses patience here: that would be decided by a clock that no seed knows.
    later: () => () => undefined,
  })
  const acting = {
    pool, town: () => town, world, signals: silence, wakeOutbox: outbox.wake, onBotError: () => undefined, startCalls: async () => undefined,
  }
  const mourners = new Set<() => void>()

  function asked<T>(work: Promise<T>): Promise<Asked<T>> {
    return new Promise((resolve) => {
      const died = () => resolve('died')
      mourners.add(died)
      work.then((answer) => resolve({ answer }), (refused: unknown) => resolve({ refused })).finally(() => mourners.delete(died))
    })
  }

  return {
    name, lane,
    receive: (vendor, payload) => asked(receiver.receive(channels.get(vendor.id)!, payload)),
    act: (options) => asked(act(acting, options)),
    wakeSleepers: () => asked(wakeSleepers({ pool, town: () => town, world, signals: silence, log })),
    wake: outbox.wake,
    die() {
      for (const died of mourners) died()
      mourners.clear()
    },
  }
}
