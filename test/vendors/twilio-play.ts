/** Twilio in a terminal: a line is an SMS from a phone, what phones are sent is printed. */

import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { startTwilio } from './twilio.ts'

export async function play(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { port: { type: 'string', default: '8082' } } })
  const twilio = await startTwilio({ port: Number(values.port) })
  const print = (line: string) => void process.stdout.write(`${line}\n`)
  print(`Twilio stands in at ${twilio.baseUrl}`)
  print('In config/gateway.yaml:')
  print(
    `  sms: { kind: sms, accountSid: ${twilio.accountSid}, authToken: { env: TWILIO_TOKEN ` +
      `}, from: '${twilio.numbers[0]!.phoneNumber}', baseUrl: ${twilio.baseUrl} }`,
  )
  print(`and TWILIO_TOKEN=${twilio.authToken}`)
  print('Write as a phone. /as +351…, /lost TEXT, /fail STATUS, /cut.')

  let from = '+351912345678'
  let seen = 0
  setInterval(() => {
    for (; seen < twilio.ledger.length; seen++) print(`${twilio.ledger[seen]!.to} < ${twilio.ledger[seen]!.body}`)
  }, 100)
  for await (const line of createInterface({ input: process.stdin })) {
    const [, command, rest = ''] = /^\/(as|lost|fail|cut)\b ?(.*)$/.exec(line) ?? []
    if (command === 'as') from = rest
    else if (command === 'fail') twilio.faults.push({ kind: 'refuse', status: Number(rest) || 429 })
    else if (command === 'cut') twilio.faults.push({ kind: 'cut-after' })
    else if (line.trim() !== '') {
      const { call } = await twilio.texts(from, command === 'lost' ? rest : line, { lost: command === 'lost' })
      if (!call && command !== 'lost') print('(nobody has registered a webhook yet)')
    }
  }
}
