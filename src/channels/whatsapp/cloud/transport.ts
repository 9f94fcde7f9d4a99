/** The Cloud API: webhooks in, /messages out. Stateless, so every process may hold it. */

import { SendError, type Connection, type Host } from '../../../core/channel.ts'
import type { CloudConfig } from '../config.ts'
import { fields, list, word } from '../../fields.ts'
import { pause } from '../../pause.ts'
import { watchForGap } from './gap.ts'
import { graph } from './graph.ts'
import { download, withUploaded } from './media.ts'
import type { CloudPayload } from './payload.ts'
import { check, register } from './registration.ts'
import type { CloudRequest } from './render.ts'
import type { CloudRoute } from './sender.ts'
import { approvedTemplates } from './templates.ts'
import { webhook } from './webhook.ts'

export async function connect(config: CloudConfig, host: Host<CloudPayload>): Promise<Connection<CloudRequest>> {
  const meta = graph(config)
  const messages = `${config.phoneNumberId}/messages`
  const closed = new AbortController()
  const say = (json: object, signal = closed.signal): Promise<unknown> =>
    meta.call('POST', messages, { json: { messaging_product: 'whatsapp', ...json }, signal })

  const { gapSince, stop } = await watchForGap(host)
  host.report({ status: config.registerWebhook ? 'connecting' : 'connected', ...(gapSince && { gapSince }) })
  if (config.registerWebhook && !host.looksOnly) void keepRegistered(config, host, meta, closed.signal)

  return {
    webhook: webhook(config, host),
    async send(request, { key, signal }) {
      const body = await withUploaded(request, config, meta, host, signal)
      const answer = await meta
        .call('POST', messages, { json: { ...body, biz_opaque_callback_data: key }, signal })
        .catch((error: unknown) => {
          throw told(error, host)
        })
      const externalId = word(list(fields(answer)?.messages)[0]?.id)
      return externalId ? { externalId } : {}
    },
    fetch: (source, signal) => download(source, config, meta, signal),
    async typing(route) {
      const { message } = route as CloudRoute
      // Meta has no typing without a read mark:
      // https://developers.facebook.com/documentation/business-messaging/whatsapp/typing-indicators
      if (message) await say({ status: 'read', message_id: message, typing_indicator: { type: 'text' } })
    },
    async markRead(_route, externalId) {
      await say({ status: 'read', message_id: externalId })
    },
    async react(route, externalId, emoji) {
      const { to, recipient } = route as CloudRoute
      await say({
        recipient_type: 'individual',
        ...(to ? { to } : { recipient }),
        type: 'reaction',
        reaction: { message_id: externalId, emoji: emoji ?? '' },
      })
    },
    templates: () => approvedTemplates(config, meta),
    check: () => check(config, host, meta),
    async close() {
      closed.abort()
      await stop()
    },
  }
}

/** What an admin must put right is shown at once, not only beside the message. */
function told(error: unknown, host: Host<CloudPayload>): unknown {
  if (error instanceof SendError && error.reason === 'misconfigured') {
    host.report({
      status: 'needs-attention',
      reason: {
        pt: `A Meta recusou enviar: ${error.message}. Verifique o canal com «balcao channel test ${host.channelId}».`,
        en: `Meta refused to send: ${error.message}. Look into it with "balcao channel test ${host.channelId}".`,
      },
    })
  }
  return error
}

const waits = [1, 5, 30, 120, 600]

/** Meta calls us back before it says yes, so our own server may still have to start: tried again for a while. */
async function keepRegistered(
  config: CloudConfig,
  host: Host<CloudPayload>,
  meta: ReturnType<typeof graph>,
  closed: AbortSignal,
): Promise<void> {
  for (const seconds of waits) {
    await pause(seconds * 500 * (1 + host.random()), closed)
    if (closed.aborted) return
    try {
      await register(config, host, meta)
      host.report({ status: 'connected' })
      return
    } catch (error) {
      if (closed.aborted) return
      const detail = error instanceof Error ? error.message : 'unknown'
      host.report({
        status: 'degraded',
        reason: {
          pt: `O webhook não foi registado na Meta (${detail}). Para receber, aponte-o para ${host.publicUrl}.`,
          en: `The webhook is not registered at Meta (${detail}). To receive, point it to ${host.publicUrl}.`,
        },
      })
    }
  }
}
