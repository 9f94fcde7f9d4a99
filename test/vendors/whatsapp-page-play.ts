/** WhatsApp behind its page, in a terminal: a line is what a citizen writes, what the linked device sends is printed. */

import { createInterface } from 'node:readline'
import { findChromium } from './browser.ts'
import { maria, rui, startWhatsappPage } from './whatsapp-page/server.ts'

export async function play(): Promise<void> {
  const [page, browser] = await Promise.all([startWhatsappPage(), findChromium()])
  const print = (line: string) => void process.stdout.write(`${line}\n`)
  const list = (words: string[]) => `[${words.map((word) => `'${word}'`).join(', ')}]`
  print(`WhatsApp's page stands in at ${page.page.folder}. In config/gateway.yaml:`)
  print(
    `  whatsapp: { kind: whatsapp, provider: web, acceptRiskOfBan: true, encryptionKey: { env: WHATSAPP_KEY }, ` +
      `executablePath: ${browser.executablePath}, browserArguments: ${list([...browser.args, ...page.browserArguments])}, ` +
      `page: { version: ${page.page.version}, folder: ${page.page.folder} } }`,
  )
  print('and WHATSAPP_KEY=any-words-of-yours')
  print('When the code is shown: /scan. Then write as a citizen. /as maria or rui, /phone TEXT (the town’s own phone), /qr, /logout.')

  let citizen = maria
  let shown = 0
  setInterval(() => {
    for (const { chat, type, body, caption, filename, bytes } of page.ledger.slice(shown)) {
      print(`${chat} < ${[type === 'chat' ? undefined : type, body ?? caption, filename, bytes && `(${bytes.length} bytes)`].filter(Boolean).join(' ')}`)
    }
    shown = page.ledger.length
  }, 100)
  for await (const line of createInterface({ input: process.stdin })) {
    const [, command, rest = ''] = /^\/(scan|as|phone|qr|logout)\b ?(.*)$/.exec(line) ?? []
    if (command === 'scan') page.scan()
    else if (command === 'as') citizen = rest === 'rui' ? rui : maria
    else if (command === 'phone') page.typesOnPhone(citizen, rest)
    else if (command === 'qr') page.rotateQr()
    else if (command === 'logout') page.logout()
    else if (line.trim() !== '') page.says(citizen, { body: line })
  }
}
