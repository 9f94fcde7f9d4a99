/** WhatsApp by Meta's API in a storm. */

import type { Chance } from '../../../chaos/random.ts'
import { startWhatsappCloud } from '../../vendors/whatsapp-cloud.ts'
import { copiesBy, giveMoods, type Row } from './row.ts'

export async function whatsappCloudRow(chance: Chance): Promise<Row> {
  const meta = await startWhatsappCloud({ copies: copiesBy(chance), firstRetryMs: 100 })
  const doubts = giveMoods(meta.faults, chance, {
    sure: [
      { kind: 'refuse', status: 429, code: 130429, retryAfter: 1 }, { kind: 'refuse', status: 500, code: 131000 }, { kind: 'refuse', status: 503, code: 2 },
      { kind: 'refuse', status: 400, code: 131056, retryAfter: 1 }, { kind: 'slow', ms: 300 },
    ],
    doubtful: [{ kind: 'refuse', status: 502 }, { kind: 'cut-before' }, { kind: 'cut-after' }],
  })
  return {
    block: {
      kind: 'whatsapp', phoneNumberId: meta.phoneNumberId, wabaId: meta.wabaId, graphBaseUrl: meta.baseUrl, accessToken: { env: 'META_TOKEN' },
      appSecret: { env: 'META_SECRET' }, verifyToken: { env: 'META_VERIFY' },
    },
    env: { META_TOKEN: meta.accessToken, META_SECRET: meta.appSecret, META_VERIFY: 'verify-me' },
    people: 50, each: 10, answersOneIn: 1,
    listensAt: () => undefined,
    async write(person, text) {
      await meta.citizenWrites({ phone: `3519123456${String(person).padStart(2, '0')}` }, { type: 'text', text: { body: text } })
      return true
    },
    shown: () => meta.ledger.map(({ body }) => (body.text as { body: string }).body),
    doubts,
    close: meta.close,
  }
}
