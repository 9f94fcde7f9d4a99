/** The line of those who wait for people, for the citizens whose page shows their place in it: read once for all of them, and again when it may have moved. */

import { sql } from 'kysely'
import { inRealTime, type Later } from './later.ts'
import type { ConversationId, DepartmentId } from './model.ts'
import type { Signals } from './signals.ts'
import { prepared } from './store/prepared.ts'
import type { Db } from './store/schema.ts'

export interface WaitingLine {
  /** 1: is next in its department. As it was a second ago; who has come since stands behind all others. */
  placeOf(id: ConversationId, departmentId: DepartmentId | null): Promise<number>
  /** Told of those whose place was asked for once and is now another. Returns how to be told no more. */
  onMove(moved: (id: ConversationId) => void): () => void
  close(): void
}

const everyMs = 1_000

export function openWaitingLine({ db, signals, later = inRealTime }: { db: Db; signals: Signals; later?: Later }): WaitingLine {
  let places = new Map<ConversationId, number>()
  let lengths = new Map<DepartmentId | null, number>()
  const told = new Map<ConversationId, number>()
  const heard = new Set<(id: ConversationId) => void>()
  let reading: Promise<void> | undefined
  let cancel: (() => void) | undefined

  const unsubscribe = signals.subscribe((signal) => {
    const mayMove = signal.type === 'gap' || (signal.type === 'changed' && signal.changes.some(({ conversationId }) => places.has(conversationId)))
    if (!mayMove) return
    if (told.size > 0) readSoon()
    // Nobody looks: whoever looks next reads it anew.
    else reading = undefined
  })

  function readSoon(): void {
    cancel ??= later(() => {
      cancel = undefined
      reading = read().then(tellMoves).catch(readSoon)
    }, everyMs)
  }

  async function read(): Promise<void> {
    const query = sql<{ id: ConversationId; departmentId: DepartmentId | null }>`
      select id::text, department_id as "departmentId" from conversation where state = 'waiting' order by waiting_since, id`.compile(db)
    prepared('waiting-line', query.sql)
    const { rows } = await db.executeQuery(query)
    places = new Map()
    lengths = new Map()
    for (const { id, departmentId } of rows) stand(id, departmentId)
  }

  function stand(id: ConversationId, departmentId: DepartmentId | null): number {
    const place = (lengths.get(departmentId) ?? 0) + 1
    lengths.set(departmentId, place)
    places.set(id, place)
    return place
  }

  function tellMoves(): void {
    for (const [id, before] of told) {
      const place = places.get(id)
      if (place === before) continue
      told.delete(id)
      if (place !== undefined) for (const moved of heard) moved(id)
    }
  }

  return {
    async placeOf(id, departmentId) {
      reading ??= read().catch((error: unknown) => {
        reading = undefined
        throw error
      })
      await reading
      let place = places.get(id)
      if (place === undefined) {
        place = stand(id, departmentId)
        // Behind all who are known is a guess: other processes hand over too.
        readSoon()
      }
      told.set(id, place)
      return place
    },
    onMove(moved) {
      heard.add(moved)
      return () => heard.delete(moved)
    },
    close() {
      cancel?.()
      unsubscribe()
    },
  }
}
