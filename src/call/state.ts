/** What one link's page may know right now. */

import { isHere, isOpen } from '../core/call.ts'
import { ratingMs, ratingOf } from '../core/call-rating.ts'
import type { Config } from '../config.ts'
import { positionOf, readPeople } from '../core/store/calls.ts'
import type { Db } from '../core/store/schema.ts'
import { entriesOf } from './chat.ts'
import type { Visit } from './links.ts'
import type { Gone, Open, Over, PageState } from './protocol.ts'

export interface Knowing { db: Db; config: () => Config; now: () => Date; urlOfAttachment: (id: string, name: string | null) => string }

export function goneState(config: Config, language: 'pt' | 'en' = 'pt'): Gone {
  const { name, contact } = config.municipality
  return { state: 'gone', town: name, language, contact: { phone: contact.phone ?? null, email: contact.email ?? null } }
}

export async function stateOf(visit: Visit | undefined, { db, config: read, now, urlOfAttachment }: Knowing): Promise<PageState> {
  const config = read()
  const { video, municipality } = config
  if (!visit || !video) return goneState(config)
  const { call, link, isHolder, isFree } = visit
  const person = await db.selectFrom('conversation').select(['language', 'state']).where('id', '=', call.conversationId).executeTakeFirst()
  const language = person?.language === 'en' || person?.language === 'fr' ? 'en' : 'pt'
  const common = { town: municipality.name, language, contact: goneState(config).contact } as const
  if (!isOpen(call)) {
    const isFresh = call.endedAt !== null && now().getTime() - call.endedAt.getTime() < ratingMs
    if (!isFresh || !isHolder) return { ...goneState(config, language) }
    const over: Over = {
      ...common, state: 'over', why: call.state === 'ended' || call.outcome === null ? 'ended' : call.outcome as Over['why'],
      minutes: call.startedAt && call.endedAt ? Math.max(1, Math.round((call.endedAt.getTime() - call.startedAt.getTime()) / 60_000)) : null,
      rating: call.startedAt && link.role === 'citizen' ? await ratingOf(db as never, call.conversationId) : 'done',
    }
    return over
  }
  if (!isHolder && !isFree) return { ...common, state: 'elsewhere' }
  const people = await readPeople(db, [call.id])
  const operator = call.operatorId === null ? undefined
    : await db.selectFrom('operator').select('name').where('id', '=', call.operatorId).executeTakeFirst()
  const isTaken = call.state === 'accepted' || call.state === 'active'
  const state = !isHolder ? 'welcome' : isTaken ? (call.state === 'active' ? 'active' : 'ready') : call.waitingSince || link.role === 'guest' ? 'waiting' : 'welcome'
  const department = config.departments.find(({ id }) => id === call.departmentId)?.name
  const open: Open = {
    ...common, state, role: link.role, name: link.name, jitsi: video.baseUrl, mayBeRecorded: video.recording,
    department: department?.[language] ?? municipality.name,
    operator: operator?.name.split(' ')[0] ?? null,
    isOperatorHere: people.some((each) => each.role === 'operator' && isHere(each, now())),
    position: state === 'waiting' && call.waitingSince ? await positionOf(db, call) : null,
    startedAt: call.startedAt?.toISOString() ?? null,
    privacy: { noticeUrl: municipality.privacy.noticeUrl ?? null, dpo: municipality.privacy.dpo ?? null },
    entries: isHolder && link.role === 'citizen' ? await entriesOf(db, call, now(), config.server.publicUrl, urlOfAttachment) : [],
  }
  return open
}
