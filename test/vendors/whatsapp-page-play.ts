/** WhatsApp behind its page, in a terminal: what the linked device sends is printed. */

import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from './browser.ts'
import { follow, perform, picture, print } from './terminal.ts'
import { maria, rui, startWhatsappPage } from './whatsapp-page/server.ts'

export async function play(): Promise<void> {
  // The same folder each time, so that the config need not change.
  const [page, browser] = await Promise.all([startWhatsappPage({ folder: join(tmpdir(), 'whatsapp-page-to-play') }), findChromium()])
  const list = (words: string[]) => `[${words.map((word) => `'${word}'`).join(', ')}]`
  let citizen = maria
  follow(() => page.ledger, ({ chat, type, body, caption, filename, bytes }) =>
    print(`${chat} <`, type !== 'chat' && `(${type})`, body ?? caption, filename, bytes && `(${bytes.length} bytes)`))
  await perform({
    what: `WhatsApp's page stands in at ${page.page.folder}.`,
    block: `whatsapp: { kind: whatsapp, provider: web, acceptRiskOfBan: true, encryptionKey: { env: WHATSAPP_KEY }, executablePath: ${browser.executablePath}, ` +
      `browserArguments: ${list([...browser.args, ...page.browserArguments])}, page: { version: ${page.page.version}, folder: ${page.page.folder} } }`,
    env: { WHATSAPP_KEY: 'any-words-of-yours' },
    citizen: maria.name,
    writes: (line) => void page.says(citizen, { body: line }),
    commands: {
      scan: { says: 'the town’s phone scans the code, once it is shown: do this first', does: () => page.scan() },
      as: { says: 'maria or rui', does: (name) => { citizen = name === 'rui' ? rui : maria } },
      photo: { says: 'send a photo, with words if there are any', does: (caption) =>
        void page.says(citizen, { type: 'image', mimetype: 'image/png', caption, size: picture().length, directPath: page.keepMedia(picture()), mediaKey: 'key' }) },
      phone: { says: 'TEXT: the town answers on its own phone', does: (text) => void page.typesOnPhone(citizen, text) },
      qr: { says: 'show another code', does: () => page.rotateQr() },
      logout: { says: 'the phone logs the gateway out', does: () => page.logout() },
    },
    close: () => page.close(),
  })
}
