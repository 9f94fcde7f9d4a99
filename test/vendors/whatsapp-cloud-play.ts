/** The stand-in at a terminal: a line typed is a citizen writing, what the town answers is printed. */

import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { startWhatsappCloud } from './whatsapp-cloud.ts'

export async function play(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '8083' },
      webhook: { type: 'string', default: 'http://127.0.0.1:8080/channels/whatsapp' },
      from: { type: 'string', default: '351912345678' },
    },
  })
  const vendor = await startWhatsappCloud({ port: Number(values.port), webhook: values.webhook })
  console.log(`Meta's Graph API stands in at ${vendor.baseUrl}; webhooks go to ${values.webhook}. In config/gateway.yaml:`)
  console.log(
    `  whatsapp: { kind: whatsapp, provider: cloud, graphBaseUrl: ${vendor.baseUrl}, phoneNumberId: '${vendor.phoneNumberId}', ` +
      `wabaId: '${vendor.wabaId}', accessToken: { env: WHATSAPP_TOKEN }, appSecret: { env: WHATSAPP_APP_SECRET }, ` +
      `verifyToken: { env: WHATSAPP_VERIFY_TOKEN } }`,
  )
  console.log(
    `and WHATSAPP_TOKEN=${vendor.accessToken} WHATSAPP_APP_SECRET=${vendor.appSecret} WHATSAPP_VERIFY_TOKEN=any-word-of-yours`,
  )
  console.log('Type what the citizen writes; "#id" presses the choice with that id.')

  let shown = 0
  setInterval(() => {
    for (const { body } of vendor.ledger.slice(shown)) console.log('←', JSON.stringify(body))
    shown = vendor.ledger.length
  }, 100).unref()

  for await (const line of createInterface({ input: process.stdin })) {
    const pressed = /^#(.+)$/.exec(line)?.[1]
    void vendor.citizenWrites(
      { phone: values.from },
      pressed
        ? { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: pressed, title: pressed } } }
        : { type: 'text', text: { body: line } },
    )
  }
  await vendor.close()
}
