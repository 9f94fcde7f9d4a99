/** How Twilio calls: signed, once, 15 s in all; again only when the address asks for it by #rc=…&rp=…. */

import { createHmac } from 'node:crypto'

export type Form = Record<string, string>
export interface Call {
  url: string
  form: Form
  status: number
  body: string
}

/**
 * Written from the description of the algorithm, not with Twilio's library:
 * https://www.twilio.com/docs/usage/security
 */
export function signatureOf(authToken: string, url: string, form: Form): string {
  const data = Object.keys(form)
    .sort()
    .reduce((text, name) => text + name + form[name]!, url)
  return createHmac('sha1', authToken).update(data, 'utf8').digest('base64')
}

export function openCaller(authToken: string, totalMs: number) {
  const calls: Call[] = []
  const underway = new Set<Promise<unknown>>()

  async function attempt(address: string, form: Form): Promise<Call> {
    const [url = '', fragment = ''] = address.split('#', 2)
    const overrides = new URLSearchParams(fragment)
    const policy = (overrides.get('rp') ?? 'ct').split(',')
    const again = (status: number) =>
      policy.includes('all') ||
      (status === 0 && policy.some((one) => one === 'ct' || one === 'rt')) ||
      (status >= 500 && policy.includes('5xx')) ||
      (status >= 400 && status < 500 && policy.includes('4xx'))
    const deadline = AbortSignal.timeout(totalMs)
    let call: Call = { url, form, status: 0, body: '' }
    for (let left = Number(overrides.get('rc') ?? 1); left >= 0 && !deadline.aborted; left--) {
      call = await once(url, form, deadline)
      calls.push(call)
      if ((call.status >= 200 && call.status < 300) || !again(call.status)) break
    }
    return call
  }

  async function once(url: string, form: Form, signal: AbortSignal): Promise<Call> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        body: new URLSearchParams(form),
        signal,
        headers: {
          'x-twilio-signature': signatureOf(authToken, url, form),
          'user-agent': 'TwilioProxy/1.1',
          'i-twilio-idempotency-token': crypto.randomUUID(),
        },
      })
      return { url, form, status: response.status, body: await response.text() }
    } catch {
      return { url, form, status: 0, body: '' }
    }
  }

  function during<T>(work: Promise<T>): Promise<T> {
    const tracked = work.finally(() => underway.delete(tracked))
    underway.add(tracked)
    return tracked
  }

  return {
    calls,
    call: (address: string, form: Form): Promise<Call> => during(attempt(address, form)),
    /** `idle` waits for it too. */
    during,
    async idle() {
      while (underway.size > 0) await Promise.all(underway)
    },
  }
}
