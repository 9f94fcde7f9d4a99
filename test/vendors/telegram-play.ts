/** Telegram in a terminal. */

import { parseArgs } from 'node:util'
import { buttonsOf } from './telegram-methods.ts'
import { startTelegram } from './telegram.ts'
import type { Json } from './telegram-updates.ts'
import { buttons, follow, perform, picture, print } from './terminal.ts'

export async function play(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { port: { type: 'string', default: '8081' }, token: { type: 'string' } } })
  const telegram = await startTelegram({ port: Number(values.port), ...(values.token !== undefined && { token: values.token }) })
  let citizen = telegram.citizen(1001)
  let last = 0
  follow(() => telegram.ledger, ({ chatId, text, file, payload }) =>
    print(`${chatId} <`, text, file && `(${file.name}, ${file.bytes.length} bytes)`, buttons(buttonsOf(payload.reply_markup as Json).map((button) => button.text))))
  await perform({
    what: `Telegram's Bot API stands in at ${telegram.apiRoot}.`,
    block: `telegram: { kind: telegram, mode: polling, apiRoot: ${telegram.apiRoot}, token: { env: TELEGRAM_TOKEN } }`,
    env: { TELEGRAM_TOKEN: telegram.token },
    citizen: 'citizen 1001',
    slashes: true,
    writes: (line) => { last = line === '/start' ? citizen.starts() : citizen.writes(line) },
    commands: {
      press: { says: 'LABEL: press the button with it', does: (label) => void citizen.presses(label) },
      edit: { says: 'TEXT: change what was written last', does: (text) => void citizen.edits(last, text) },
      photo: { says: 'send a photo, with words if there are any', does: (caption) => void citizen.sendsPhoto(picture(), caption ? { caption } : {}) },
      place: { says: 'share where they are', does: () => void citizen.sharesLocation(41.69, -8.83) },
      contact: { says: 'share their phone number', does: () => void citizen.sharesContact() },
      block: { says: 'block the bot; /unblock', does: () => void citizen.blocks() },
      unblock: { says: 'take it back', does: () => void citizen.unblocks() },
      as: { says: 'NUMBER: be another citizen', does: (id) => { citizen = telegram.citizen(Number(id) || 1001) } },
      fail: { says: 'STATUS: refuse the next message, e.g. 429', does: (status) => void telegram.faults.push({ kind: 'refuse', status: Number(status) || 429 }) },
      cut: { says: 'cut the line just after the next message was taken', does: () => void telegram.faults.push({ kind: 'cut-after' }) },
    },
    close: () => telegram.close(),
  })
}
