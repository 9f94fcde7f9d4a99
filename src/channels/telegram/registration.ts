/** Tells Telegram where to call, and watches that it does. */

import type { ChannelCheck, Host } from '../../core/channel.ts'
import { checksOf } from '../checks.ts'
import type { Api } from './api.ts'
import { offerCommands } from './commands.ts'
import type { TelegramConfig, WebhookConfig } from './config.ts'
import { failureOf } from './failures.ts'
import { fields, number, word } from '../fields.ts'
import { time } from './values.ts'
import type { TelegramPayload } from './normalise.ts'
import { backoffMs, pause } from '../pause.ts'
import type { State } from '../state.ts'
import type { Memory } from './state.ts'

interface Registration {
  api: Api
  config: WebhookConfig
  host: Host<TelegramPayload>
  state: State
  closed: AbortSignal
}

const watchEveryMs = 5 * 60_000

/** Resolves when closed. */
export async function keepRegistered({ api, config, host, state, closed }: Registration): Promise<void> {
  let failures = 0
  let isSet = !config.registerWebhook
  let isWell = false
  const remember = () => host.cursor.save({ at: host.now().toISOString() } satisfies Memory)
  while (!closed.aborted) {
    try {
      if (!isSet) {
        await api.call(
          'setWebhook',
          {
            url: host.publicUrl,
            secret_token: config.secretToken.reveal(),
            allowed_updates: config.allowedUpdates,
            drop_pending_updates: false,
            max_connections: 40,
          },
          closed,
        )
        isSet = true
        state.tell('connected')
        void offerCommands(api, host.log, closed)
      } else await watch(api, host, state, closed)
      isWell = true
      await remember()
      failures = 0
      await pause(watchEveryMs, closed)
    } catch (thrown) {
      if (closed.aborted) break
      const error = failureOf(thrown)
      failures += 1
      isWell = false
      if (error.reason === 'rejected') state.tell('needs-attention', refusedAddress(host.publicUrl, error.message))
      else if (error.reason === 'misconfigured' || failures > 1) state.failed(error)
      await pause(error.retryAfterMs ?? backoffMs(failures, host.random), closed)
    }
  }
  if (isWell) await remember().catch(() => undefined)
}

async function watch(api: Api, host: Host<TelegramPayload>, state: State, closed: AbortSignal): Promise<void> {
  const { url, waiting, failure } = await webhookInfo(api, host.now(), closed)
  if (url !== host.publicUrl) {
    state.tell('needs-attention', {
      pt:
        `O Telegram entrega noutro endereço (${url || 'nenhum'}). Outro programa usa este bot: feche-o ` +
        `e reinicie este canal.`,
      en:
        `Telegram delivers to another address (${url || 'none'}). Another program uses this bot: stop ` +
        `it and restart this channel.`,
    })
  } else if (failure && waiting > 0) {
    state.tell('degraded', {
      pt:
        `O Telegram não consegue entregar ${waiting} mensagens (${failure}). Verifique que ` +
        `${host.publicUrl} abre de fora, com certificado válido.`,
      en:
        `Telegram cannot deliver ${waiting} messages (${failure}). See that ${host.publicUrl} opens ` +
        `from outside, with a valid certificate.`,
    })
  } else state.tell('connected')
}

async function webhookInfo(
  api: Api,
  now: Date,
  signal?: AbortSignal,
): Promise<{ url: string; waiting: number; failure: string | undefined }> {
  const info = fields(await api.call('getWebhookInfo', {}, signal))
  const failedAt = time(info?.last_error_date)
  const isRecent = failedAt !== undefined && now.getTime() - failedAt.getTime() < 15 * 60_000
  return {
    url: word(info?.url) ?? '',
    waiting: number(info?.pending_update_count) ?? 0,
    failure: isRecent ? (word(info?.last_error_message) ?? 'unknown').slice(0, 160) : undefined,
  }
}

const tried = checksOf(failureOf)

/** For `balcao doctor`: asks, changes nothing. */
export async function check(api: Api, config: TelegramConfig, host: Host<TelegramPayload>): Promise<ChannelCheck[]> {
  return [
    await tried(
      { pt: 'token do bot', en: 'bot token' },
      {
        pt: 'Peça o token ao @BotFather (/mybots, API Token) e ponha-o onde a configuração o procura.',
        en: 'Get the token from @BotFather (/mybots, API Token) and put it where the config points.',
      },
      async () => {
        const me = fields(await api.call('getMe'))
        return { ok: word(me?.username) !== undefined, detail: `@${word(me?.username) ?? '?'}` }
      },
    ),
    config.mode === 'polling'
      ? await tried(
          { pt: 'nenhum webhook no caminho', en: 'no webhook in the way' },
          {
            pt: 'Outro programa definiu um webhook; quando o canal abre, o polling retira-o.',
            en: 'Another program has set a webhook; polling removes it when the channel starts.',
          },
          async () => {
            const { url, waiting } = await webhookInfo(api, host.now())
            if (url === '') return { ok: true, detail: inQueue(waiting) }
            const { host: elsewhere } = new URL(url)
            return { ok: false, detail: { pt: `há um webhook para ${elsewhere}`, en: `a webhook is set to ${elsewhere}` } }
          },
        )
      : await tried(
          'webhook',
          {
            pt: `O Telegram precisa de https na porta 443, 80, 88 ou 8443, com certificado válido, em ${host.publicUrl}.`,
            en: `Telegram needs https on port 443, 80, 88 or 8443 with a valid certificate, at ${host.publicUrl}.`,
          },
          async () => {
            const { url, waiting, failure } = await webhookInfo(api, host.now())
            const waits = inQueue(waiting)
            const pt = [url === '' ? 'não há webhook' : `o Telegram chama ${url}`, waits.pt, failure && `última falha: ${failure}`]
            const en = [url === '' ? 'no webhook is set' : `Telegram calls ${url}`, waits.en, failure && `last failure: ${failure}`]
            const detail = { pt: pt.filter(Boolean).join(', '), en: en.filter(Boolean).join(', ') }
            return { ok: url === host.publicUrl && !failure, detail }
          },
        ),
  ]
}

const inQueue = (waiting: number) => ({ pt: `${waiting} à espera`, en: `${waiting} updates waiting` })

const refusedAddress = (url: string, detail: string) => ({
  pt:
    `O Telegram recusa entregar em ${url} (${detail}). Precisa de https, porta 443, 80, 88 ou 8443; sem ` +
    `isso, use mode: polling.`,
  en:
    `Telegram refuses to deliver to ${url} (${detail}). It needs https on port 443, 80, 88 or 8443; ` +
    `without that, use mode: polling.`,
})
