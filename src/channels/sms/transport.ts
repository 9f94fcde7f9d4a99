/** SMS on the wire: Twilio's calls in, its API out, and its list of messages for what was missed. */

import { type Connection, type Host, SendError } from '../../core/channel.ts'
import { outOfTime } from '../cut.ts'
import { openCatchUp } from './catch-up.ts'
import { type Client, openClient } from './client.ts'
import type { SmsConfig } from './config.ts'
import { failureOf } from './failures.ts'
import { download } from './media.ts'
import type { SmsPayload } from './normalise.ts'
import { countryOf, isPhone } from './numbers.ts'
import { check, isLocal, numbersOf, register } from './registration.ts'
import type { SmsRequest } from './render.ts'
import { backoffMs, pause } from '../pause.ts'
import { openSpending } from './spending.ts'
import type { State } from '../state.ts'
import { stateOf } from './state.ts'
import { tryAgain, webhook } from './webhook.ts'

export async function connect(config: SmsConfig, host: Host<SmsPayload>): Promise<Connection<SmsRequest>> {
  const client = openClient(config)
  const closing = new AbortController()
  const state = stateOf(host)
  const spending = openSpending(config.maxSegmentsPerDay)
  let known: Promise<string[]> | undefined
  const numbers = () => {
    known ??= numbersOf(client, config)
    known.catch(() => (known = undefined))
    return known
  }
  const catchUp = openCatchUp({ client, config, host, numbers, spending })
  state.tell('connecting')
  const working = host.looksOnly
    ? undefined
    : keepUp({ client, config, host, state, closed: closing.signal, read: catchUp.read })

  return {
    webhook: webhook(config, host, catchUp.known),
    async send(request, { key, signal }) {
      const to = allowed(request, config)
      if (signal.aborted) throw outOfTime()
      try {
        const spent = spending.spend(request.segments, host.now())
        try {
          const { sid } = await client.within(signal, () =>
            client.api.messages.create({
              to,
              body: request.body,
              ...(config.messagingServiceSid
                ? { messagingServiceSid: config.messagingServiceSid }
                : { from: config.from! }),
              // The key in it comes back with each receipt: proof that this very message was taken.
              ...(!isLocal(host.publicUrl, config) && {
                statusCallback: `${host.publicUrl}/status?key=${encodeURIComponent(key)}${tryAgain}`,
              }),
            }),
          )
          spent.settle(sid)
          return { externalId: sid }
        } catch (error) {
          if (failureOf(error).reason === 'ambiguous') spent.settle(undefined)
          else spent.undo()
          throw error
        }
      } catch (thrown) {
        const error = failureOf(thrown)
        if (error.reason === 'misconfigured') state.failed(error)
        throw error
      }
    },
    fetch: (source, signal) => download(config, source, signal),
    check: () => check(client, config, host),
    async close() {
      closing.abort()
      await working
      client.close()
      host.report({ status: 'closed' })
    },
  }
}

function allowed({ to }: SmsRequest, { allowedCountries }: SmsConfig): string {
  if (!isPhone(to)) throw new SendError('rejected', { pt: 'este remetente não recebe respostas', en: 'this sender takes no answers' })
  const country = countryOf(to)
  if (!country || !allowedCountries.includes(country)) {
    throw new SendError(
      'rejected',
      {
        pt: `não se escreve para números de ${country ?? 'país desconhecido'}; veja allowedCountries`,
        en: `no messages to numbers of ${country ?? 'an unknown country'}; see allowedCountries`,
      },
    )
  }
  return to
}

interface Work {
  client: Client
  config: SmsConfig
  host: Host<SmsPayload>
  state: State
  closed: AbortSignal
  read: () => Promise<void>
}

/** Registers, then reads the list now and again. Resolves when closed. */
async function keepUp({ client, config, host, state, closed, read }: Work): Promise<void> {
  let isRegistered = !config.registerWebhook || isLocal(host.publicUrl, config)
  let failures = 0
  while (!closed.aborted) {
    try {
      await client.within(closed, async () => {
        if (!isRegistered) await register(client, config, host)
        isRegistered = true
        await read()
      })
      failures = 0
      if (isLocal(host.publicUrl, config)) state.tell('degraded', onlyByList(host.publicUrl, config.catchUpEvery))
      else state.tell('connected')
      await pause(config.catchUpEvery * 1000 * (0.9 + host.random() * 0.2), closed)
    } catch (thrown) {
      if (closed.aborted) return
      failures += 1
      const error = failureOf(thrown)
      if (error.reason === 'misconfigured' || failures > 1) state.failed(error)
      await pause(error.retryAfterMs ?? backoffMs(failures, host.random), closed)
    }
  }
}

const onlyByList = (url: string, seconds: number) => ({
  pt:
    `O Twilio não chega a ${url}: as mensagens são lidas da lista, cerca de ${Math.round(seconds)} s ` +
    `depois. Defina server.publicUrl.`,
  en:
    `Twilio cannot reach ${url}: messages are read from the list, some ${Math.round(seconds)} s late. ` +
    `Set server.publicUrl.`,
})
