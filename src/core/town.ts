/** What the gateway knows about the town while it runs: channels, departments, who is there. Read often, changed seldom. */

import type { AnyChannelKind, Capabilities, Connection } from './channel.ts'
import type { Attachment, BotContext, ChannelId, Content, DepartmentId, DepartmentNow, Language, Responder } from './model.ts'
import type { Held, HeldThread } from './store/held.ts'

export interface OpenChannel {
  id: ChannelId
  kind: AnyChannelKind
  config: unknown
  capabilities: Capabilities
  departmentId: DepartmentId
  /** undefined while another process holds an exclusive channel, or while it cannot be opened. */
  connection?: Connection<unknown>
}

/** Replaced as a whole when config, calendar or rulebook change; a transaction uses one from begin to end. */
export interface Town {
  channels: Map<ChannelId, OpenChannel>
  defaultDepartment: DepartmentId
  /** Before the number of a conversation: BAL in BAL-2026-000123. */
  referencePrefix: string
  respond: Responder
  /** As of the last second or two; good enough for a greeting, never for a decision on who owns what. */
  departmentsNow(): DepartmentNow[]
  dueAt(departmentId: DepartmentId, from: Date, what?: 'answer' | 'resolution'): Date | null
  putOff(departmentId: DepartmentId, due: Date, from: Date, to: Date): Date
  /** Said when the bot itself breaks. */
  botFailed(language: Language): Content
  survey: SurveyTexts | null
  /** What a new citizen is told of their data before anything else; left out, or null: it stands beside the composer, or there is none. */
  notice?: (channelId: ChannelId, language: Language) => { content: Content; version: string } | null
  /** What whoever reads a left address is asked there; left out: nobody is, and nothing is ever sent there. */
  proof?: (language: Language, claim: string) => Content
  /** What who left it is told: that the question is on its way, or that the address is known to be theirs. */
  addressTaken?: (language: Language, address: string, isKnown: boolean) => Content
  linkOf(attachment: Attachment): string
}

/** How satisfaction is asked for at close and understood afterwards. Pure. */
export interface SurveyTexts {
  /** Later than this an answer is something new. */
  lifeMs: number
  ask(language: Language, departmentId: DepartmentId | null, subject: string): Content
  /** undefined: this is not an answer to the survey but something new. */
  understand(content: Content, asked: { state: 'asked' | 'scored'; secondsSinceScore: number }, language: Language, departmentId: DepartmentId | null): SurveyAnswer | undefined
}
export type SurveyAnswer =
  | { type: 'score'; score: number; reply: Content }
  | { type: 'comment'; comment: string; reply: Content }
  | { type: 'refused'; reply: Content | null }

export function botContext(town: Town, held: Pick<Held, 'language' | 'citizen' | 'reference' | 'departmentId'>, thread: Pick<HeldThread, 'channelId'>, now: Date): BotContext {
  const channel = town.channels.get(thread.channelId)
  return {
    now,
    channel: { id: thread.channelId, kind: channel?.kind.name ?? 'webchat', choices: Boolean(channel?.capabilities.choices) },
    language: held.language,
    citizen: held.citizen,
    reference: held.reference,
    department: held.departmentId ?? (channel && channel.departmentId !== town.defaultDepartment ? channel.departmentId : null),
    departments: town.departmentsNow(),
  }
}

/** Whose page must read again. */
export function followOf(thread: Pick<HeldThread, 'channelId' | 'address'> | null, town: Town): { follow?: [string, string][] } {
  if (!thread || !town.channels.get(thread.channelId)?.capabilities.pull) return {}
  return { follow: [[thread.channelId, thread.address]] }
}
