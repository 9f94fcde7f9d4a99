/** Video calls from the operator's side: take, refuse, join, hand over, end. */

import { Router } from 'express'
import { z } from 'zod'
import type { Desk } from '../call/desk.ts'
import { passFor } from '../call/room.ts'
import { viewCalls } from '../call/view.ts'
import { accept, decline, end, type HeldCall, isOpen, join, leave } from '../core/call.ts'
import type { Operator } from '../core/model.ts'
import { maySee } from '../core/policy.ts'
import { ring, seePerson } from '../core/store/calls.ts'
import type { CallPass, CallView } from '../operator-api.types.ts'
import { notFound, operatorOf, Refused, wanted } from './access.ts'
import type { Api } from './api.ts'

const id = z.string().regex(/^\d{1,18}$/)
const empty = z.strictObject({}).default({})

export function calls(api: Api, desk: Desk): Router {
  const router = Router()
  const { db } = api.gateway.pool

  router.get('/calls', async (_request, response) => {
    const operator = operatorOf(response)
    const views = await viewCalls(db, { open: true }, api.now())
    const conversations = views.length === 0 ? [] : await db.selectFrom('conversation').select(['id', 'department_id', 'operator_id'])
      .where('id', 'in', views.map(({ conversationId }) => conversationId)).execute()
    const seen = new Set(conversations.filter((each) => maySee(operator, { departmentId: each.department_id, operatorId: each.operator_id })).map((each) => each.id))
    // Who is asked to come as well sees the call, though not yet the conversation.
    response.json(views.filter((view) => seen.has(view.conversationId) || isRung(view, operator)))
  })

  /** One change by an operator who may see it. */
  async function by<T>(operator: Operator, given: unknown, what: (all: HeldCall) => Promise<T>): Promise<{ done: T; call: CallView }> {
    const callId = wanted(id, given)
    const done = await desk.change(callId, async (all) => {
      const isMine = all.rings.some((each) => each.operatorId === operator.id && (each.outcome === null || each.outcome === 'accepted')) || all.people.some((each) => each.role === 'operator' && each.key === operator.id)
      return maySee(operator, all.held) || isMine ? { done: await what(all) } : undefined
    })
    const [call] = done ? await viewCalls(db, { id: callId }, api.now()) : []
    if (!done || !call) throw notFound()
    return { done: done.done, call }
  }

  router.post('/calls/:id/accept', async (request, response) => {
    const operator = operatorOf(response)
    const { done, call } = await by(operator, request.params.id, (all) => accept(all, operator.id))
    if (done === 'taken') throw new Refused(409, 'call-taken', 'Outro colega já atendeu.')
    if (done === 'gone') throw over()
    response.json(call)
  })

  router.post('/calls/:id/decline', async (request, response) => {
    const operator = operatorOf(response)
    const { text } = wanted(z.strictObject({ text: z.string().max(2_000).optional() }).default({}), request.body)
    const { done, call } = await by(operator, request.params.id, (all) => decline(all, operator.id, text))
    if (!done) throw over()
    response.json(call)
  })

  router.post('/calls/:id/join', async (request, response) => {
    const operator = operatorOf(response)
    const { video } = api.config()
    if (!video) throw off()
    const { done: room } = await by(operator, request.params.id, async (all) => {
      const state = await accept(all, operator.id)
      // A supervisor or a colleague of the department may come in as well: it is seen and recorded.
      return state === 'gone' ? undefined : all.call.room
    })
    if (room === undefined) throw over()
    response.json(await passFor(video, room, { id: operator.id, name: operator.name, role: 'operator' }, api.now()) satisfies CallPass)
  })

  router.post('/calls/:id/here', async (request, response) => {
    const operator = operatorOf(response)
    const { what } = wanted(z.strictObject({ what: z.enum(['joined', 'here', 'left']) }), request.body)
    const me = { role: 'operator', key: operator.id } as const
    if (what === 'here') {
      await seePerson(db, wanted(id, request.params.id), me, api.now())
      return void response.status(204).end()
    }
    const { done, call } = await by(operator, request.params.id, (all) => (what === 'joined' ? join(all, { ...me, name: operator.name }) : leave(all, me)))
    if (what === 'joined' && !done) throw over()
    response.json(call)
  })

  router.post('/calls/:id/end', async (request, response) => {
    const operator = operatorOf(response)
    const given = wanted(z.strictObject({ outcome: z.string().max(200).optional(), note: z.string().trim().min(1).max(4_000).optional() }).default({}), request.body)
    const { call } = await by(operator, request.params.id, (all) => end(all, { by: 'operator', id: operator.id }, given))
    response.json(call)
  })

  router.post('/calls/:id/link', async (request, response) => {
    const operator = operatorOf(response)
    wanted(empty, request.body)
    const { done, call } = await by(operator, request.params.id, async (all) => isOpen(all.call) && (await desk.sayLink(all, operator.id), true))
    if (!done) throw over()
    response.json(call)
  })

  router.post('/calls/:id/guest', async (request, response) => {
    const operator = operatorOf(response)
    const { name } = wanted(z.strictObject({ name: z.string().trim().min(1).max(80) }), request.body)
    const { done: url } = await by(operator, request.params.id, async (all) => (isOpen(all.call) ? desk.guestLink(all, name) : undefined))
    if (url === undefined) throw over()
    response.json({ url })
  })

  router.post('/calls/:id/hand-over', async (request, response) => {
    const operator = operatorOf(response)
    const { operatorId, departmentId } = wanted(z.union([
      z.strictObject({ operatorId: z.string().max(80), departmentId: z.undefined().optional() }), z.strictObject({ departmentId: z.string().max(80), operatorId: z.undefined().optional() }),
    ]), request.body)
    const { done, call } = await by(operator, request.params.id, async (all) => {
      if (all.call.state !== 'accepted' && all.call.state !== 'active') return undefined
      const wantedOnes = operatorId !== undefined ? [operatorId] : await onlineIn(departmentId)
      const known = await db.selectFrom('operator').select('id').where('id', 'in', wantedOnes.length > 0 ? wantedOnes : ['']).where('disabled_at', 'is', null).where('id', '<>', operator.id).execute()
      for (const colleague of known) await ring(all.trx, all.call.id, colleague.id, 'also', all.world.now)
      return known.length
    })
    if (done === undefined) throw over()
    if (done === 0) throw new Refused(409, 'nobody', 'Não está ninguém disponível.')
    response.json(call)
  })

  async function onlineIn(departmentId: string): Promise<string[]> {
    const online = new Set(api.live.connected())
    const rows = await db.selectFrom('operator').select(['id', 'departments', 'presence']).where('disabled_at', 'is', null).execute()
    return rows.filter((row) => row.departments.includes(departmentId) && row.presence === 'online' && online.has(row.id)).map((row) => row.id)
  }

  return router
}

const over = () => new Refused(409, 'call-over', 'A videochamada já não está em curso.')
const off = () => new Refused(409, 'no-video', 'As videochamadas não estão configuradas.')
const isRung = (view: CallView, { id: me }: Operator) => [...view.rings ?? [], ...view.people ?? []].some((each) => each.operatorId === me)

/** Of one conversation, oldest first. */
export async function callsOf(api: Api, conversationId: string): Promise<CallView[]> {
  return (await viewCalls(api.gateway.pool.db, { conversation: conversationId }, api.now())).map(({ conversationId: _, ...view }) => view)
}
