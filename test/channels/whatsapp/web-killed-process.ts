/** A gateway that says when it is connected and then waits to be killed: run by web-life.test.ts. */

import { whatsapp } from '../../../src/channels/whatsapp/index.ts'
import { Secret } from '../../../src/core/secret.ts'
import { findChromium } from '../../vendors/browser.ts'
import { pageArguments } from '../../vendors/whatsapp-page/server.ts'
import { memoryHost, until } from './host.ts'

const { folder, page, cursor } = JSON.parse(process.env.SETUP ?? '{}') as {
  folder: string
  page: object
  cursor: unknown
}
const browser = await findChromium()
const memory = memoryHost(whatsapp, { folder })
memory.cursor = cursor
const config = whatsapp.config.parse({
  provider: 'web',
  acceptRiskOfBan: true,
  encryptionKey: new Secret('uma chave comprida'),
  page,
  executablePath: browser.executablePath,
  browserArguments: [...browser.args, ...pageArguments],
})
await whatsapp.connect(config, memory.host)
await until('connected', () => memory.states.at(-1)?.status === 'connected', 60_000)
console.log('connected')
