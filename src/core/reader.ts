/** A citizen's own view, for channels whose page reads from our store. Bound to one channel: it cannot ask for another's. */

import type { History, HistoryEntry, Reader } from './channel.ts'
import type { Address, ChannelId } from './model.ts'
import type { Signal, Signals } from './signals.ts'
import { type HistoryAsked, markShown, readHistories, standingsOf } from './store/history.ts'
import type { Pool } from './store/pool.ts'
import { together } from './together.ts'
import type { Town } from './town.ts'
import type { WaitingLine } from './waiting-line.ts'

export interface ReaderOptions {
  pool: Pool
  signals: Signals
  line: WaitingLine
  town: () => Town
  now: () => Date
  urlOfAttachment: (attachmentId: string, channelId: ChannelId) => string
}

/** Receipts and edits of the last messages are read again with every change; older ones seldom change. */
const changeWindow = 30

export function openReader(channelId: ChannelId, { pool, signals, line, town, now, urlOfAttachment }: ReaderOptions): Reader & { close(): void } {
  const followers = new Map<Address, Set<(news: { typing?: boolean }) => void>>()
  const addressesOf = new Map<string, Set<Address>>()

  function tell(address: Address, news: { typing?: boolean }): void {
    for (const changed of followers.get(address) ?? []) changed(news)
  }

  const unsubscribe = signals.subscribe((signal: Signal) => {
    if (signal.type === 'gap') for (const address of followers.keys()) tell(address, {})
    else if (signal.type === 'changed') {
      for (const { conversationId, follow } of signal.changes) {
        const told = new Set<Address>()
        for (const [channel, address] of follow ?? []) {
          if (channel !== channelId) continue
          told.add(address)
          if (followers.has(address)) remember(conversationId, address)
        }
        for (const address of addressesOf.get(conversationId) ?? []) told.add(address)
        for (const address of told) tell(address, {})
      }
    } else if (signal.type === 'told' && signal.topic === 'operator-typing') {
      for (const address of addressesOf.get((signal.data as { conversationId: string }).conversationId) ?? []) tell(address, { typing: true })
    }
  })

  const look = together(async (asked: HistoryAsked[]) => {
    const [histories, standings] = await Promise.all([
      readHistories(pool.db, channelId, asked), standingsOf(pool.db, channelId, asked.map(({ address }) => address)),
    ])
    return asked.map((_, n) => ({ rows: histories[n]!, standing: standings[n] }))
  })
  const ignoreMoves = line.onMove((id) => { for (const address of addressesOf.get(id) ?? []) tell(address, {}) })

  function remember(conversationId: string, address: Address): void {
    const known = addressesOf.get(conversationId) ?? new Set()
    addressesOf.set(conversationId, known.add(address))
  }

  async function history(address: Address, after: string | undefined, limit: number): Promise<History> {
    const { rows, standing } = await look({ address, after, limit, again: changeWindow })
    const entries = rows.map((row): HistoryEntry => ({
      cursor: row.id,
      externalId: row.externalId ?? row.clientId,
      by: row.author,
      name: row.operatorName?.split(' ')[0] ?? null,
      at: row.at,
      content: row.deletedAt ? { text: '' } : row.content,
      urls: row.deletedAt ? [] : (row.attachments ?? []).map((file) => (file.state === 'stored' ? urlOfAttachment(file.id, channelId) : null)),
      receipt: row.state === 'sent' || row.state === 'delivered' || row.state === 'read' ? row.state : null,
      editedAt: row.editedAt,
      deletedAt: row.deletedAt,
    }))
    for (const row of rows) if (followers.has(address)) remember(row.conversationId, address)
    const isNewer = ({ cursor }: HistoryEntry) => after === undefined || BigInt(cursor) > BigInt(after)
    const department = standing && town().departmentsNow().find(({ id }) => id === standing.departmentId)
    return {
      entries: entries.filter(isNewer),
      changes: entries.filter((entry) => !isNewer(entry)),
      cursor: entries.filter(isNewer).at(-1)?.cursor ?? after ?? '0',
      conversation: standing
        ? {
            reference: standing.reference, state: standing.state,
            position: standing.state === 'waiting' ? await line.placeOf(standing.id, standing.departmentId) : null,
            departmentOpen: department?.open ?? true, opensAt: department?.opensAt ?? null,
            operatorName: standing.operatorName?.split(' ')[0] ?? null,
          }
        : null,
    }
  }

  return {
    history,
    follow(address, changed) {
      const known = followers.get(address) ?? new Set()
      followers.set(address, known.add(changed))
      return () => {
        known.delete(changed)
        if (known.size > 0) return
        followers.delete(address)
        for (const [conversationId, addresses] of addressesOf) {
          addresses.delete(address)
          if (addresses.size === 0) addressesOf.delete(conversationId)
        }
      }
    },
    async shown(address, upTo, state) {
      const ids = await markShown(pool.db, channelId, address, upTo, state, now())
      if (ids.length > 0) await signals.broadcast({ type: 'changed', changes: ids.map((conversationId) => ({ conversationId })) })
    },
    close() {
      unsubscribe()
      ignoreMoves()
    },
  }
}
