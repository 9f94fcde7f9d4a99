/** Gateways are killed, replaced by another build and back, flooded, run with a clock that jumps, or with a full disk. */

import { readdirSync } from 'node:fs'
import { buildAhead } from '../build-ahead.ts'
import { type FaultOptions, pause } from '../stage.ts'
import { moody, whileOn } from './turns.ts'

const hour = 3_600_000

export const gatewayFaults: Record<string, FaultOptions> = {
  kill: {
    what: 'kill -9 of the only gateway, again and again, under 100 messages/s', nodes: 1, citizens: { perSecond: 100, people: 40 },
    async play(on) {
      const enough = () => on.kills > 0 && on.nodes.kills() >= on.kills
      while (on.kills > 0 ? !enough() : on.isOn()) {
        await pause(on.kills > 0 ? 300 + on.chance.below(600) : 500 + on.chance.below(1_500))
        await on.nodes.replace()
      }
    },
  },
  'two-nodes': {
    what: 'two gateways killed in turn, a vendor with moods', nodes: 2, vendor: moody,
    play: (on) => whileOn(on, () => 500 + on.chance.below(1_500), on.nodes.replace),
  },
  'real-channels': {
    what: 'Telegram by polling, Twilio’s single call with its list of messages, Meta, Teams and a mailbox, each speaking its own protocol; gateways killed in turn, vendors that cut after they took it', nodes: 2, real: true,
    async play(on) {
      const writing = whileOn(on, () => 250, async () => on.real!.write(on.nodes.urls()[0]))
      await whileOn(on, () => 2_500 + on.chance.below(2_000), async () => {
        on.real!.cut()
        await on.nodes.replace()
      })
      await writing
      const { written, ...books } = await on.real!.balance(on.pool, 120_000)
      on.note('messages written on the real channels', written)
      on.promise('on the real channels, lost', books.missing)
      on.promise('stored twice', books.storedTwice)
      on.promise('shown twice', books.shownTwice)
      on.promise('answers neither shown nor in doubt', books.neverShown)
    },
  },
  clock: {
    what: 'one gateway’s clock jumps by an hour or a day, forward and back', nodes: 2,
    play: (on) => whileOn(on, () => 1_500, async () => {
      on.nodes.setClock(on.chance.oneOf([-24, -1, 0, 1, 24]) * hour)
    }),
  },
  overload: {
    what: '1,000 messages/s to one gateway', nodes: 1, citizens: { perSecond: 1_000, people: 400 },
    play: (on) => pause(Math.min(on.ms, 15_000)),
  },
  'files-full': {
    what: 'the disk for attachments is full; one message in five has one', nodes: 2, disk: { megabytes: 24, of: 'files' }, citizens: { pictureEvery: 5 },
    async play(on) {
      for (let n = 0; n < 10_000; n += 5) on.vendor.media.set(`picture-${n}`, Buffer.from(`%PDF-1.4 ${n} ${on.chance.noise(8_000)}`))
      await pause(1_000)
      on.disk!.fill()
      const before = on.citizens.acknowledged.length
      await pause(Math.max(2_000, Math.min(on.ms - 3_000, 30_000)))
      on.note('acknowledged while the disk was full', on.citizens.acknowledged.length - before)
      on.disk!.free()
      const left = async (states: string) => (await on.pool.pool.query<{ count: number }>(`select count(*)::int from attachment where state ${states}`)).rows[0]!.count
      for (let n = 0; n < 300 && (await left(`= 'pending'`) > 0 || on.isOn()); n += 1) await pause(100)
      await pause(1_000)
      on.note('attachments kept', await left(`= 'stored'`))
      on.promise('attachments given up', await left(`in ('failed', 'refused')`))
      const halves = readdirSync(on.disk!.folder, { recursive: true }).filter((name) => /files\/tmp\/./.test(String(name)))
      on.promise('half files left behind', halves.length)
    },
  },
  upgrade: {
    what: 'two gateways replaced under load by a build with a further migration, then by the old one again', nodes: 2,
    async play(on) {
      const refusedBefore = () => on.citizens.refusals.length + on.citizens.unanswered()
      const next = buildAhead()
      const before = refusedBefore()
      let longest = 0
      const replace = async (root?: string) => {
        await on.nodes.start(root ? { root } : {})
        await pause(Math.max(1_000, on.ms / 8))
        longest = Math.max(longest, await on.nodes.retire())
        await pause(Math.max(500, on.ms / 16))
      }
      for (const root of [next.root, next.root, undefined, undefined]) await replace(root)
      const { rows: [row] } = await on.pool.pool.query<{ count: number }>('select count(*)::int from conversation where planted is null')
      on.promise('conversations that the rollback has robbed of what the new build added', row!.count)
      on.promise('webhooks not answered by 2xx during upgrade and rollback', refusedBefore() - before)
      on.note('longest until an old gateway had ended politely, ms', longest)
      next.remove()
    },
  },
}
