/**
 * How Telegram hands out updates: kept a day, in order within a chat, by getUpdates or by a webhook that it repeats
 * until 2xx.
 */

export type Json = Record<string, unknown>
export interface Update extends Json {
  update_id: number
}

export interface Webhook {
  url: string
  secretToken: string | undefined
  maxConnections: number
}

export interface UpdatesOptions {
  now: () => Date
  /** Multiplies every wait between attempts: 0.001 makes a minute a sixteenth of a second. */
  retryFactor: number
  timeoutMs: number
  /** How many copies of one webhook are sent at once: a proxy that repeats. */
  copies: () => number
}

interface Held {
  update: Update
  chat: number
  at: number
  attempt: number
}

const keptMs = 24 * 3_600_000
const goneMs = 23 * 3_600_000
/** Not sent to those who did not ask by name. */
const onRequest = ['chat_member', 'message_reaction', 'message_reaction_count']

export function openUpdates({ now, retryFactor, timeoutMs, copies }: UpdatesOptions) {
  const held: Held[] = []
  const busy = new Set<number>()
  const wakers = new Set<() => void>()
  const waiting = new Set<() => void>()
  let nextId = 700_000_001
  let webhook: Webhook | undefined
  let allowed: string[] = []
  let poller: { stop: () => void } | undefined
  let lastError: { at: Date; message: string } | undefined
  let goneSince: number | undefined
  let closed = false
  const attempts: { updateId: number; status: number; at: Date }[] = []

  function push(body: Json, chat: number): number {
    const type = Object.keys(body)[0]!
    const update: Update = { update_id: nextId++, ...body }
    if (allowed.length > 0 ? allowed.includes(type) : !onRequest.includes(type)) {
      held.push({ update, chat, at: now().getTime(), attempt: 0 })
      for (const wake of [...wakers]) wake()
      deliver()
    }
    return update.update_id
  }

  function expire(): void {
    const oldest = now().getTime() - keptMs
    for (let i = held.length - 1; i >= 0; i--) if (held[i]!.at < oldest) held.splice(i, 1)
  }

  async function take(
    offset: number | undefined,
    limit: number,
    seconds: number,
  ): Promise<Update[] | 'conflict' | 'webhook'> {
    if (webhook) return 'webhook'
    poller?.stop()
    expire()
    if (offset !== undefined && offset > 0)
      for (let i = held.length - 1; i >= 0; i--) if (held[i]!.update.update_id < offset) held.splice(i, 1)
    const now_ = () => held.slice(0, Math.min(limit, 100)).map(({ update }) => update)
    if (held.length > 0 || seconds === 0) return now_()
    return new Promise((resolve) => {
      const done = (answer: Update[] | 'conflict') => {
        clearTimeout(timer)
        wakers.delete(arrived)
        if (poller === me) poller = undefined
        resolve(answer)
      }
      const arrived = () => done(now_())
      const me = { stop: () => done('conflict') }
      const timer = setTimeout(() => done([]), seconds * 1000)
      wakers.add(arrived)
      poller = me
    })
  }

  /** One at a time in each chat; a chat whose head is refused holds back what is behind it. */
  function deliver(): void {
    expire()
    if (!webhook || closed) return
    for (const head of heads()) {
      if (busy.size >= webhook.maxConnections) return
      busy.add(head.chat)
      void attempt(head).finally(() => {
        busy.delete(head.chat)
        deliver()
      })
    }
  }

  function heads(): Held[] {
    const first = new Map<number, Held>()
    for (const one of held) if (!first.has(one.chat)) first.set(one.chat, one)
    return [...first.values()].filter(({ chat }) => !busy.has(chat))
  }

  async function attempt(one: Held): Promise<void> {
    const to = webhook!
    const results = await Promise.all(Array.from({ length: Math.max(1, copies()) }, () => call(to, one.update)))
    const result = results.find(({ status }) => status >= 200 && status < 300) ?? results[0]!
    attempts.push({ updateId: one.update.update_id, status: result.status, at: now() })
    if (closed) return
    if (result.status >= 200 && result.status < 300) {
      goneSince = undefined
      const index = held.indexOf(one)
      if (index >= 0) held.splice(index, 1)
      return
    }
    lastError = {
      at: now(),
      message:
        result.status === 0 ? 'Connection refused or timed out' : `Wrong response from the webhook: ${result.status}`,
    }
    if (result.status === 410) {
      goneSince ??= now().getTime()
      if (now().getTime() - goneSince > goneMs) webhook = undefined
    } else goneSince = undefined
    one.attempt += 1
    const backoff = Math.min(60, 2 ** one.attempt)
    await wait(Math.min(3_600, Math.max(backoff, result.retryAfter)) * 1000 * retryFactor)
  }

  async function call({ url, secretToken }: Webhook, update: Update): Promise<{ status: number; retryAfter: number }> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        body: JSON.stringify(update),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          'content-type': 'application/json',
          ...(secretToken !== undefined && { 'x-telegram-bot-api-secret-token': secretToken }),
        },
      })
      await response.arrayBuffer()
      return { status: response.status, retryAfter: Number(response.headers.get('retry-after')) || 0 }
    } catch {
      return { status: 0, retryAfter: 0 }
    }
  }

  function wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        waiting.delete(done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      waiting.add(done)
    })
  }

  return {
    push,
    take,
    attempts,
    pending: () => (expire(), held.length),
    setWebhook(to: Webhook | undefined, dropPending: boolean) {
      if (to) poller?.stop()
      webhook = to
      lastError = undefined
      if (dropPending) held.length = 0
      deliver()
    },
    allow(types: string[] | undefined) {
      if (types) allowed = types
    },
    info: () => ({
      url: webhook?.url ?? '',
      has_custom_certificate: false,
      pending_update_count: held.length,
      allowed_updates: allowed,
      ...(webhook && { max_connections: webhook.maxConnections }),
      ...(lastError && {
        last_error_date: Math.floor(lastError.at.getTime() / 1000),
        last_error_message: lastError.message,
      }),
    }),
    /** Time has passed: everything that waits to be tried again is tried now. */
    retryNow() {
      for (const done of [...waiting]) done()
    },
    close() {
      closed = true
      poller?.stop()
      for (const done of [...waiting]) done()
    },
  }
}
export type Updates = ReturnType<typeof openUpdates>
