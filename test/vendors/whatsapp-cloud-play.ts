/** WhatsApp by Meta's API, in a terminal. */

import { parseArgs } from 'node:util'
import { buttons, follow, perform, picture, print } from './terminal.ts'
import { startWhatsappCloud } from './whatsapp-cloud.ts'

type Json = Record<string, unknown>
interface Choice { id: string; title: string; of: 'button_reply' | 'list_reply' }

export async function play(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { port: { type: 'string', default: '8083' }, webhook: { type: 'string', default: 'http://127.0.0.1:8080/channels/whatsapp' }, from: { type: 'string', default: '351912345678' } },
  })
  const vendor = await startWhatsappCloud({ port: Number(values.port), webhook: values.webhook })
  let from = values.from
  let choices: Choice[] = []
  follow(() => vendor.ledger, ({ to, body }) => {
    const shown = choicesOf(body)
    if (shown.length > 0) choices = shown
    print(`${to} <`, wordsOf(body), buttons(shown.map(({ title }) => title)))
  })
  const sends = (message: Json) => void vendor.citizenWrites({ phone: from }, message)
  await perform({
    what: `Meta's Graph API stands in at ${vendor.baseUrl}; webhooks go to ${values.webhook} (--webhook).`,
    block: `whatsapp: { kind: whatsapp, provider: cloud, graphBaseUrl: ${vendor.baseUrl}, phoneNumberId: '${vendor.phoneNumberId}', wabaId: '${vendor.wabaId}', ` +
      'accessToken: { env: WHATSAPP_TOKEN }, appSecret: { env: WHATSAPP_APP_SECRET }, verifyToken: { env: WHATSAPP_VERIFY_TOKEN } }',
    env: { WHATSAPP_TOKEN: vendor.accessToken, WHATSAPP_APP_SECRET: vendor.appSecret, WHATSAPP_VERIFY_TOKEN: 'any-word-of-yours' },
    citizen: from,
    writes: (line) => sends({ type: 'text', text: { body: line } }),
    commands: {
      press: { says: 'LABEL: press the choice with it', does: (label) => {
        const choice = choices.find(({ title }) => title === label)
        if (!choice) throw new Error(`there is no choice «${label}»`)
        sends({ type: 'interactive', interactive: { type: choice.of, [choice.of]: { id: choice.id, title: choice.title } } })
      } },
      photo: { says: 'send a photo, with words if there are any', does: (caption) =>
        sends({ type: 'image', image: { id: vendor.keepMedia(picture(), 'image/png'), mime_type: 'image/png', ...(caption && { caption }) } }) },
      place: { says: 'share where they are', does: () => sends({ type: 'location', location: { latitude: 41.69, longitude: -8.83, name: 'Praça da República' } }) },
      as: { says: '351…: be another phone', does: (phone) => { from = phone || from } },
      ban: { says: 'Meta disables the town’s account; /reinstate', does: () => account('DISABLE') },
      reinstate: { says: 'take it back', does: () => account('REINSTATE') },
      fail: { says: 'CODE: refuse the next message with Meta’s code, e.g. 131047', does: (code) => void vendor.faults.push({ kind: 'refuse', status: 400, code: Number(code) || 130429 }) },
      cut: { says: 'cut the line just after the next message was taken', does: () => void vendor.faults.push({ kind: 'cut-after' }) },
    },
    close: () => vendor.close(),
  })

  async function account(waba_ban_state: string): Promise<void> {
    const status = await vendor.tellsOfAccount('account_update', { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state } })
    if (status === 0) print('(nobody has subscribed the webhooks of the account yet)')
  }
}

function wordsOf(body: Json): string {
  const of = body[String(body.type)] as Json | undefined
  const interactive = of as { body?: { text?: string } } | undefined
  if (body.type === 'text') return String(of?.body)
  if (body.type === 'interactive') return String(interactive?.body?.text)
  return `(${String(body.type)}) ${JSON.stringify(of)}`
}

function choicesOf(body: Json): Choice[] {
  const action = (body.interactive as Json | undefined)?.action as { buttons?: { reply: { id: string; title: string } }[]; sections?: { rows: { id: string; title: string }[] }[] } | undefined
  return [
    ...(action?.buttons ?? []).map(({ reply }): Choice => ({ ...reply, of: 'button_reply' })),
    ...(action?.sections ?? []).flatMap(({ rows }) => rows.map((row): Choice => ({ ...row, of: 'list_reply' }))),
  ]
}
