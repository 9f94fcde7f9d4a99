/** One seed: citizens write, operators answer, vendors misbehave, nodes die, clocks jump; then all heal, and the books are checked. */

import type { Operator } from '../../src/core/model.ts'
import type { ActOptions } from '../../src/core/act.ts'
import { chanceOf } from '../random.ts'
import { type Book, check } from './invariants.ts'
import { openNode, type SimNode } from './node.ts'
import type { Plant } from './plants.ts'
import { openSchedule } from './schedule.ts'
import { openServers, type Servers } from './servers.ts'
import { type SaidIn, type SimPayload, simVendor, type SimVendor } from './vendor.ts'

export interface Told { seed: number; steps: number; digest: string; violations: string[]; tail: string[]; messages: number; deaths: number; deadlocks: number }

/** Servers that have told a history already: on connections that know no plans yet, a busy machine tells the first one in another order. */
export async function openWarm(setUp?: string[]): Promise<Servers> {
  const servers = await openServers(setUp)
  await tell(0, servers)
  return servers
}

export async function tell(seed: number, servers: Servers, plant?: Plant): Promise<Told> {
  const chance = chanceOf(seed)
  const schedule = openSchedule(chance, servers.blockers)
  let clock = Date.UTC(2026, 10, 23, 9)
  const now = () => new Date(clock)
  let keys = 0
  let incarnations = 0
  let deaths = 0
  let deadlocks = 0
  let healed = false
  const book: Book = { said: [], clicks: [], refusedForEver: [] }

  const vendors: SimVendor[] = chance.shuffled(['none', 'key', 'lookup', 'echo'] as const).slice(0, 2).map((idempotent) => simVendor({
    id: `${idempotent}-${seed}`, idempotent, chance, schedule, now,
    onShown: (shown) => void receipts(vendors.find((vendor) => vendor.ledger.includes(shown))!, shown),
  }))
  const nodes: SimNode[] = []
  for (let n = 0; n < 2; n += 1) nodes.push(await born(n))
  const operators: Operator[] = [1, 2, 3, 4].map((n) => ({ id: `op${n}`, name: `Operadora ${n}`, email: `op${n}@sim.example`, role: 'operator', departments: ['geral'] }))

  async function born(n: number): Promise<SimNode> {
    incarnations += 1
    const name = `${'AB'[n]}${incarnations}`
    const lane = await servers.lane()
    return openNode({ name, lane, pool: lane.join(schedule, name, plant), vendors, now, random: chance.next, newKey: () => `key-${seed}-${String(++keys).padStart(4, '0')}` })
  }

  const anyNode = () => chance.oneOf(nodes)

  /** As vendors do: again and again until somebody says that it is stored; now and then twice at once. */
  async function deliver(who: string, vendor: SimVendor, payload: SimPayload): Promise<void> {
    for (let attempt = 1; attempt <= 60; attempt += 1) {
      await schedule.turn(who, `delivers, attempt ${attempt}`, attempt === 1 ? 0.5 : 0.2)
      const copies = Array.from({ length: chance.is(0.15) ? 1 + chance.below(3) : 1 }, () => anyNode().receive(vendor, payload))
      const answers = await Promise.all(copies)
      if (answers.some((answer) => answer !== 'died' && 'answer' in answer)) {
        for (const { id } of payload.said ?? []) book.said.find((said) => said.id === id && said.channelId === vendor.id)!.acknowledged = true
        return
      }
    }
    book.refusedForEver.push(who)
  }

  async function receipts(vendor: SimVendor, shown: { id: string; key: string }): Promise<void> {
    if (chance.is(0.4)) return
    const states = chance.shuffled(['sent', 'delivered', 'read', ...(chance.is(0.2) ? ['failed' as const, 'delivered' as const] : [])] as const)
    await Promise.all(states.map(async (state, n) => {
      await deliver(`r.${shown.id}.${n}`, vendor, { statuses: [{ id: shown.id, state, ...(vendor.idempotent === 'echo' && { key: shown.key }) }] })
      vendor.told.set(shown.id, (vendor.told.get(shown.id) ?? new Set()).add(state))
    }))
  }

  async function citizen(n: number, vendor: SimVendor): Promise<void> {
    const from = `${vendor.id}-c${n}`
    const inOrder = chance.is(0.7)
    const group = chance.is(0.1) ? `${from}-album` : undefined
    const count = 2 + chance.below(5)
    const payloads: SimPayload[] = []
    for (let m = 0; m < count; m += 1) {
      const word = chance.is(0.25) ? 'pessoa' : chance.is(0.04) ? 'quebra' : 'olá'
      const poison = chance.is(0.04)
      // Longer than an index takes: refused by the database, not by us.
      const id = poison ? `${from}-${m}-${chance.noise(6_000)}` : `${from}-${m}`
      const said: SaidIn = { id, from, text: `${word} ${from}.${m}`, ...(chance.is(0.1) && { aliases: [`${from}-lid`] }), ...(group && m < 3 && !poison && { group }) }
      if (chance.is(0.03)) {
        payloads.push({ breaks: true })
        continue
      }
      book.said.push({ ...said, channelId: vendor.id, poison, acknowledged: false, n: m, inOrder })
      const before = payloads.at(-1)?.said
      if (before && chance.is(0.15)) before.push(said)
      else payloads.push({ said: [said] })
    }
    const deliveries = payloads.map((payload, m) => () => deliver(`c.${from}.${m}`, vendor, payload))
    if (inOrder) for (const next of deliveries) await next()
    else await Promise.all(deliveries.map((next) => next()))
  }

  /** Operators watch one citizen: they claim, answer, hand back, close, each click now and then twice. */
  async function desk(vendor: SimVendor, n: number): Promise<void> {
    const address = `${vendor.id}-c${n}`
    for (let deed = 0; deed < 6; deed += 1) {
      await schedule.turn(`o.${address}.${deed}`, 'looks', 0.15)
      const open = await schedule.alone(servers.openConversation(vendor.id, address))
      if (!open) continue
      const operator = chance.oneOf(operators)
      const clientId = `click-${address}-${deed}`
      const seen = { lastSeq: open.lastSeq, operatorId: open.operatorId }
      const what = chance.next()
      if (what < 0.3 && open.state === 'waiting') await fourClaim(address, deed, open.id, seen)
      else if (what < 0.75) await click({ conversationId: open.id, operator, clientId, deeds: [{ do: 'reply', text: `resposta ${clientId}` }], seen, force: chance.is(0.3) })
      else if (what < 0.85) await click({ conversationId: open.id, operator, clientId, deeds: [{ do: 'hand-back' }] })
      else if (what < 0.92) await click({ conversationId: open.id, operator, clientId, deeds: [{ do: 'close' }] })
      else await click({ conversationId: open.id, operator, clientId, deeds: [{ do: 'snooze', until: new Date(clock + chance.below(60_000)) }] })
    }
  }

  async function click(options: ActOptions): Promise<void> {
    for (let attempt = 1; attempt <= 40; attempt += 1) {
      const twice = chance.is(0.3) ? 2 : 1
      const answers = await Promise.all(Array.from({ length: twice }, () => anyNode().act(options)))
      for (const answer of answers) if (answer !== 'died' && 'answer' in answer) book.clicks.push({ clientId: options.clientId, deed: options.deeds[0]!.do, outcome: answer.answer })
      if (answers.some((answer) => answer !== 'died' && 'answer' in answer)) return
      await schedule.turn(`o.${options.clientId}.again`, `clicks again, attempt ${attempt}`, 0.3)
    }
    book.refusedForEver.push(options.clientId)
  }

  async function fourClaim(address: string, deed: number, conversationId: string, seen: { lastSeq: number; operatorId: string | null }): Promise<void> {
    const answers = await Promise.all(operators.map((operator, n) => anyNode().act({
      conversationId, operator, clientId: `claim-${address}-${deed}-${n}`, deeds: [{ do: 'take' }], seen,
    })))
    const won = answers.filter((answer) => answer !== 'died' && 'answer' in answer && answer.answer.type === 'done').length
    book.clicks.push({ clientId: `claim-${address}-${deed}`, deed: 'four', outcome: won })
  }

  async function faults(): Promise<void> {
    for (let n = 0; n < 3; n += 1) {
      await schedule.turn(`z.death ${n}`, 'a node dies', 0.03)
      if (healed) return
      const at = chance.below(2)
      const dying = nodes[at]!
      deadlocks += dying.lane.deadlocks()
      deaths += 1
      schedule.forget(`${dying.name}.`)
      await schedule.alone(servers.kill(dying.lane))
      nodes[at] = await schedule.alone(born(at))
      dying.die()
      nodes[at].wake()
    }
  }

  async function clocks(): Promise<void> {
    for (let n = 0; n < 12; n += 1) {
      await schedule.turn(`z.clock ${n}`, 'time passes', 0.06)
      clock += chance.is(0.2) ? 40_000 : chance.below(4_000)
      for (const node of nodes) node.wake()
      if (chance.is(0.3)) void anyNode().wakeSleepers()
    }
  }

  for (const vendor of vendors) {
    const citizens = 1 + chance.below(2)
    for (let n = 0; n < citizens; n += 1) {
      void citizen(n, vendor)
      if (chance.is(0.5)) void desk(vendor, n)
    }
  }
  void faults()
  void clocks()

  let rounds = 0
  const violations: string[] = []
  try {
    await schedule.play(async () => {
      healed = true
      for (const vendor of vendors) vendor.heal()
      if (await servers.unsettled(vendors.map(({ id }) => id)) === 0) return false
      if (++rounds > 60) {
        violations.push('something is still waiting to be sent after an hour without trouble')
        return false
      }
      clock += 60_000
      for (const node of nodes) node.wake()
      return true
    })
    violations.push(...await check(servers.db, vendors, book))
  } catch (error) {
    violations.push(error instanceof Error ? error.message : String(error))
  }
  for (const { lane } of nodes) deadlocks += lane.deadlocks()
  await Promise.all(nodes.map(({ lane }) => servers.kill(lane)))
  await servers.clear()
  return {
    seed, steps: schedule.steps(), digest: schedule.digest(), violations, tail: schedule.tail(), deaths, deadlocks,
    messages: book.said.length + vendors.reduce((sum, { ledger }) => sum + ledger.length, 0),
  }
}
