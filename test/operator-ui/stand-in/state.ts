/** The stand-in's memory: conversations, and what operators do to them. As strict as the gateway where the inbox could tell. */

import type {
  ActRequest, ActResult, CitizenView, ConversationDetail, ConversationFilter, ConversationSummary, Counts, LiveEvent, MessageView, OperatorAction, OperatorView, Page, Timeline, TimelineEntry,
} from '../../../src/operator-api.types.ts'
import { before, belongs } from '../../../operator-ui/src/filter.ts'
import { fold } from '../../../operator-ui/src/fold.ts'
import { mayOf, messageOf, type Seeded, seedConversations, type SeedOptions } from './seed.ts'
import { showcase } from './showcase.ts'
import { departments } from './town.ts'

interface Kept { summary: ConversationSummary; entries: TimelineEntry[] | undefined; make(): TimelineEntry[]; address: string; attributes: Record<string, string>; readBy: Map<string, number>; drafts: Map<string, { reply: string; note: string }>; present: Map<string, { typing: boolean; at: number }>; links: CitizenView['links'] }

export interface Crossed { crossed: 'reply' | 'owner'; operatorId?: string; conversation: ConversationSummary }

export type State = ReturnType<typeof openState>

export function openState(options: SeedOptions & { undoSeconds: number }, tell: (event: LiveEvent, only?: string) => void) {
  const now = () => Date.now()
  const all = new Map<string, Kept>()
  const onceDone = new Map<string, ActResult>()
  const sentMessages: MessageView[] = []
  const timers = new Set<NodeJS.Timeout>()
  let made = options.conversations

  const keep = ({ summary, timeline, address }: Seeded) => all.set(summary.id, {
    summary, make: timeline, entries: undefined, address, attributes: summary.citizen.name && Number(summary.id) % 3 === 2 ? { nif: '123456789', email: 'municipe@correio.example', address: 'Rua do Outeiro, 14' } : {},
    readBy: new Map(), drafts: new Map(), present: new Map(), links: [],
  })
  for (const [index, seeded] of seedConversations(options).entries()) keep(index === 1 ? showcase(seeded, options.now) : seeded)

  const entriesOf = (one: Kept) => (one.entries ??= one.make())
  const seenBy = (one: Kept, operator: string): ConversationSummary => ({ ...one.summary, readSeq: one.readBy.get(operator) ?? one.summary.readSeq })
  const kept = (id: string) => all.get(id)

  function changed(one: Kept, part: Partial<ConversationSummary> = {}): void {
    one.summary = { ...one.summary, ...part, version: one.summary.version + 1 }
    one.summary.may = mayOf(one.summary.state)
    tell({ type: 'conversations', changed: [{ ...one.summary, readSeq: -1 }], hidden: [] })
  }

  function list(filter: ConversationFilter, operator: string, cursor: string | null, limit = 50): Page<ConversationSummary> {
    const { q, ...rest } = filter
    // So many years to read that nobody should wait for all of them.
    if (q === 'nunca escrito' && cursor !== 'far11') {
      const n = Number(cursor?.slice(3) ?? 0) + 1
      return { rows: [], next: `far${n}`, readSince: new Date(options.now - n * 30 * 86_400_000).toISOString() }
    }
    const wanted = q ? fold(q).split(' ') : []
    const rows: ConversationSummary[] = []
    for (const one of all.values()) {
      const row = seenBy(one, operator)
      if (filter.view === 'mentions' ? row.id !== '2' : belongs(rest, row, operator) !== true) continue
      if (q) {
        const text = `${row.citizen.name ?? ''} ${row.citizen.label ?? ''} ${row.reference} ${one.address} ${row.subject ?? ''} ${row.preview}`
        if (!wanted.every((word) => fold(text).includes(word))) continue
        rows.push({ ...row, hit: { seq: row.lastSeq, snippet: marked(row.preview, wanted) } })
      } else rows.push(row)
    }
    rows.sort((a, b) => before(rest, a, b))
    // As the gateway may, where it has to look far back: a page without rows, and then one that says again what was said before.
    if (q && cursor === null && rows.length > 0 && !rows.some(({ reference }) => reference === q)) return { rows: [], next: 'on' }
    const from = cursor ? rows.findIndex(({ id }) => id === cursor) + 1 : 0
    const page = [...rows.slice(from, from + limit), ...(q && cursor !== null ? rows.slice(0, 1) : [])]
    return { rows: page, next: from + limit < rows.length ? page.at(-1)?.id ?? null : null }
  }

  function counts(operator: string): Counts {
    const count: Counts = { mine: 0, waiting: 0, bot: 0, snoozed: 0, problems: 0, unanswered: 0, mentions: 1, late: 0, departments: Object.fromEntries(departments.map(({ id }) => [id, { open: 0, waiting: 0 }])) }
    for (const { summary } of all.values()) {
      for (const view of ['mine', 'waiting', 'bot', 'snoozed', 'problems', 'unanswered'] as const) if (count[view] < 1000 && belongs({ view }, summary, operator)) count[view] += 1
      const department = count.departments[summary.departmentId ?? '']
      if (department && summary.state !== 'closed') department.open += 1
      if (department && summary.state === 'waiting') department.waiting += 1
    }
    return count
  }

  function citizenOf(one: Kept): CitizenView {
    const { summary } = one
    const second = summary.id === '2'
    return {
      ...summary.citizen, language: summary.language, attributes: one.attributes, tags: [],
      identities: [
        { id: `i${summary.id}`, channelId: summary.channelId, channelKind: summary.channelKind, address: one.address, name: summary.citizen.name, phone: one.address.startsWith('+') ? one.address : null, email: one.address.includes('@') ? one.address : null, verified: summary.channelKind !== 'webchat', blocked: false, optedOut: false },
        ...(second ? [{ id: 'i2b', channelId: 'email', channelKind: 'email', address: 'maria.lourenco@correio.example', name: 'Maria Lourenço', phone: null, email: 'maria.lourenco@correio.example', verified: false, blocked: false, optedOut: false }] : []),
        ...one.links.map(({ identityId }) => ({ id: identityId, channelId: 'telegram', channelKind: 'telegram', address: `@${identityId}`, name: null, phone: null, email: null, verified: false, blocked: false, optedOut: false })),
      ],
      conversations: second ? [{ id: '2', reference: summary.reference, state: summary.state, channelId: 'whatsapp', channelKind: 'whatsapp', topic: 'Água', openedAt: summary.openedAt, closedAt: null, score: null },
        { id: '30', reference: 'VFM-2026-008120', state: 'closed', channelId: 'email', channelKind: 'email', topic: 'Resíduos', openedAt: '2026-06-02T09:12:00Z', closedAt: '2026-06-03T10:00:00Z', score: 5 },
        { id: '31', reference: 'VFM-2025-020417', state: 'closed', channelId: 'sms', channelKind: 'sms', topic: 'Água', openedAt: '2025-11-14T15:40:00Z', closedAt: '2025-11-15T09:00:00Z', score: null }] : [],
      links: second ? [{ id: 'l1', proof: 'asked', operatorId: 'op-rui', at: new Date(options.now - 3_600_000).toISOString(), identityId: 'i2b' }, ...one.links] : one.links,
    }
  }

  function detail(id: string, operator: string): ConversationDetail | undefined {
    const one = kept(id)
    if (!one) return undefined
    const { summary } = one
    const last = entriesOf(one).findLast((entry) => entry.type === 'message' && entry.direction === 'in')
    const thread = { id: `t${id}`, channelId: summary.channelId, channelKind: summary.channelKind, address: one.address, name: summary.citizen.name, lastInboundAt: last?.at ?? null, windowEndsAt: summary.channelKind === 'whatsapp' && last ? new Date(Date.parse(last.at) + 86_400_000).toISOString() : null, blocked: false, optedOut: false, unproven: false }
    return {
      ...seenBy(one, operator), threadId: thread.id, people: citizenOf(one), draft: one.drafts.get(operator) ?? { reply: '', note: '' }, present: presentIn(one), calls: [], survey: null,
      threads: id === '2' ? [thread, { ...thread, id: 't2b', channelId: 'email', channelKind: 'email', address: 'maria.lourenco@correio.example', windowEndsAt: null }] : [thread],
    }
  }

  function timeline(id: string, beforeSeq: number | undefined, limit: number): Timeline | undefined {
    const one = kept(id)
    if (!one) return undefined
    const entries = entriesOf(one)
    const end = beforeSeq === undefined ? entries.length : entries.findIndex((entry) => entry.type === 'message' && entry.seq === beforeSeq)
    let start = end
    for (let messages = 0; start > 0 && messages < limit; start -= 1) if (entries[start - 1]?.type === 'message') messages += 1
    const part = entries.slice(start, end)
    const first = part.find((entry) => entry.type === 'message')
    return { entries: part, earlier: start > 0 && first?.type === 'message' ? String(first.seq) : null, lastSeq: one.summary.lastSeq, version: one.summary.version }
  }

  function add(one: Kept, part: Partial<MessageView>): MessageView {
    const seq = one.summary.lastSeq + 1
    const message = messageOf(one.summary, seq, now(), part)
    entriesOf(one).push(message)
    one.summary = { ...one.summary, lastSeq: seq }
    return message
  }
  const note = (one: Kept, what: string, operatorId: string, data: Record<string, unknown> = {}) => entriesOf(one).push({ type: 'activity', id: `a${now()}-${entriesOf(one).length}`, at: new Date().toISOString(), author: 'operator', operatorId, what, data })
  const later = (ms: number, run: () => void) => { const timer = setTimeout(() => { timers.delete(timer); run() }, ms); timers.add(timer) }

  function replace(one: Kept, id: string, change: (message: MessageView) => MessageView): void {
    one.entries = entriesOf(one).map((entry) => (entry.type === 'message' && entry.id === id ? change(entry) : entry))
    changed(one)
  }
  function alter(id: string, seq: number, change: (message: MessageView) => Partial<MessageView>): void {
    const one = kept(id)
    const message = one && entriesOf(one).find((entry) => entry.type === 'message' && entry.seq === seq)
    if (one && message) replace(one, message.id, (old) => ({ ...old, ...change(old) }))
  }
  function settle(one: Kept, id: string): void {
    const message = entriesOf(one).find((entry) => entry.id === id)
    if (message?.type !== 'message' || message.delivery?.state !== 'queued') return
    sentMessages.push(message)
    replace(one, id, (now_) => ({ ...now_, delivery: { ...now_.delivery!, state: 'delivered', attempt: 1, nextAt: null, sentAt: new Date().toISOString(), deliveredAt: new Date().toISOString() } }))
  }

  function act(id: string, operator: OperatorView, { clientId, actions, seen, force }: ActRequest): ActResult | Crossed | undefined {
    const one = kept(id)
    if (!one) return undefined
    const known = onceDone.get(clientId)
    if (known) return known
    if (seen && !force && actions.some(({ do: what }) => what === 'reply' || what === 'take')) {
      const taken = one.summary.operatorId !== seen.operatorId && one.summary.operatorId !== operator.id && one.summary.operatorId !== null
      const replied = entriesOf(one).findLast((entry) => entry.type === 'message' && entry.seq > seen.lastSeq && entry.author === 'operator' && entry.direction === 'out' && entry.operatorId !== operator.id)
      if (taken || replied) return { crossed: replied ? 'reply' : 'owner', ...(replied?.type === 'message' && replied.operatorId !== null && { operatorId: replied.operatorId }), conversation: seenBy(one, operator.id) }
    }
    const messageIds = actions.flatMap((action) => carryOut(one, action, operator, clientId))
    changed(one)
    tell({ type: 'counts', counts: counts(operator.id) })
    const result = { conversation: seenBy(one, operator.id), messageIds }
    onceDone.set(clientId, result)
    return result
  }

  function carryOut(one: Kept, action: OperatorAction, operator: OperatorView, clientId: string): string[] {
    const set = (part: Partial<ConversationSummary>) => { one.summary = { ...one.summary, ...part } }
    const take = (operatorId: string) => { set({ state: 'assigned', operatorId, waitingSince: null, wakeAt: null }); note(one, 'assign', operator.id, { to: operatorId }) }
    switch (action.do) {
      case 'reply': {
        if (one.summary.state !== 'assigned') take(operator.id)
        const leaves = new Date(now() + options.undoSeconds * 1000).toISOString()
        const thread = action.threadId === 't2b' ? { threadId: 't2b', channelId: 'email' } : {}
        const message = add(one, {
          direction: 'out', operatorId: operator.id, text: action.text, clientId, choices: action.choices ?? [], template: action.template ?? null, subject: action.subject ?? null, ...thread,
          attachments: (action.attachments ?? []).map((file, index) => ({ id: `u${index}`, kind: file.kind, mimeType: file.mimeType, name: file.name, bytes: file.bytes, state: 'stored', detail: null, role: null, url: '/files/72/ficheiro', previewUrl: null })),
          delivery: { state: 'queued', reason: null, detail: null, cost: null, attempt: 0, nextAt: leaves, sentAt: null, deliveredAt: null, readAt: null },
        })
        set({ preview: action.text, previewBy: 'operator', previewOperatorId: operator.id, lastMessageAt: message.at, unanswered: false, waitingSince: null })
        one.drafts.delete(operator.id)
        later(options.undoSeconds * 1000, () => settle(one, message.id))
        return [message.id]
      }
      case 'note': {
        one.drafts.delete(operator.id)
        return [add(one, { direction: 'note', operatorId: operator.id, text: action.text, clientId, mentions: action.mentions ?? [], delivery: null }).id]
      }
      case 'take': take(operator.id); break
      case 'assign': take(action.operatorId); break
      case 'move':
        set({ departmentId: action.departmentId, state: 'waiting', operatorId: null, waitingSince: new Date().toISOString() })
        note(one, 'move', operator.id, { to: action.departmentId })
        if (action.note) add(one, { direction: 'note', operatorId: operator.id, text: action.note, delivery: null })
        break
      case 'hand-back': set({ state: 'bot', operatorId: null, waitingSince: null }); note(one, 'hand-back', operator.id); break
      case 'snooze': set({ state: 'snoozed', wakeAt: action.until }); note(one, 'snooze', operator.id, { until: action.until }); break
      case 'close': set({ state: 'closed', operatorId: null, closedAt: new Date().toISOString(), unanswered: false, waitingSince: null }); note(one, 'close', operator.id, { outcome: action.outcome ?? null }); break
      case 'reopen': set({ state: 'assigned', operatorId: operator.id, closedAt: null }); note(one, 'reopen', operator.id); break
      case 'tag': set({ tags: [...one.summary.tags.filter((tag) => !action.remove?.includes(tag)), ...(action.add ?? [])] }); note(one, 'tag', operator.id, { add: action.add ?? [], remove: action.remove ?? [] }); break
      case 'prioritise': set({ priority: action.priority }); note(one, 'prioritise', operator.id, { priority: action.priority }); break
      case 'set-topic': set({ topic: action.topic }); note(one, 'set-topic', operator.id, { topic: action.topic }); break
      case 'set-language': set({ language: action.language }); note(one, 'set-language', operator.id, { language: action.language }); break
      case 'register': {
        one.attributes = { ...one.attributes, ...Object.fromEntries(Object.entries(action.attributes).filter(([name]) => name !== 'name')) }
        if (action.attributes.name) set({ citizen: { ...one.summary.citizen, name: action.attributes.name, label: action.attributes.name } })
        note(one, 'register', operator.id, { names: Object.keys(action.attributes) })
        break
      }
      case 'call': note(one, 'call', operator.id)
    }
    return []
  }

  function presentIn(one: Kept) {
    return [...one.present].filter(([, { at }]) => now() - at < 25_000).map(([operatorId, { typing }]) => ({ operatorId, typing }))
  }

  return {
    list, counts, detail, timeline, act, sentMessages, kept,
    attributesOf: (id: string) => kept(id)?.attributes,
    decide(messageId: string, decision: string): boolean {
      for (const one of all.values()) {
        const message = one.entries?.find((entry) => entry.type === 'message' && entry.id === messageId)
        if (message?.type !== 'message' || !message.delivery) continue
        if (decision === 'undo' && message.delivery.state !== 'queued') return false
        const state = decision === 'undo' || decision === 'give-up' ? 'cancelled' : decision === 'arrived' ? 'sent' : 'queued'
        replace(one, messageId, (old) => ({ ...old, delivery: { ...old.delivery!, state, reason: null, detail: null, cost: null, attempt: state === 'queued' ? 1 : old.delivery!.attempt } }))
        if (state === 'queued') later(300, () => settle(one, messageId))
        return true
      }
      return false
    },
    read(id: string, operator: string, seq: number) { kept(id)?.readBy.set(operator, seq) },
    draft(id: string, operator: string, kind: 'reply' | 'note', text: string) {
      const one = kept(id)
      one?.drafts.set(operator, { ...(one.drafts.get(operator) ?? { reply: '', note: '' }), [kind]: text })
    },
    presence(id: string, operatorId: string, typing: boolean | undefined) {
      const one = kept(id)
      if (!one) return
      if (typing === undefined) one.present.delete(operatorId)
      else one.present.set(operatorId, { typing, at: now() })
      tell({ type: 'presence', conversationId: id, present: presentIn(one), citizenTyping: false })
    },
    /** A citizen is writing. */
    citizenWrites(id: string): void { tell({ type: 'presence', conversationId: id, present: presentIn(kept(id)!), citizenTyping: true }) },
    link(citizenId: string, identityId: string, proof: string, operatorId: string): CitizenView | undefined {
      const one = [...all.values()].find(({ summary }) => summary.citizen.id === citizenId)
      if (!one) return undefined
      one.links = [...one.links, { id: `l${identityId}`, proof, operatorId, at: new Date().toISOString(), identityId }]
      changed(one)
      return citizenOf(one)
    },
    unlink(linkId: string): CitizenView | undefined {
      const one = [...all.values()].find(({ links }) => links.some(({ id }) => id === linkId))
      if (!one) return undefined
      one.links = one.links.filter(({ id }) => id !== linkId)
      changed(one)
      return citizenOf(one)
    },
    citizens: (q: string) => [...all.values()].filter(({ summary, address }) => fold(`${summary.citizen.label} ${address}`).includes(fold(q))).slice(0, 20).map(citizenOf),
    split(id: string, fromSeq: number, operator: string): ConversationSummary | undefined {
      const one = kept(id)
      if (!one) return undefined
      const entries = entriesOf(one)
      const at = entries.findIndex((entry) => entry.type === 'message' && entry.seq === fromSeq)
      const moved = entries.slice(at)
      one.entries = entries.slice(0, at)
      made += 1
      const summary = { ...one.summary, id: String(made), reference: `VFM-2026-${String(20_000 + made).padStart(6, '0')}`, version: 1 }
      keep({ summary, address: one.address, timeline: () => moved })
      changed(one, { lastSeq: fromSeq - 1, lastInboundSeq: Math.min(one.summary.lastInboundSeq, fromSeq - 1) })
      return seenBy(all.get(summary.id)!, operator)
    },
    merge(id: string, into: string, operator: string): ConversationSummary | undefined {
      const from = kept(id)
      const target = kept(into)
      if (!from || !target) return undefined
      all.delete(id)
      note(target, 'merged', operator)
      changed(target)
      tell({ type: 'conversations', changed: [], hidden: [id] })
      return seenBy(target, operator)
    },
    /** A citizen writes. */
    hear(id: string, text: string, part: Partial<MessageView> = {}): void {
      const one = kept(id)
      if (!one) throw new Error(`no conversation ${id}`)
      const message = add(one, { text, ...part })
      const isAsleep = one.summary.state === 'snoozed' || one.summary.state === 'closed'
      changed(one, {
        preview: text, previewBy: 'citizen', lastMessageAt: message.at, lastInboundAt: message.at, lastInboundSeq: message.seq, unanswered: one.summary.state !== 'bot',
        ...(isAsleep && { state: 'waiting', waitingSince: message.at, operatorId: null }),
      })
    },
    /** Nothing is known of who writes but a machine's address. */
    unname(id: string): void {
      const one = kept(id)
      if (one) changed(one, { citizen: { ...one.summary.citizen, name: null, label: null } })
    },
    /** A citizen corrects a message. */
    edit(id: string, seq: number, text: string): void {
      alter(id, seq, (old) => ({ text, editedAt: new Date().toISOString(), revisions: [...old.revisions, { text: old.text, at: old.editedAt ?? old.at }] }))
    },
    /** A citizen takes a message back. */
    takeBack: (id: string, seq: number): void => alter(id, seq, () => ({ text: '', deletedAt: new Date().toISOString() })),
    react: (id: string, seq: number, emoji: string, by: string): void => alter(id, seq, () => ({ reactions: [{ emoji, by, operatorId: null }] })),
    close: () => { for (const timer of timers) clearTimeout(timer) },
  }
}

function marked(text: string, words: string[]): string {
  const folded = [...text].map((letter) => fold(letter) || ' ').join('')
  for (const word of words) {
    const at = folded.indexOf(word)
    if (at >= 0) return `${text.slice(0, at)}\u0002${text.slice(at, at + word.length)}\u0003${text.slice(at + word.length)}`
  }
  return text
}
