/** Is everything at Meta as it must be, and can we put it right? */

import type { ChannelCheck, Host } from '../../../core/channel.ts'
import type { CloudConfig } from '../config.ts'
import { list, object, word } from '../json.ts'
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
  const number = object(await graph.call('GET', `${config.phoneNumberId}?fields=webhook_configuration`))
  const urls = object(number?.webhook_configuration)
  return word(urls?.phone_number) ?? word(urls?.whatsapp_business_account) ?? word(urls?.application)
}

async function isSubscribed(wabaId: string, graph: Graph): Promise<boolean> {
  return list(object(await graph.call('GET', `${wabaId}/subscribed_apps`))?.data).length > 0
}

export async function check(config: CloudConfig, host: Host<CloudPayload>, graph: Graph): Promise<ChannelCheck[]> {
  const { wabaId } = config
  const checks = [
    tried(
      'access token and phone number',
      async () => {
        const number = object(
          await graph.call('GET', `${config.phoneNumberId}?fields=display_phone_number,verified_name,quality_rating`),
        )
        return {
          ok: true,
          detail: [number?.display_phone_number, number?.verified_name, number?.quality_rating].filter(word).join(', '),
        }
      },
      'Create a system user token with whatsapp_business_messaging and whatsapp_business_management; ' +
        'check phoneNumberId.',
    ),
    tried(
      'webhook',
      async () => {
        const url = await webhookOf(config, graph)
        return { ok: url === host.publicUrl, detail: url ? `Meta calls ${url}` : 'Meta has no address for this number' }
      },
      `Point the webhook of this number to ${host.publicUrl}, or leave registerWebhook on.`,
    ),
  ]
  if (wabaId) {
    checks.push(
      tried(
        'webhook subscription',
        async () => {
          const ok = await isSubscribed(wabaId, graph)
          return { ok, detail: ok ? 'the app is subscribed to the account' : 'no app is subscribed to the account' }
        },
        'Subscribe the app to the WhatsApp Business Account, with the field "messages".',
      ),
      tried(
        'templates',
        async () => {
          const count = (await approvedTemplates(config, graph)).length
          return { ok: count > 0, detail: `${count} approved templates that operators can use` }
        },
        'Without a template nobody can be written to more than 24 hours after their last message.',
      ),
    )
  }
  return Promise.all(checks)
}

async function tried(
  name: string,
  look: () => Promise<{ ok: boolean; detail: string }>,
  fix: string,
): Promise<ChannelCheck> {
  const { ok, detail } = await look().catch((error: unknown) => ({
    ok: false,
    detail: error instanceof Error ? error.message : 'failed',
  }))
  return ok ? { name, ok, detail } : { name, ok, detail, fix }
}
