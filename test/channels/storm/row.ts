/** What one channel brings to the storm: its vendor with its moods, citizens who write, and what they were shown. */

import type { Chance } from '../../../chaos/random.ts'

export interface ChannelStatus { status: string; qr: string | null }

export interface Row {
  block: { kind: string } & Record<string, unknown>
  env: Record<string, string>
  people: number
  /** How many messages each of them writes, half of them before the gateway is killed. */
  each: number
  /** The bot answers one in so many: a vendor's pace bounds what can go out in a test. */
  answersOneIn: number
  /** What the vendor gave up to tell is asked for only when it is some minutes old. */
  asksLater?: true
  /** A gateway listens there now; and what the inbox says of the channel. */
  listensAt(url: string, status: () => Promise<ChannelStatus | undefined>): Promise<void> | void
  /** Resolves once the vendor has said what it will ever say of its own accord: false when it was not told that we have it. */
  write(person: number, text: string): Promise<boolean>
  /** Texts of the town that citizens were shown, in order. */
  shown(): Promise<string[]> | string[]
  /** Sends of which nobody could know whether they arrived. */
  doubts(): number
  close(): Promise<void>
}

/** One send in ten meets one of these. */
export interface Moods<Fault> {
  /** The vendor says that it did nothing, or is only slow. */
  sure: Fault[]
  doubtful: Fault[]
}

const enough = 5_000

export function moody<Fault>(chance: Chance, { sure, doubtful }: Moods<Fault>): { faults: (Fault | undefined)[]; doubtsIn(used: number): number } {
  const faults = Array.from({ length: enough }, () => (chance.is(0.1) ? chance.oneOf([...sure, ...doubtful]) : undefined))
  return { faults: [...faults], doubtsIn: (used) => faults.slice(0, used).filter((fault) => fault !== undefined && doubtful.includes(fault)).length }
}

/** For vendors whose faults are a list that is used up. */
export function giveMoods<Fault>(to: (Fault | undefined)[], chance: Chance, moods: Moods<Fault>): () => number {
  const { faults, doubtsIn } = moody(chance, moods)
  to.push(...faults)
  return () => doubtsIn(enough - to.length)
}

/** One in ten is delivered twice at once. */
export const copiesBy = (chance: Chance) => () => (chance.is(0.1) ? 2 : 1)
