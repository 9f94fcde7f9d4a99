/** How the number is doing, for admins: by Meta's webhooks, by asking it every hour, and by what it refuses. */

import { type ChannelState, type Host, SendError } from '../../../core/channel.ts'
import type { CloudConfig } from '../config.ts'
import { BadCertificate } from '../../certificates.ts'
import { fields, list, short, word } from '../../fields.ts'
import type { Graph } from './graph.ts'
import type { Memory } from './memory.ts'
import { digits, lowQuality, newsIn, type Problem } from './news.ts'

export interface Account {
  /** What a webhook that was stored says of the account. Rejects when it could not be remembered. */
  hear(body: unknown): Promise<void>
  /** Asks Meta what the number may do. Rejects when it does not say. */
  ask(signal: AbortSignal): Promise<void>
  /** `undefined`: that is well again. */
  note(what: 'connection' | 'sending', problem: Problem | undefined): void
}

const mostShown = 3

export function openAccount(config: CloudConfig, host: Pick<Host<never>, 'report' | 'log'>, graph: Graph, memory: Memory): Account {
  const noted = new Map<string, Problem[]>()
  let ownNumber: string | undefined
  let told = ''
  // One after the other, so that what was read first is not told last.
  let last: Promise<unknown> = Promise.resolve()

  function tell({ again }: { again: boolean }): Promise<void> {
    const done = last.then(async () => {
      const state = stateOf([...(await memory.problems()), ...[...noted.values()].flat()], memory.gapSince)
      const words = JSON.stringify(state)
      if (again || words !== told) host.report(state)
      told = words
    })
    last = done.catch(() => undefined)
    return done
  }

  function note(what: string, problems: Problem[]): void {
    if (JSON.stringify(problems) === JSON.stringify(noted.get(what))) return
    noted.set(what, problems)
    tell({ again: false }).catch((error: Error) => host.log.warn({ reason: error.name }, 'whatsapp: the state could not be told'))
  }

  return {
    async hear(body) {
      const news = newsIn(body, config, ownNumber)
      if (news.length === 0) return
      await memory.hear(news)
      // Another process may have told the opposite since we told this.
      await tell({ again: true })
    },
    async ask(signal) {
      const health = await askHealth(config, graph, signal)
      ownNumber = health.number
      note('health', health.problems)
    },
    note: (what, problem) => note(what, problem ? [problem] : []),
  }
}

function stateOf(problems: Problem[], gapSince: Date | undefined): ChannelState {
  const worstFirst = problems.toSorted((a, b) => Number(b.status === 'needs-attention') - Number(a.status === 'needs-attention'))
  const shown = worstFirst.slice(0, mostShown).map(({ reason }) => reason)
  const more = problems.length > mostShown ? ` (+${problems.length - mostShown})` : ''
  return {
    status: worstFirst[0]?.status ?? 'connected',
    ...(shown.length > 0 && { reason: { pt: shown.map(({ pt }) => pt).join(' ') + more, en: shown.map(({ en }) => en).join(' ') + more } }),
    ...(gapSince && { gapSince }),
  }
}

export interface Health {
  /** Who the number is, and how Meta rates it. */
  said: string
  number?: string
  problems: Problem[]
}

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/support/health-status */
export async function askHealth({ phoneNumberId }: CloudConfig, graph: Graph, signal?: AbortSignal): Promise<Health> {
  const asked = 'display_phone_number,verified_name,quality_rating,health_status'
  const about = fields(await graph.call('GET', `${phoneNumberId}?fields=${asked}`, { ...(signal && { signal }) }))
  const health = fields(about?.health_status)
  const own = digits(about?.display_phone_number)
  const problems = list(health?.entities).flatMap((entity): Problem[] => {
    const may = entity.can_send_message
    if (may !== 'BLOCKED' && may !== 'LIMITED') return []
    const why = [
      ...list(entity.errors).map((error) => [word(error.error_description), word(error.possible_solution)].filter(Boolean).join(' ')),
      ...(Array.isArray(entity.additional_info) ? entity.additional_info.map(word) : []),
    ].filter(Boolean).join(' ')
    const said = `${word(entity.entity_type) ?? '?'}${why ? `: «${short(why, 400)}»` : ''}`
    return [may === 'BLOCKED'
      ? { status: 'needs-attention', reason: { pt: `A Meta não deixa este número enviar (${said}).`, en: `Meta does not let this number send (${said}).` } }
      : { status: 'degraded', reason: { pt: `A Meta limita o que este número envia (${said}).`, en: `Meta limits what this number sends (${said}).` } }]
  })
  return {
    said: [about?.display_phone_number, about?.verified_name, about?.quality_rating].filter(word).join(', '),
    ...(own && { number: own }),
    problems: [...problems, ...(about?.quality_rating === 'RED' ? [lowQuality] : [])],
  }
}

/** What an admin must put right is shown at once, not only beside the message. */
export function refusal(error: unknown, channelId: string): Problem | undefined {
  if (!(error instanceof SendError) || error.reason !== 'misconfigured') return undefined
  if (error instanceof BadCertificate) return { status: 'needs-attention', reason: error.words }
  return { status: 'needs-attention', reason: {
    pt: `A Meta recusou: ${error.detail.pt}. Verifique o canal com «balcao channel test ${channelId}».`,
    en: `Meta refused: ${error.detail.en}. Look into it with "balcao channel test ${channelId}".`,
  } }
}
