/** What the mail server's findings about a sender mean to who reads the mail. Channels that find out nothing say nothing. Pure. */

const methods = ['spf', 'dkim', 'dmarc', 'compauth'] as const

/** `doubtful`: a proof was given and does not hold. `unverified`: there is none. */
export type Distrust = 'doubtful' | 'unverified'

export function distrustOf(trust: Record<string, string> | null): Distrust | undefined {
  // Forwarding breaks one proof and leaves another: one that holds for this address is enough.
  if (trust === null || trust.sender === 'verified') return undefined
  const found = methods.flatMap((method) => trust[method] ?? [])
  if (found.includes('fail')) return 'doubtful'
  if (found.length === 0) return undefined
  return trust.sender === 'unverified' || found.some((verdict) => verdict !== 'pass') ? 'unverified' : undefined
}

/** `SPF: softfail · DKIM: none`, for who administers the mail server. */
const findings = (trust: Record<string, string>): string =>
  methods
    .flatMap((method) => (trust[method] === undefined ? [] : `${method.toUpperCase()}: ${trust[method]}`))
    .join(' · ')

/** What whoever answers should know of the sender, the gravest first; `detail` is as the mail had it. */
export interface SenderNote { kind: Distrust | 'elsewhere' | 'another'; detail: string }

export function senderNotes(trust: Record<string, string> | null): SenderNote[] {
  if (trust === null) return []
  const distrust = distrustOf(trust)
  return [
    ...(distrust ? [{ kind: distrust, detail: findings(trust) }] : []),
    ...(trust.thread === 'another-sender' ? [{ kind: 'another' as const, detail: '' }] : []),
    ...(trust.replyTo === undefined ? [] : [{ kind: 'elsewhere' as const, detail: trust.replyTo }]),
  ]
}
