/** What an admin is told about a channel: said once a change, and with since when messages may be missing. */

import type { ChannelState, Host, SendError, Words } from '../core/channel.ts'
import { BadCertificate } from './certificates.ts'

export interface State {
  tell(status: ChannelState['status'], reason?: Words): void
  /** `beside`: something that goes on beside, as the sending where `tell` is of the reading. */
  failed(error: SendError, beside?: string): void
  well(beside: string): void
}

type Said = Pick<ChannelState, 'status' | 'reason'>

export interface StateOptions {
  gapSince?: Date | undefined
  /** An admin must act. */
  attention(detail: Words): Words
  /** It is being tried again. */
  trouble(detail: Words): Words
}

const ranks: ChannelState['status'][] = ['closed', 'needs-attention', 'degraded', 'connecting', 'connected']

export function openState(host: Pick<Host<never>, 'report'>, { gapSince, attention, trouble }: StateOptions): State {
  let told = ''
  let own: Said = { status: 'connecting' }
  const aside = new Map<string, Said>()

  function say(): void {
    const all = own.status === 'closed' ? [own] : [own, ...aside.values()]
    const reasons = all.flatMap(({ reason }) => reason ?? [])
    const state: ChannelState = {
      status: ranks.find((rank) => all.some(({ status }) => status === rank)) ?? own.status,
      ...(reasons.length > 0 && { reason: { pt: reasons.map(({ pt }) => pt).join(' '), en: reasons.map(({ en }) => en).join(' ') } }),
      ...(gapSince && { gapSince }),
    }
    const words = JSON.stringify(state)
    if (words === told) return
    told = words
    host.report(state)
  }
  function tell(status: ChannelState['status'], reason?: Words): void {
    own = { status, ...(reason && { reason }) }
    say()
  }
  return {
    tell,
    failed(error, beside) {
      const { status, reason } = sayingOf(error)
      if (beside === undefined) return tell(status, reason)
      aside.set(beside, { status, reason })
      say()
    },
    well(beside) {
      if (aside.delete(beside)) say()
    },
  }

  function sayingOf(error: SendError): Required<Said> {
    if (error instanceof BadCertificate) return { status: 'needs-attention', reason: error.words }
    if (error.reason === 'misconfigured') return { status: 'needs-attention', reason: attention(error.detail) }
    return { status: 'degraded', reason: trouble(error.detail) }
  }
}
