/** For admins: channels, operators, what went wrong, and what the bot could not answer. */

import { Router } from 'express'
import { sql } from 'kysely'
import { z } from 'zod'
import { inBoth } from '../core/channel.ts'
import { audited } from '../core/store/audit.ts'
import type { Language } from '../core/model.ts'
import type { CheckView, MissGroup, Problem } from '../operator-api.types.ts'
import { notFound, only, operatorOf, Refused, wanted } from './access.ts'
import type { Api } from './api.ts'
import { missJudge } from './bot-views.ts'
import { groupMisses } from './misses.ts'
import { allOperators } from './session.ts'
import { sendTestMessage, sendTestTo, testPartners } from './test-message.ts'

const id = z.string().regex(/^\d{1,18}$/)
const role = z.enum(['operator', 'supervisor', 'admin'])
const departments = z.array(z.string().max(80)).max(200)

export function admin(api: Api): Router {
  const router = Router()
  const { gateway } = api
  const db = gateway.pool.db
  router.use('/admin', only('admin', 'supervisor'))
  const admins = only('admin')

  router.get('/admin/channels', async (_request, response) => void response.json(await api.channelViews()))
  router.post('/admin/channels/:id/test', admins, async (request, response) => {
    const connection = api.channels.all.get(request.params.id as string)?.connection
    if (!connection) throw new Refused(409, 'not-open', 'Este canal não está ligado neste momento.')
    const checks = await connection.check?.() ?? [{ name: { pt: 'ligação', en: 'connection' }, ok: true, detail: { pt: 'ligado', en: 'connected' } }]
    response.json({ checks: checks.map(({ name, ok, detail, fix }): CheckView => ({ name: inBoth(name), ok, detail: inBoth(detail), ...(fix !== undefined && { fix: inBoth(fix) }) })) })
  })
  router.post('/admin/channels/:id/test-message', admins, async (request, response) => {
    const given = wanted(z.union([z.strictObject({ to: z.string().min(1).max(200) }), z.strictObject({ threadId: id })]), request.body)
    const channelId = request.params.id as string
    await audit(operatorOf(response).id, 'channel.test-message', channelId)
    response.json(await ('to' in given ? sendTestMessage(api.channels.all.get(channelId), given.to) : sendTestTo(api, channelId, given.threadId)))
  })
  router.get('/admin/channels/:id/test-partners', admins, async (request, response) => void response.json(await testPartners(api, request.params.id as string)))

  router.get('/admin/problems', async (_request, response) => {
    const operator = operatorOf(response)
    const [corrupt, deliveries, unattended] = await Promise.all([
      operator.role === 'admin' ? db.selectFrom('inbound').select(['id', 'channel_id', 'received_at', 'problem']).where('outcome', '=', 'corrupt').orderBy('id', 'desc').limit(100).execute() : [],
      sql<{ id: string; conversationId: string; reference: string; state: string; reason: string | null; at: Date }>`
        select d.message_id::text as id, d.conversation_id::text as "conversationId", c.reference, d.state, d.reason, d.queued_at as at
        from delivery d join conversation c on c.id = d.conversation_id where d.state in ('failed', 'unknown')
          and ${operator.role === 'admin' ? sql`true` : sql`c.department_id = any(${operator.departments}::text[])`}
        order by d.queued_at desc limit 100`.execute(db),
      sql<{ id: string; reference: string; departmentId: string; since: Date }>`
        select c.id::text, c.reference, c.department_id as "departmentId", c.waiting_since as since from conversation c
        where c.state = 'waiting' and c.waiting_since < ${new Date(api.now().getTime() - shortestPatience())}
          and ${operator.role === 'admin' ? sql`true` : sql`c.department_id = any(${operator.departments}::text[])`}
        order by c.waiting_since limit 100`.execute(db),
    ])
    const all = await api.channelViews()
    const channels = all.filter(({ state }) => state.status === 'needs-attention' || state.status === 'degraded')
    const gaps = all.flatMap(({ id, name, state: { gap } }) => (gap ? [{ id, name, gap }] : []))
    const problems: Problem[] = [
      ...api.configProblems().map((detail, n): Problem => ({ id: `config-${n}`, kind: 'config', at: api.now().toISOString(), title: '', detail })),
      ...channels.map((channel): Problem => ({ id: `channel-${channel.id}`, kind: 'channel', at: channel.state.lastErrorAt ?? api.now().toISOString(), title: channel.name, detail: channel.state.lastError ?? '', ...(channel.state.reason && { reason: channel.state.reason }) })),
      ...gaps.map(({ id, name, gap }): Problem => ({ id: `gap-${id}`, kind: 'channel', at: gap.until, title: name, detail: '', gap })),
      ...corrupt.map((row): Problem => ({ id: row.id, kind: 'corrupt', at: row.received_at.toISOString(), title: row.channel_id, detail: row.problem ?? '', replayable: true })),
      ...deliveries.rows.map((row): Problem => ({ id: row.id, kind: 'delivery', at: row.at.toISOString(), title: row.reference, detail: row.reason ?? row.state, conversationId: row.conversationId })),
      ...unattended.rows.map((row): Problem => ({ id: row.id, kind: 'unattended', at: row.since.toISOString(), title: row.reference, detail: row.departmentId, conversationId: row.id })),
    ]
    response.json(problems)
  })
  const shortestPatience = () => Math.min(...api.config().departments.map(({ unattendedAfter }) => unattendedAfter))

  router.post('/admin/inbound/:id/replay', admins, async (request, response) => {
    const row = await db.selectFrom('inbound').selectAll().where('id', '=', wanted(id, request.params.id)).where('outcome', '=', 'corrupt').executeTakeFirst()
    const channel = row && api.channels.all.get(row.channel_id)
    if (!row || !channel) throw notFound()
    let payload: unknown
    try {
      payload = JSON.parse(row.payload)
    } catch {
      throw new Refused(409, 'unreadable', 'Isto não é uma mensagem que se possa ler: fica guardada como está.')
    }
    // Once more the same way: what is still wrong is kept as a new corrupt payload.
    await gateway.receiver.receive(channel, payload)
    await db.updateTable('inbound').set({ outcome: 'replayed' }).where('id', '=', row.id).execute()
    response.status(204).end()
  })

  router.get('/admin/operators', async (_request, response) => void response.json(await allOperators(api)))
  router.post('/admin/operators', admins, async (request, response) => {
    const given = wanted(z.strictObject({ name: z.string().min(1).max(120), email: z.email().max(200), role, departments }), request.body)
    if (await db.selectFrom('operator').select('id').where('email', '=', given.email.toLowerCase()).executeTakeFirst()) throw new Refused(409, 'taken', 'Já existe um operador com este e-mail.', { field: 'email' })
    const { operator, url } = await api.auth.invite(given)
    await audit(operatorOf(response).id, 'operator.added', operator.id)
    response.json({ operator: (await allOperators(api)).find(({ id: one }) => one === operator.id), setPasswordUrl: url })
  })
  router.put('/admin/operators/:id', admins, async (request, response) => {
    const change = wanted(z.strictObject({ name: z.string().min(1).max(120).optional(), role: role.optional(), departments: departments.optional(), capacity: z.number().int().min(1).max(500).optional(), disabled: z.boolean().optional() }), request.body)
    const me = operatorOf(response)
    const target = request.params.id as string
    if (target === me.id && (change.disabled || (change.role && change.role !== 'admin'))) throw new Refused(409, 'last-admin', 'Não pode retirar-se a si próprio o acesso.')
    const { disabled, ...rest } = change
    const row = await db.updateTable('operator').set({
      ...(rest.name && { name: rest.name }), ...(rest.role && { role: rest.role }), ...(rest.departments && { departments: rest.departments }), ...(rest.capacity && { capacity: rest.capacity }),
      ...(disabled !== undefined && { disabled_at: disabled ? api.now() : null }),
    }).where('id', '=', target).returning('id').executeTakeFirst()
    if (!row) throw notFound()
    if (disabled) await api.auth.signOutEverywhere(target)
    // Rights are read when a stream begins: it begins again.
    if (disabled || rest.role || rest.departments) await gateway.signals.broadcast({ type: 'told', topic: 'drop', data: target })
    await audit(me.id, 'operator.changed', target)
    response.json((await allOperators(api)).find(({ id: one }) => one === target))
  })
  router.post('/admin/operators/:id/reset', admins, async (request, response) => {
    const row = await db.selectFrom('operator').select('email').where('id', '=', request.params.id as string).executeTakeFirst()
    if (!row) throw notFound()
    const { url } = await api.auth.invite({ email: row.email })
    await audit(operatorOf(response).id, 'operator.reset', request.params.id as string)
    response.json({ setPasswordUrl: url })
  })

  router.get('/admin/misses', async (_request, response) => {
    const operator = operatorOf(response)
    const { rows } = await sql<{ text: string; at: Date; conversationId: string; language: Language }>`
      select left(m.content->>'text', 500) as text, a.at, a.conversation_id::text as "conversationId", c.language
      from activity a join message m on m.conversation_id = a.conversation_id and m.seq = (a.data->>'seq')::int
      join conversation c on c.id = a.conversation_id
      where a.type = 'miss' and a.at > ${new Date(api.now().getTime() - 90 * 86_400_000)} and m.direction = 'in'
        and ${operator.role === 'admin' ? sql`true` : sql`(c.department_id is null or c.department_id = any(${operator.departments}::text[]))`}
      order by a.at desc limit 1000`.execute(db)
    response.json(groupMisses(rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() })), await missJudge(api.bot().rulebook)) satisfies MissGroup[])
  })

  const audit = (operatorId: string, action: string, subject: string) => audited(db, { operatorId, action, subject, at: api.now() })

  return router
}
