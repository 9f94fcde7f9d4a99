/** A message to an address of the admin's own, past inbox and outbox: what the vendor says of it comes back at once. */

import { randomUUID } from 'node:crypto'
import { SendError } from '../core/channel.ts'
import type { OpenChannel } from '../core/town.ts'
import type { TestMessageResult } from '../operator-api.types.ts'
import { Refused } from './access.ts'

const text = 'Mensagem de teste do Balcão. Se a recebeu, este canal está a enviar. Não precisa de responder.'
const patienceMs = 30_000

/** Can somebody be written to who never wrote to us? */
export const reaches = (channel: OpenChannel | undefined): boolean => channel?.kind.routeTo !== undefined && channel.capabilities.initiate === 'always'

export async function sendTestMessage(channel: OpenChannel | undefined, address: string): Promise<TestMessageResult> {
  if (!channel?.connection) throw new Refused(409, 'not-open', 'Este canal não está ligado neste momento.')
  const found = reaches(channel) ? channel.kind.routeTo?.(address.trim(), channel.config) : undefined
  if (!found) throw new Refused(400, 'invalid', 'Este canal não consegue escrever para esse endereço.', { field: 'to' })
  try {
    const request = channel.kind.render({ text }, found.route, channel.config)
    await channel.connection.send(request, { key: randomUUID(), attempt: 1, by: 'system', signal: AbortSignal.timeout(patienceMs) })
    return { sent: true }
  } catch (error) {
    const { reason, detail } = error instanceof SendError ? error : new SendError('ambiguous', error instanceof Error ? error.name : '')
    return { sent: false, reason, detail }
  }
}
