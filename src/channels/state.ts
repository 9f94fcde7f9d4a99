/** What an admin is told about a channel: said once a change, and with since when messages may be missing. */

import type { ChannelState, Host, SendError } from '../core/channel.ts'

type Words = NonNullable<ChannelState['reason']>

export interface State {
  tell(status: ChannelState['status'], reason?: Words): void
  failed(error: SendError): void
}

export interface StateOptions {
  gapSince?: Date | undefined
  /** An admin must act. */
  attention(detail: string): Words
  /** It is being tried again. */
  trouble(detail: string): Words
}

export function openState(host: Host<never>, { gapSince, attention, trouble }: StateOptions): State {
  let told = ''
  function tell(status: ChannelState['status'], reason?: Words): void {
    const state: ChannelState = { status, ...(reason && { reason }), ...(gapSince && { gapSince }) }
    const words = JSON.stringify(state)
    if (words === told) return
    told = words
    host.report(state)
  }
  return {
    tell,
    failed: ({ reason, message }) =>
      reason === 'misconfigured' ? tell('needs-attention', attention(message)) : tell('degraded', trouble(message)),
  }
}
