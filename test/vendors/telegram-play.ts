/** Telegram in a terminal: a line is what a citizen writes, what the bot answers is printed. */

import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { buttonsOf } from './telegram-methods.ts'
import { startTelegram } from './telegram.ts'
import type { Json } from './telegram-updates.ts'

export async function play(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { port: { type: 'string', default: '8081' }, token: { type: 'string' } } })
  const telegram = await startTelegram({
    port: Number(values.port),
    ...(values.token !== undefined && { token: values.token }),
  })
  const print = (line: string) => void process.stdout.write(`${line}\n`)
  print(`Telegram's Bot API stands in at ${telegram.apiRoot}`)
  print('In config/gateway.yaml:')
  print(`  telegram: { kind: telegram, mode: polling, apiRoot: ${telegram.apiRoot}, token: { env: TELEGRAM_TOKEN } }`)
  print(`and TELEGRAM_TOKEN=${telegram.token}`)
  print('Write as a citizen. /press LABEL, /photo, /contact, /block, /unblock, /as NUMBER, /fail STATUS, /cut.')

  let citizen = telegram.citizen(1001)
  void show()
  async function show(): Promise<void> {
    for (let seen = 0; ; seen++) {
      const sent = await telegram.shown((one) => telegram.ledger.indexOf(one) >= seen, 2 ** 31 - 1)
      const buttons = buttonsOf(sent.payload.reply_markup as Json)
        .map(({ text }) => `[${String(text)}]`)
        .join(' ')
      print(
        [`${sent.chatId} < ${sent.text}`, sent.file && `(${sent.file.name}, ${sent.file.bytes.length} bytes)`, buttons]
          .filter(Boolean)
          .join(' '),
      )
    }
  }
  for await (const line of createInterface({ input: process.stdin })) {
    const [, command, rest = ''] = /^\/(press|photo|contact|block|unblock|as|fail|cut)\b ?(.*)$/.exec(line) ?? []
    try {
      if (command === 'press') citizen.presses(rest)
      else if (command === 'photo') citizen.sendsPhoto(Buffer.from('ffd8ffe0', 'hex'))
      else if (command === 'contact') citizen.sharesContact()
      else if (command === 'block') citizen.blocks()
      else if (command === 'unblock') citizen.unblocks()
      else if (command === 'as') citizen = telegram.citizen(Number(rest) || 1001)
      else if (command === 'fail') telegram.faults.push({ kind: 'refuse', status: Number(rest) || 429 })
      else if (command === 'cut') telegram.faults.push({ kind: 'cut-after' })
      else if (line.trim() !== '') citizen.writes(line)
    } catch (error) {
      print(String(error))
    }
  }
}
