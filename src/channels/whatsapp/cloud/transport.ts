/** The Cloud API: webhooks in, /messages out. Stateless, so every process may hold it. */

import type { Connection, Host } from '../../../core/channel.ts'
import type { CloudConfig } from '../config.ts'
import { BadCertificate } from '../../certificates.ts'
import { fields, list, word } from '../../fields.ts'
import { pause } from '../../pause.ts'
import { type Account, openAccount, refusal } from './account.ts'
import { type Graph, graph } from './graph.ts'
import { download, withUploaded } from './media.ts'
import { openMemory } from './memory.ts'
import type { Problem } from './news.ts'
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

  const memory = await openMemory(host)
  const account = openAccount(config, host, meta, memory)
  host.report({ status: 'connecting', ...(memory.gapSince && { gapSince: memory.gapSince }) })
  if (!host.looksOnly) void keepUp(config, host, meta, account, closed.signal)
  let isRefused = false

  return {
    webhook: webhook(config, host, account.hear),
    async send(request, { key, signal }) {
      try {
        const body = await withUploaded(request, config, meta, host, signal)
        const answer = await meta.call('POST', messages, { json: { ...body, biz_opaque_callback_data: key }, signal })
        if (isRefused) account.note('sending', undefined)
        isRefused = false
        const externalId = word(list(fields(answer)?.messages)[0]?.id)
        return externalId ? { externalId } : {}
      } catch (error) {
        const problem = refusal(error, host.channelId)
        if (problem) account.note('sending', problem)
        isRefused ||= problem !== undefined
        throw error
      }
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
      await memory.close()
    },
  }
}

const waits = [1, 5, 30, 120, 600]
const askEveryMs = 3_600_000

/** Registers, then asks now and again how the account is. Meta calls us back before it says yes, so our own server may have to start first. */
async function keepUp(config: CloudConfig, host: Host<CloudPayload>, meta: Graph, account: Account, closed: AbortSignal): Promise<void> {
  let isRegistered = !config.registerWebhook
  for (let failures = 0; !closed.aborted; ) {
    try {
      if (!isRegistered) {
        await pause(waitMs(failures, host), closed)
        if (closed.aborted) return
        await register(config, host, meta)
        isRegistered = true
      }
      await account.ask(closed)
      account.note('connection', undefined)
      failures = 0
      await pause(askEveryMs, closed)
    } catch (error) {
      if (closed.aborted) return
      failures += 1
      const detail = error instanceof Error ? error.message : 'unknown'
      const trouble = isRegistered ? (refusal(error, host.channelId) ?? silent(detail)) : unregistered(detail, host.publicUrl)
      account.note('connection', error instanceof BadCertificate ? refusal(error, host.channelId) : trouble)
      if (isRegistered) await pause(waitMs(failures, host), closed)
    }
  }
}

const waitMs = (failures: number, { random }: Pick<Host<never>, 'random'>): number => waits[Math.min(failures, waits.length - 1)]! * 500 * (1 + random())

const unregistered = (detail: string, url: string): Problem => ({ status: 'degraded', reason: {
  pt: `O webhook não foi registado na Meta (${detail}). Para receber, aponte-o para ${url}.`,
  en: `The webhook is not registered at Meta (${detail}). To receive, point it to ${url}.`,
} })

const silent = (detail: string): Problem => ({ status: 'degraded', reason: {
  pt: `A Meta não responde como devia (${detail}). Tenta-se de novo; o que os cidadãos escreverem chega quando voltar.`,
  en: `Meta does not answer as it should (${detail}). It is being tried again; what citizens write arrives when it is back.`,
} })
