/** Conversations as a morning at the town hall leaves them; the n-th is the same at every run. */

import type { ConversationSummary, MessageView, TimelineEntry } from '../../../src/operator-api.types.ts'
import { type Chance, chance } from './chance.ts'
import { botAsks, botHandsOff, english, firstNames, lastNames, subjects } from './texts.ts'
import { channels, operators } from './town.ts'

export interface Seeded {
  summary: ConversationSummary
  /** Made when somebody opens it. */
  timeline(): TimelineEntry[]
  address: string
}

export interface SeedOptions { seed: number; conversations: number; longMessages: number; now: number }

const minute = 60_000
const mayAll: ConversationSummary['may'] = ['reply', 'note', 'assign', 'move', 'hand-back', 'snooze', 'close', 'tag', 'prioritise', 'call', 'register', 'link', 'merge', 'split', 'take']
const mayClosed: ConversationSummary['may'] = ['note', 'reopen', 'tag', 'register', 'link', 'merge', 'split']
export const mayOf = (state: ConversationSummary['state']) => (state === 'closed' ? mayClosed : mayAll)

export function seedConversations(options: SeedOptions): Seeded[] {
  return Array.from({ length: options.conversations }, (_, index) => seedOne(options, index))
}

function seedOne({ seed, conversations, longMessages, now }: SeedOptions, index: number): Seeded {
  const luck = chance(seed * 1_000_003 + index)
  const about = luck.pick(subjects)
  const isEnglish = index > 3 && luck.is(0.07)
  const channel = index === 0 ? channels[1]! : index === 3 ? channels[5]! : luck.pick(channels)
  const name = channel.kind === 'sms' && luck.is(0.6) ? null : `${luck.pick(firstNames)} ${luck.pick(lastNames)}`
  const phone = `+3519${luck.whole(10, 69)}${String(luck.whole(0, 999_999)).padStart(6, '0')}`
  const address = channel.kind === 'email' ? `${fold(name ?? 'municipe')}@correio.example` : channel.kind === 'sms' || channel.kind === 'whatsapp' ? phone : `${channel.kind}-${index + 1}`
  const state = stateOf(luck, index)
  const age = index < 70 ? luck.whole(1, 12 + index * 4) : 300 + Math.floor((index / conversations) * 30 * 24 * 60) + luck.whole(0, 60)
  const lastAt = now - age * minute
  const rounds = index === 0 ? 3 : luck.whole(1, 3)
  const isAnswered = state === 'closed' || (state === 'assigned' && luck.is(0.45))
  const asks = isEnglish ? english.asks : about.asks
  const preview = isAnswered ? (isEnglish ? english.answers : about.answers).at(-1)! : asks[Math.min(rounds, asks.length) - 1]!
  const operatorId = state === 'assigned' ? (index < 12 || luck.is(0.3) ? 'op-ana' : luck.pick(operators).id) : null
  const summary: ConversationSummary = {
    id: String(index + 1), reference: `VFM-2026-${String(12_000 - index).padStart(6, '0')}`, version: 1, state, operatorId,
    departmentId: state === 'bot' ? null : about.department,
    wakeAt: state === 'snoozed' ? new Date(now + luck.whole(60, 3000) * minute).toISOString() : null,
    citizen: { id: `c${index + 1}`, name, label: name ?? phone.replace(/^(\+351)(\d{3})(\d{3})/, '$1 $2 $3 ') },
    channelId: channel.id, channelKind: channel.kind, language: isEnglish ? 'en' : 'pt', topic: state === 'bot' ? null : about.topic,
    subject: channel.kind === 'email' ? (isEnglish ? english.subject : about.subject) : null,
    priority: luck.is(0.04) ? 'urgent' : luck.is(0.08) ? 'high' : 'normal',
    tags: luck.is(0.4) ? about.tags : [], preview, previewBy: isAnswered ? 'operator' : state === 'bot' && luck.is(0.6) ? 'bot' : 'citizen', previewOperatorId: isAnswered ? operatorId : null,
    lastMessageAt: new Date(lastAt).toISOString(), lastInboundAt: new Date(lastAt).toISOString(),
    lastSeq: 0, lastInboundSeq: 0, readSeq: 0,
    waitingSince: state === 'waiting' ? new Date(lastAt).toISOString() : state === 'assigned' && !isAnswered ? new Date(lastAt).toISOString() : null,
    dueAt: state === 'waiting' ? new Date(lastAt + 30 * minute).toISOString() : null,
    failedDeliveries: 0, unanswered: !isAnswered && state !== 'bot', openedAt: new Date(lastAt - 90 * minute).toISOString(),
    closedAt: state === 'closed' ? new Date(lastAt + minute).toISOString() : null, may: mayOf(state),
  }
  const make = () => (index === 0 && longMessages > 0 ? longTimeline(summary, longMessages, lastAt) : shortTimeline(summary, asks, isEnglish ? english.answers : about.answers, rounds, isAnswered, lastAt))
  const length = index === 0 && longMessages > 0 ? longMessages : make().filter(({ type }) => type === 'message').length
  summary.lastSeq = length
  summary.lastInboundSeq = isAnswered ? Math.max(1, length - 1) : length
  summary.readSeq = isAnswered || luck.is(0.55) ? length : Math.max(0, length - 1)
  if (index === 0) summary.readSeq = length
  return { summary, address, timeline: make }
}

function stateOf(luck: Chance, index: number): ConversationSummary['state'] {
  if (index < 9) return 'assigned'
  if (index < 22) return 'waiting'
  if (index < 70) return luck.pick(['assigned', 'assigned', 'waiting', 'bot', 'bot', 'snoozed', 'closed'] as const)
  // What is older has been looked after, all but a few.
  return luck.pick(['closed', 'closed', 'closed', 'closed', 'closed', 'assigned', 'bot', 'snoozed'] as const)
}

const fold = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, '.')

export function messageOf(summary: ConversationSummary, seq: number, at: number, part: Partial<MessageView>): MessageView {
  const direction = part.direction ?? 'in'
  return {
    type: 'message', id: `${Number(summary.id) * 100_000 + seq}`, seq, direction, author: direction === 'in' ? 'citizen' : 'operator',
    operatorId: direction === 'in' ? null : summary.operatorId ?? 'op-ana', threadId: `t${summary.id}`, channelId: summary.channelId,
    at: new Date(at).toISOString(), vendorAt: new Date(at).toISOString(), text: '', subject: null, quoted: null, html: null, choices: [], chosen: null,
    location: null, contact: null, unsupported: null, template: null, trust: null, attachments: [], inReplyTo: null, clientId: null, editedAt: null, deletedAt: null,
    revisions: [], reactions: [], recovered: false, automatic: false, mentions: [],
    delivery: direction === 'out' ? { state: 'read', reason: null, detail: null, cost: null, attempt: 1, nextAt: null, sentAt: new Date(at).toISOString(), deliveredAt: new Date(at).toISOString(), readAt: new Date(at).toISOString() } : null,
    ...part,
  }
}

function shortTimeline(summary: ConversationSummary, asks: string[], answers: string[], rounds: number, isAnswered: boolean, lastAt: number): TimelineEntry[] {
  const steps: ((seq: number, at: number) => TimelineEntry)[] = []
  const said = (part: Partial<MessageView>) => steps.push((seq, at) => messageOf(summary, seq, at, part))
  const done = (what: string, author: 'bot' | 'operator', data: Record<string, unknown> = {}) => steps.push((seq, at) => ({
    type: 'activity', id: `${Number(summary.id) * 1000 + seq}${steps.length}`, at: new Date(at).toISOString(), author, operatorId: author === 'operator' ? summary.operatorId ?? 'op-ana' : null, what, data,
  }))
  said({ text: summary.language === 'en' ? 'Hello' : 'Olá, bom dia', subject: summary.subject })
  said({ direction: 'out', author: 'bot', operatorId: null, text: botAsks, choices: [{ id: 'agua', label: 'Água' }, { id: 'obras', label: 'Obras' }, { id: 'pessoa', label: 'Falar com uma pessoa' }] })
  if (summary.state !== 'bot') {
    said({ text: 'Falar com uma pessoa', chosen: 'pessoa' })
    said({ direction: 'out', author: 'bot', operatorId: null, text: botHandsOff })
    done('hand-off', 'bot', { department: summary.departmentId, reason: 'asked' })
  }
  for (let round = 0; round < rounds; round += 1) {
    said({ text: asks[round] ?? asks[0]! })
    if (round === 0 && summary.operatorId) done('assign', 'operator', { to: summary.operatorId })
    if (round < rounds - 1 || isAnswered) said({ direction: 'out', text: answers[Math.min(round, answers.length - 1)]! })
  }
  if (summary.state === 'closed') done('close', 'operator', { outcome: 'Resolvido' })
  let seq = 0
  const step = 3 * minute
  return steps.map((make, index) => {
    const entry = make(seq + 1, lastAt - (steps.length - 1 - index) * step)
    if (entry.type === 'message') seq += 1
    return entry
  })
}

function longTimeline(summary: ConversationSummary, count: number, lastAt: number): TimelineEntry[] {
  const luck = chance(77)
  const channelOf = () => luck.pick(['whatsapp', 'email', 'web'])
  let channelId = 'whatsapp'
  return Array.from({ length: count }, (_, index) => {
    if (index % 40 === 0) channelId = channelOf()
    const about = luck.pick(subjects)
    const isIn = luck.is(0.55)
    const text = Array.from({ length: luck.pick([1, 1, 1, 2, 3]) }, () => luck.pick(isIn ? about.asks : about.answers)).join('\n')
    return messageOf(summary, index + 1, lastAt - (count - 1 - index) * 11 * minute, { text, direction: isIn ? 'in' : 'out', channelId })
  })
}
