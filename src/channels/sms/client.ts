/** twilio's own client, made to keep our deadlines and to say how long a 429 lasts. It retries nothing. */

import { AsyncLocalStorage } from 'node:async_hooks'
import { Agent as HttpAgent } from 'node:http'
import twilio from 'twilio'
import { withConnectDeadline } from '../cut.ts'
import type { SmsConfig } from './config.ts'
import { refusal } from './failures.ts'

export interface Client {
  api: twilio.Twilio
  /** Aborts with the signal what is called inside. */
  within<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T>
  close(): void
}

/** Below the outbox's own deadline; and idle connections go sooner than Twilio closes them. */
const timeoutMs = 14_000

export function openClient({ accountSid, authToken, apiKey, apiSecret, baseUrl }: SmsConfig): Client {
  const signals = new AsyncLocalStorage<AbortSignal>()
  const http = new Requests(signals, baseUrl)
  const api =
    apiKey && apiSecret
      ? twilio(apiKey, apiSecret.reveal(), { accountSid, httpClient: http })
      : twilio(accountSid, authToken.reveal(), { accountSid, httpClient: http })
  return { api, within: (signal, call) => signals.run(signal, call), close: () => http.close() }
}

class Requests extends twilio.RequestClient {
  readonly #baseUrl: string | undefined
  readonly #agents: HttpAgent[]

  constructor(signals: AsyncLocalStorage<AbortSignal>, baseUrl: string | undefined) {
    super({ timeout: timeoutMs, maxSockets: 50, autoRetry: false })
    this.#baseUrl = baseUrl?.replace(/\/+$/, '')
    const plain = new HttpAgent({ keepAlive: true, timeout: timeoutMs })
    this.axios.defaults.httpAgent = withConnectDeadline(plain, 'connect')
    this.#agents = [plain]
    // Behind HTTP_PROXY the client has made an agent of another kind.
    const secure: unknown = this.axios.defaults.httpsAgent
    if (secure instanceof HttpAgent) this.#agents.push(withConnectDeadline(secure, 'secureConnect'))
    this.axios.interceptors.request.use((request) => {
      const signal = signals.getStore()
      return signal ? Object.assign(request, { signal }) : request
    })
  }

  override async request<T>(
    options: Parameters<twilio.RequestClient['request']>[0],
  ): ReturnType<typeof twilio.RequestClient.prototype.request<T>> {
    const { pathname, search } = new URL(options.uri)
    const response = await super.request<T>({
      ...options,
      uri: this.#baseUrl === undefined ? options.uri : this.#baseUrl + pathname + search,
    } as never)
    if (response.statusCode === 429)
      throw refusal(429, undefined, retryAfterMs((response as { headers?: Record<string, unknown> }).headers))
    return response
  }

  close(): void {
    for (const agent of this.#agents) agent.destroy()
  }
}

function retryAfterMs(headers: Record<string, unknown> | undefined): number | undefined {
  const seconds = Number(headers?.['retry-after'])
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined
}
