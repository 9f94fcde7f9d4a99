/** Telegram in a storm, called by it or asking it. */

import type { Chance } from '../../../chaos/random.ts'
import { startTelegram } from '../../vendors/telegram.ts'
import { secretToken } from '../telegram/start.ts'
import { copiesBy, giveMoods, type Row } from './row.ts'

export async function telegramRow(mode: 'webhook' | 'polling', chance: Chance): Promise<Row> {
  const telegram = await startTelegram({ retryFactor: 0.1, copies: copiesBy(chance) })
  const secrets = { webhook: { secretToken: { env: 'TELEGRAM_SECRET' } }, polling: { pollSeconds: 1 } }
  const token = `TELEGRAM_${mode.toUpperCase()}`
  const doubts = giveMoods(telegram.faults, chance, {
    sure: [{ kind: 'refuse', status: 429, retryAfter: 1 }, { kind: 'slow', ms: 300 }],
    doubtful: [{ kind: 'refuse', status: 502 }, { kind: 'refuse-after', status: 500 }, { kind: 'cut-before' }, { kind: 'cut-after' }],
  })
  return {
    block: { kind: 'telegram', token: { env: token }, apiRoot: telegram.apiRoot, mode, ...secrets[mode] },
    env: { [token]: telegram.token, TELEGRAM_SECRET: secretToken },
    people: 50, each: { webhook: 10, polling: 4 }[mode], answersOneIn: 1,
    listensAt: () => undefined,
    async write(person, text) {
      telegram.citizen(1_001 + person).writes(text)
      return true
    },
    shown: () => telegram.ledger.map(({ text }) => text),
    doubts,
    close: telegram.close,
  }
}
