/** One number at the stand-in for Meta, connected to a gateway in memory. */

import { whatsapp } from '../../../src/channels/whatsapp/index.ts'
import type { Connection } from '../../../src/core/channel.ts'
import type { Content, Route } from '../../../src/core/model.ts'
import { Secret } from '../../../src/core/secret.ts'
import { startWhatsappCloud, type WhatsappCloud, type WhatsappCloudOptions } from '../../vendors/whatsapp-cloud.ts'
import { memoryHost, serve, type MemoryHost } from './host.ts'

export interface CloudSetup {
  vendor: WhatsappCloud
  memory: MemoryHost
  connection: Connection<unknown>
  url: string
  config: unknown
  say(content: Content, route: Route, key?: string, signal?: AbortSignal): Promise<{ externalId?: string }>
  reconnect(): Promise<void>
  close(): Promise<void>
}

export const citizen = { phone: '351912345678', name: 'Maria Amélia' }

export async function cloudSetup(
  options: WhatsappCloudOptions & { config?: object; quiet?: boolean } = {},
): Promise<CloudSetup> {
  const served = await serve()
  const vendor = await startWhatsappCloud({
    enforceWindow: false,
    ...options,
    ...(!options.quiet && { webhook: served.url, appWebhook: served.url }),
  })
  const memory = memoryHost(whatsapp, { publicUrl: served.url, ...(options.now && { now: options.now }) })
  const config = whatsapp.config.parse({
    phoneNumberId: vendor.phoneNumberId,
    wabaId: vendor.wabaId,
    accessToken: new Secret(vendor.accessToken),
    appSecret: new Secret(vendor.appSecret),
    verifyToken: new Secret('the-verify-token'),
    graphBaseUrl: vendor.baseUrl,
    registerWebhook: false,
    ...options.config,
  })
  const connection = await whatsapp.connect(config, memory.host)
  served.connection = connection
  let count = 0
  const setup: CloudSetup = {
    vendor,
    memory,
    connection,
    url: served.url,
    config,
    say: (content, route, key = `d-${++count}`, signal = AbortSignal.timeout(15_000)) =>
      setup.connection.send(whatsapp.render(content, route, config), { key, attempt: 1, signal }),
    async reconnect() {
      await setup.connection.close()
      setup.connection = await whatsapp.connect(config, memory.host)
      served.connection = setup.connection
    },
    async close() {
      await setup.connection.close()
      await vendor.close()
      await served.close()
    },
  }
  return setup
}
