/** How each vendor comes again when it is not told that a message is stored. A wait is cut at a quarter of a minute, so that a run ends. */

import type { Chance } from './random.ts'

export interface VendorHabits {
  /** Messages with the same lane are delivered one after the other; undefined: all as they come. */
  lane?: (from: string) => string
  /** At most this many requests at once. */
  connections: number
  /** How long it waits for an answer. */
  patienceMs: number
  /** Until it comes again; undefined: never. `retryAfter` in seconds, as our refusal says. */
  waitMs(attempt: number, retryAfter: number, chance: Chance): number | undefined
  /** In the words of the page. */
  said: string
}

const longestMs = 15_000
const about = (ms: number, chance: Chance) => Math.min(ms, longestMs) * (0.8 + 0.4 * chance.next())

/** By channel. https://core.telegram.org/bots/api#setwebhook, Meta's, Twilio's and Microsoft's pages on webhooks, RFC 9051 for the mailbox. */
export const vendors: Record<string, VendorHabits> = {
  telegram: {
    lane: (from) => from, connections: 40, patienceMs: 60_000,
    waitMs: (attempt, retryAfter, chance) => about(Math.max(retryAfter * 1000, 500 * 2 ** attempt), chance),
    said: 'one update at a time in a chat, forty connections, twice as long each time or as Retry-After says, for a day',
  },
  whatsapp: {
    connections: 100, patienceMs: 20_000,
    waitMs: (attempt, _retryAfter, chance) => about(500 * 2 ** attempt, chance),
    said: 'in no order, twice as long each time, for a week',
  },
  sms: {
    connections: 100, patienceMs: 15_000,
    // Then it stands in the list of messages only, which the channel reads again.
    waitMs: (attempt, _retryAfter, chance) => (attempt <= 5 ? about(200, chance) : attempt === 6 ? longestMs : about(longestMs, chance)),
    said: 'five further tries at once because our address asks for them, then only in the list of messages, which is read later',
  },
  teams: {
    connections: 100, patienceMs: 15_000,
    waitMs: (attempt, _retryAfter, chance) => (attempt < 4 ? about(2_000 * attempt, chance) : undefined),
    said: 'fifteen seconds, in no order, four tries; then the citizen reads that it was not delivered',
  },
  email: {
    lane: (from) => `mailbox ${from.at(-1)}`, connections: 10, patienceMs: 60_000,
    waitMs: (_attempt, _retryAfter, chance) => about(1_000, chance),
    said: 'ten mailboxes, each read in order, one mail after the other; what was not stored is still there',
  },
  webchat: {
    lane: (from) => from, connections: 200, patienceMs: 15_000,
    waitMs: (attempt, _retryAfter, chance) => about(Math.min(10_000, 500 * 1.6 ** attempt), chance),
    said: 'the page sends one message after the other, again and again, under the same id',
  },
}
