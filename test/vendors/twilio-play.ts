/** Twilio in a terminal. */

import { parseArgs } from 'node:util'
import { follow, perform, picture, print } from './terminal.ts'
import { startTwilio } from './twilio.ts'

export async function play(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { port: { type: 'string', default: '8082' } } })
  const twilio = await startTwilio({ port: Number(values.port) })
  let from = '+351912345678'
  follow(() => twilio.ledger, ({ to, body }) => print(`${to} <`, body))
  const text = async (body: string, more: Parameters<typeof twilio.texts>[2] = {}) => {
    const { call } = await twilio.texts(from, body, more)
    if (!call && !more.lost) print('(nobody has registered a webhook yet; what is written is read from the list)')
    else if (call && call.status !== 200) print(`(the webhook answered ${call.status})`)
  }
  await perform({
    what: `Twilio stands in at ${twilio.baseUrl}.`,
    block: `sms: { kind: sms, accountSid: ${twilio.accountSid}, authToken: { env: TWILIO_TOKEN }, from: '${twilio.numbers[0]!.phoneNumber}', baseUrl: ${twilio.baseUrl} }`,
    env: { TWILIO_TOKEN: twilio.authToken },
    citizen: from,
    writes: (line) => text(line),
    commands: {
      as: { says: '+351…: be another phone', does: (phone) => { from = phone || from } },
      photo: { says: 'send a picture (MMS), with words if there are any', does: (words) => text(words, { pictures: [{ bytes: picture(), mimeType: 'image/png' }] }) },
      lost: { says: 'TEXT: its webhook is never called; the gateway reads the list within a few minutes', does: (words) => text(words, { lost: true }) },
      fail: { says: 'STATUS: refuse the next message, e.g. 429', does: (status) => void twilio.faults.push({ kind: 'refuse', status: Number(status) || 429 }) },
      cut: { says: 'cut the line just after the next message was taken', does: () => void twilio.faults.push({ kind: 'cut-after' }) },
    },
    close: () => twilio.close(),
  })
}
