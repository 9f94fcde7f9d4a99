/** WhatsApp by a linked device in a storm: the real library in a real browser, and a phone that keeps what the page has not heard. */

import { setTimeout as pause } from 'node:timers/promises'
import type { Chance } from '../../../chaos/random.ts'
import { findChromium } from '../../vendors/browser.ts'
import { type SendFault, startWhatsappPage } from '../../vendors/whatsapp-page/server.ts'
import { giveMoods, type Row } from './row.ts'
import { until } from './storm.ts'

export async function whatsappWebRow(chance: Chance): Promise<Row> {
  const people = Array.from({ length: 20 }, (_none, n) => ({ phone: `3519181234${String(n).padStart(2, '0')}@c.us`, lid: `812345678901${String(n).padStart(2, '0')}@lid`, name: `Munícipe ${n}` }))
  const [phone, browser] = await Promise.all([startWhatsappPage({ people }), findChromium()])
  giveMoods<SendFault>(phone.faults, chance, { sure: ['slow', 'cut-before', 'cut-after'], doubtful: [] })
  return {
    block: {
      kind: 'whatsapp', provider: 'web', acceptRiskOfBan: true, encryptionKey: { env: 'WHATSAPP_SESSION_KEY' }, executablePath: browser.executablePath,
      browserArguments: [...browser.args, ...phone.browserArguments], page: phone.page, perSecond: 5, perDay: 10_000, watchdogSeconds: 0.5,
    },
    env: { WHATSAPP_SESSION_KEY: 'uma chave comprida' },
    people: people.length, each: 10, answersOneIn: 2,
    async listensAt(_url, status) {
      // The next gateway finds the session that the killed one has left.
      if (phone.paired) return
      await until('the code to scan', async () => Boolean((await status())?.qr))
      phone.scan()
      await until('the device is paired', async () => (await status())?.status === 'connected')
    },
    async write(person, text) {
      const unheard = chance.is(0.1)
      phone.says(people[person]!, { body: text }, { unheard })
      await pause(100)
      return !unheard
    },
    shown: () => phone.ledger.map(({ body }) => body ?? ''),
    // Ids are ours: whatever is cut can be looked up.
    doubts: () => 0,
    close: phone.close,
  }
}
