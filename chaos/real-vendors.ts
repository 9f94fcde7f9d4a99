/** The vendors as they really speak, for the gateway's real channels; and whether what they were told and told us fits what is stored. */

import type { Pool } from '../src/core/store/pool.ts'
import { mailFrom } from '../test/channels/email/setting.ts'
import { startMail } from '../test/vendors/mail.ts'
import { startTeams } from '../test/vendors/teams.ts'
import { startTelegram } from '../test/vendors/telegram.ts'
import { startTwilio } from '../test/vendors/twilio.ts'
import { startWhatsappCloud } from '../test/vendors/whatsapp-cloud.ts'
import type { ChannelBlocks } from './nodes.ts'

export interface RealBooks { written: number; missing: number; storedTwice: number; shownTwice: number; neverShown: number }

export interface RealVendors {
  blocks: ChannelBlocks
  env: Record<string, string>
  /** One citizen on each. `gateway`: where the vendors call that have no address of ours. */
  write(gateway: string | undefined): void
  /** The next message is shown, and we are not told so. */
  cut(): void
  /** Waits until all is stored and answered, or for so long. */
  balance(pool: Pool, deadlineMs: number): Promise<RealBooks>
  close(): Promise<void>
}

interface RealVendor {
  block: { kind: string } & Record<string, unknown>
  env: Record<string, string>
  /** false: the vendor has given up, and its citizen knows. */
  write(person: number, text: string, gateway: string | undefined): Promise<boolean>
  shown(): Promise<string[]> | string[]
  cut(): void
  close(): Promise<void>
}

const people = 5

async function telegram(): Promise<RealVendor> {
  const vendor = await startTelegram()
  return {
    block: { kind: 'telegram', token: { env: 'CHAOS_TELEGRAM' }, apiRoot: vendor.apiRoot, mode: 'polling', pollSeconds: 1 },
    env: { CHAOS_TELEGRAM: vendor.token },
    async write(person, text) {
      vendor.citizen(1_001 + person).writes(text)
      return true
    },
    shown: () => vendor.ledger.map(({ text }) => text),
    cut: () => vendor.faults.push({ kind: 'cut-after' }),
    close: vendor.close,
  }
}

async function sms(): Promise<RealVendor> {
  const vendor = await startTwilio()
  const [number] = vendor.numbers
  return {
    block: { kind: 'sms', accountSid: vendor.accountSid, authToken: { env: 'CHAOS_TWILIO' }, from: number!.phoneNumber, baseUrl: vendor.baseUrl, catchUpEvery: 5 },
    env: { CHAOS_TWILIO: vendor.authToken },
    async write(person, text, gateway) {
      number!.smsUrl = gateway ? `${gateway}/channels/real-sms` : ''
      // Called once; what was not taken then stands in its list of messages.
      await vendor.texts(`+35191234567${person}`, text).catch(() => undefined)
      return true
    },
    shown: () => vendor.ledger.map(({ resource }) => String(resource.body)),
    cut: () => vendor.faults.push({ kind: 'cut-after' }),
    close: vendor.close,
  }
}

async function whatsapp(): Promise<RealVendor> {
  const vendor = await startWhatsappCloud({ firstRetryMs: 100 })
  return {
    block: {
      kind: 'whatsapp', phoneNumberId: vendor.phoneNumberId, wabaId: vendor.wabaId, graphBaseUrl: vendor.baseUrl, accessToken: { env: 'CHAOS_META' },
      appSecret: { env: 'CHAOS_META_SECRET' }, verifyToken: { env: 'CHAOS_META_VERIFY' },
    },
    env: { CHAOS_META: vendor.accessToken, CHAOS_META_SECRET: vendor.appSecret, CHAOS_META_VERIFY: 'verify-me' },
    async write(person, text) {
      await vendor.citizenWrites({ phone: `35192234567${person}` }, { type: 'text', text: { body: text } })
      return true
    },
    shown: () => vendor.ledger.map(({ body }) => (body.text as { body: string }).body),
    cut: () => vendor.faults.push({ kind: 'cut-after' }),
    close: vendor.close,
  }
}

async function teams(): Promise<RealVendor> {
  const vendor = await startTeams({ pauseMs: 5_000 })
  return {
    block: {
      kind: 'teams', appId: vendor.appId, appPassword: { env: 'CHAOS_TEAMS' }, tenantId: vendor.tenantId, serviceUrls: [vendor.origin],
      openIdMetadataUrl: vendor.openIdMetadataUrl, tokenUrl: vendor.tokenUrl,
    },
    env: { CHAOS_TEAMS: vendor.appPassword },
    async write(person, text, gateway) {
      if (gateway) vendor.webhook = `${gateway}/channels/real-teams`
      const { statuses } = await vendor.deliver(vendor.citizen(person).activity({ type: 'message', textFormat: 'plain', text }))
      return statuses.at(-1) === 200
    },
    shown: () => vendor.ledger.map(({ text }) => text),
    cut: () => vendor.faults.push({ kind: 'cut-after' }),
    close: vendor.close,
  }
}

async function email(): Promise<RealVendor> {
  const vendor = await startMail()
  const login = { secure: 'none', user: vendor.user, password: { env: 'CHAOS_MAIL' } }
  let cuts = 0
  vendor.faults.smtp = () => {
    if (cuts === 0) return undefined
    cuts -= 1
    return 'cut-after'
  }
  return {
    block: { kind: 'email', address: vendor.address, begin: 'all', loop: { mails: 1_000, minutes: 1 }, imap: { ...vendor.imap, ...login }, smtp: { ...vendor.smtp, ...login } },
    env: { CHAOS_MAIL: vendor.password },
    async write(person, text) {
      await vendor.deliver(mailFrom(`c${person}@exemplo.pt`, { text, headers: `References: <first-${person}@exemplo.pt>` }))
      return true
    },
    async shown() {
      // Handed over twice under one Message-ID it is one mail for whoever reads it.
      const once = new Map((await vendor.sent()).map(({ messageId, raw }) => [messageId, raw]))
      return [...once.values()].map((raw) => /eco: mensagem \d+/.exec(raw)?.[0] ?? raw)
    },
    cut() { cuts += 1 },
    close: vendor.close,
  }
}

export async function openRealVendors(): Promise<RealVendors> {
  const vendors: Record<string, RealVendor> = {
    'real-telegram': await telegram(), 'real-sms': await sms(), 'real-whatsapp': await whatsapp(), 'real-teams': await teams(), 'real-email': await email(),
  }
  const all = Object.entries(vendors)
  const written: { channelId: string; text: string }[] = []
  const underWay = new Set<Promise<void>>()
  let n = 0

  async function books({ pool }: Pool): Promise<RealBooks> {
    const { rows } = await pool.query<{ channel: string; text: string; direction: string; state: string | null }>(`
      select m.channel_id as channel, m.content->>'text' as text, m.direction, d.state from message m left join delivery d on d.message_id = m.id where m.channel_id = any($1)`, [Object.keys(vendors)])
    const shown = (await Promise.all(all.map(async ([id, vendor]) => (await vendor.shown()).map((text) => `${id} ${text}`)))).flat()
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
    blocks: Object.fromEntries(all.map(([id, { block }]) => [id, block])),
    env: Object.assign({}, ...all.map(([, { env }]) => env)) as Record<string, string>,
    write(gateway) {
      const text = `mensagem ${n}`
      for (const [channelId, vendor] of all) {
        const work: Promise<void> = vendor.write(n % people, text, gateway)
          .then((isTold) => { if (isTold) written.push({ channelId, text }) })
          .finally(() => underWay.delete(work))
        underWay.add(work)
      }
      n += 1
    },
    cut() {
      for (const [, vendor] of all) vendor.cut()
    },
    async balance(pool, deadlineMs) {
      const end = Date.now() + deadlineMs
      await Promise.all(underWay)
      for (;;) {
        const now = await books(pool)
        if ((now.missing === 0 && now.neverShown === 0) || Date.now() > end) return now
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
    },
    async close() {
      for (const [, vendor] of all) await vendor.close()
    },
  }
}
