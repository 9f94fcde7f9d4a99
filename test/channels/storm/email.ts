/** A mailbox in a storm. One mail may be handed over twice; it carries the same Message-ID then, and is one for whoever reads it. */

import type { Chance } from '../../../chaos/random.ts'
import { type SmtpFault, startMail } from '../../vendors/mail.ts'
import { mailFrom } from '../email/setting.ts'
import { copiesBy, moody, type Row } from './row.ts'

export async function emailRow(chance: Chance): Promise<Row> {
  const mail = await startMail({ slowMs: 300 })
  const copies = copiesBy(chance)
  const { faults, doubtsIn } = moody<SmtpFault>(chance, {
    sure: [{ at: 'mail', code: 451 }, { at: 'rcpt', code: 450 }, { at: 'data', code: 452 }, 'slow'],
    doubtful: ['cut-before', 'cut-after'],
  })
  mail.faults.smtp = (attempt) => faults[attempt - 1]
  const login = { secure: 'none', user: mail.user, password: { env: 'MAIL_PASSWORD' } }
  return {
    block: {
      kind: 'email', address: mail.address, begin: 'all', loop: { mails: 1_000, minutes: 1 }, imap: { ...mail.imap, ...login }, smtp: { ...mail.smtp, ...login },
    },
    env: { MAIL_PASSWORD: mail.password },
    people: 50, each: 10, answersOneIn: 1,
    listensAt: () => undefined,
    async write(person, text) {
      const raw = mailFrom(`c${person}@exemplo.pt`, { text, headers: `References: <first-${person}@exemplo.pt>` })
      if (chance.is(0.05)) mail.faults.imap.cutAtFetch = 2
      for (let copy = copies(); copy > 0; copy -= 1) await mail.deliver(raw)
      return true
    },
    async shown() {
      const once = new Map((await mail.sent()).map(({ messageId, raw }) => [messageId, raw]))
      return [...once.values()].map((raw) => /eco: [\w-]+/.exec(raw)?.[0] ?? raw)
    },
    doubts: () => doubtsIn(mail.attempts()),
    close: mail.close,
  }
}
