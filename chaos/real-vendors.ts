/** Telegram and Twilio as they really speak, for the gateway's real channels; and whether what they were told and told us fits what is stored. */

import type { Pool } from '../src/core/store/pool.ts'
import { startTelegram } from '../test/vendors/telegram.ts'
import { startTwilio } from '../test/vendors/twilio.ts'
import type { ChannelBlocks } from './nodes.ts'

export interface RealBooks { written: number; missing: number; storedTwice: number; shownTwice: number; neverShown: number }

export interface RealVendors {
  blocks: ChannelBlocks
  env: Record<string, string>
  /** One citizen on each. `gateway`: where Twilio calls, once. */
  write(gateway: string | undefined): void
  /** The next message is shown, and we are not told so. */
  cut(): void
  /** Waits until all is stored and answered, or for so long. */
  balance(pool: Pool, deadlineMs: number): Promise<RealBooks>
  close(): Promise<void>
}

const people = 5

export async function openRealVendors(): Promise<RealVendors> {
  const telegram = await startTelegram()
  const twilio = await startTwilio()
  const written: { channelId: string; text: string }[] = []

  async function books({ pool }: Pool): Promise<RealBooks> {
    const { rows } = await pool.query<{ channel: string; text: string; direction: string; state: string | null }>(`
      select m.channel_id as channel, m.content->>'text' as text, m.direction, d.state from message m left join delivery d on d.message_id = m.id where m.channel_id in ('bot', 'telemovel')`)
    const shown = [
      ...telegram.ledger.map(({ text }) => `bot ${text}`), ...twilio.ledger.map(({ resource }) => `telemovel ${String(resource.body)}`),
    ]
    const times = (list: string[]) => {
      const counts = new Map<string, number>()
      for (const one of list) counts.set(one, (counts.get(one) ?? 0) + 1)
      return (one: string) => counts.get(one) ?? 0
    }
    const stored = times(rows.filter(({ direction }) => direction === 'in').map(({ channel, text }) => `${channel} ${text}`))
    const doubtful = new Set(rows.filter(({ state }) => state === 'unknown' || state === 'failed').map(({ channel, text }) => `${channel} ${text}`))
    const appeared = times(shown)
    const answers = written.map(({ channelId, text }) => `${channelId} eco: ${text}`)
    return {
      written: written.length,
      missing: written.filter(({ channelId, text }) => stored(`${channelId} ${text}`) === 0).length,
      storedTwice: written.filter(({ channelId, text }) => stored(`${channelId} ${text}`) > 1).length,
      shownTwice: answers.filter((answer) => appeared(answer) > 1).length,
      neverShown: answers.filter((answer) => appeared(answer) === 0 && !doubtful.has(answer)).length,
    }
  }

  return {
    blocks: {
      bot: { kind: 'telegram', token: { env: 'CHAOS_TELEGRAM' }, apiRoot: telegram.apiRoot, mode: 'polling', pollSeconds: 1 },
      telemovel: {
        kind: 'sms', accountSid: twilio.accountSid, authToken: { env: 'CHAOS_TWILIO' }, from: twilio.numbers[0]!.phoneNumber, baseUrl: twilio.baseUrl, catchUpEvery: 5,
      },
    },
    env: { CHAOS_TELEGRAM: telegram.token, CHAOS_TWILIO: twilio.authToken },
    write(gateway) {
      const n = written.length / 2
      const text = `mensagem ${n}`
      written.push({ channelId: 'bot', text }, { channelId: 'telemovel', text })
      telegram.citizen(1_001 + (n % people)).writes(text)
      twilio.numbers[0]!.smsUrl = gateway ? `${gateway}/channels/telemovel` : ''
      void twilio.texts(`+35191234567${n % people}`, text).catch(() => undefined)
    },
    cut() {
      telegram.faults.push({ kind: 'cut-after' })
      twilio.faults.push({ kind: 'cut-after' })
    },
    async balance(pool, deadlineMs) {
      const end = Date.now() + deadlineMs
      for (;;) {
        const now = await books(pool)
        if ((now.missing === 0 && now.neverShown === 0) || Date.now() > end) return now
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
    },
    async close() {
      await telegram.close()
      await twilio.close()
    },
  }
}
