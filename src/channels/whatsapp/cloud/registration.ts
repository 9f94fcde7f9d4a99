/** Is everything at Meta as it must be, and can we put it right? */

import type { ChannelCheck, Host } from '../../../core/channel.ts'
import type { CloudConfig } from '../config.ts'
import { checksOf } from '../../checks.ts'
import { fields, list, word } from '../../fields.ts'
import type { Graph } from './graph.ts'
import type { CloudPayload } from './payload.ts'
import { approvedTemplates } from './templates.ts'

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/override */
export async function register(config: CloudConfig, host: Host<CloudPayload>, graph: Graph): Promise<void> {
  if ((await webhookOf(config, graph)) !== host.publicUrl) {
    // Meta answers only after it has called us back with the verify token.
    await graph.call('POST', config.phoneNumberId, {
      json: {
        webhook_configuration: { override_callback_uri: host.publicUrl, verify_token: config.verifyToken.reveal() },
      },
    })
  }
  if (config.wabaId && !(await isSubscribed(config.wabaId, graph)))
    await graph.call('POST', `${config.wabaId}/subscribed_apps`)
}

async function webhookOf(config: CloudConfig, graph: Graph): Promise<string | undefined> {
  const number = fields(await graph.call('GET', `${config.phoneNumberId}?fields=webhook_configuration`))
  const urls = fields(number?.webhook_configuration)
  return word(urls?.phone_number) ?? word(urls?.whatsapp_business_account) ?? word(urls?.application)
}

async function isSubscribed(wabaId: string, graph: Graph): Promise<boolean> {
  return list(fields(await graph.call('GET', `${wabaId}/subscribed_apps`))?.data).length > 0
}

const tried = checksOf((error) => (error instanceof Error ? error : new Error('failed')))

export async function check(config: CloudConfig, host: Host<CloudPayload>, graph: Graph): Promise<ChannelCheck[]> {
  const { wabaId } = config
  const checks = [
    tried(
      'access token and phone number',
      'Create a system user token with whatsapp_business_messaging and whatsapp_business_management; ' +
        'check phoneNumberId.',
      async () => {
        const number = fields(
          await graph.call('GET', `${config.phoneNumberId}?fields=display_phone_number,verified_name,quality_rating`),
        )
        return {
          ok: true,
          detail: [number?.display_phone_number, number?.verified_name, number?.quality_rating].filter(word).join(', '),
        }
      },
    ),
    tried(
      'webhook',
      `Point the webhook of this number to ${host.publicUrl}, or leave registerWebhook on.`,
      async () => {
        const url = await webhookOf(config, graph)
        return { ok: url === host.publicUrl, detail: url ? `Meta calls ${url}` : 'Meta has no address for this number' }
      },
    ),
  ]
  if (wabaId) {
    checks.push(
      tried(
        'webhook subscription',
        'Subscribe the app to the WhatsApp Business Account, with the field "messages".',
        async () => {
          const ok = await isSubscribed(wabaId, graph)
          return { ok, detail: ok ? 'the app is subscribed to the account' : 'no app is subscribed to the account' }
        },
      ),
      tried(
        'templates',
        'Without a template nobody can be written to more than 24 hours after their last message.',
        async () => {
          const count = (await approvedTemplates(config, graph)).length
          return { ok: count > 0, detail: `${count} approved templates that operators can use` }
        },
      ),
    )
  }
  return Promise.all(checks)
}
