/** Lists, one conversation, and everything that is done to it. */

import { Router, raw } from 'express'
import { z } from 'zod'
import { sql } from 'kysely'
import type { ActOutcome, OperatorDeed } from '../core/act.ts'
import { FileRefused, safeName } from '../core/files.ts'
import type { MediaKind, Operator } from '../core/model.ts'
import { countFailures } from '../core/store/write.ts'
import { decide } from '../core/store/deliveries.ts'
import { countsFor } from '../core/store/counts.ts'
import { listConversations, type Filter } from '../core/store/lists.ts'
import { readTimeline } from '../core/store/timeline.ts'
import type { ActResult, ConversationDetail, ConversationSummary, Preview, Timeline, UploadedFile } from '../operator-api.types.ts'
import { notFound, operatorOf, Refused, wanted } from './access.ts'
import type { Api } from './api.ts'
import { presentDetail } from './detail.ts'
import { presentEntry, presentSummary } from './present.ts'
import { answersFrom, given } from './given.ts'
import { search } from './search.ts'
import { file } from './uploaded.ts'
import { visible } from './visible.ts'

const id = z.string().regex(/^\d{1,18}$/)
const language = z.enum(['pt', 'en', 'es', 'fr'])
const priority = z.enum(['low', 'normal', 'high', 'urgent'])
const text = z.string().max(20_000)
const flag = z.union([z.literal('1'), z.literal('true')]).transform(() => true).optional()
const day = z.iso.datetime({ offset: true }).or(z.iso.date()).transform((at) => new Date(at)).optional()

const query = z.object({
  view: z.enum(['mine', 'waiting', 'bot', 'department', 'all', 'closed', 'snoozed', 'problems', 'unanswered', 'mentions', 'due']).default('all'),
  department: z.string().optional(), channel: z.string().optional(), tag: z.string().optional(), language: language.optional(), priority: priority.optional(),
  failed: flag, unread: flag, from: day, to: day, q: z.string().max(500).optional(),
  cursor: z.string().regex(/^(named|\d{4}-(0[1-9]|1[0-2])-([0-2]\d|3[01]) ([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,6})?[+-]\d\d(:\d\d)?)\|\d{1,18}$/, 'expected what a page before gave as next').optional(), limit: z.coerce.number().int().min(1).max(100).default(50),
})

const choice = z.strictObject({ id: z.string().max(64), label: z.string().min(1).max(200) })
const deed = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('reply'), text, threadId: id.optional(), attachments: z.array(file).max(20).optional(), choices: z.array(choice).max(20).optional(),
    subject: z.string().max(300).optional(), template: z.strictObject({ name: z.string().max(200), language: z.string().max(20), parameters: z.array(z.string().max(1_000)).max(20) }).optional(),
  }).refine((reply) => reply.text.trim() !== '' || reply.attachments?.length || reply.template, 'a mensagem está vazia'),
  z.strictObject({ do: z.literal('note'), text: text.min(1), mentions: z.array(z.string().max(80)).max(20).optional() }),
  z.strictObject({ do: z.literal('take') }),
  z.strictObject({ do: z.literal('assign'), operatorId: z.string().max(80) }),
  z.strictObject({ do: z.literal('move'), departmentId: z.string().max(80), note: text.optional() }),
  z.strictObject({ do: z.literal('hand-back') }),
  z.strictObject({ do: z.literal('snooze'), until: z.iso.datetime({ offset: true }).transform((at) => new Date(at)) }),
  z.strictObject({ do: z.literal('close'), outcome: z.string().max(200).optional(), survey: z.boolean().optional() }),
  z.strictObject({ do: z.literal('reopen') }),
  z.strictObject({ do: z.literal('tag'), add: z.array(z.string().min(1).max(60)).max(20).optional(), remove: z.array(z.string().max(60)).max(20).optional() }),
  z.strictObject({ do: z.literal('prioritise'), priority }),
  z.strictObject({ do: z.literal('set-topic'), topic: z.string().max(120) }),
  z.strictObject({ do: z.literal('set-language'), language }),
  z.strictObject({ do: z.literal('register'), attributes: z.record(z.string().regex(/^[\w.-]{1,60}$/), z.string().max(500)) }),
  z.strictObject({ do: z.literal('call') }),
  z.strictObject({ do: z.literal('submit'), form: z.string().max(80), given, consent: z.enum(['written', 'spoken', 'counter']) }),
])
const deeds = z.array(deed).min(1).max(20)
const clientId = z.string().regex(/^[\w.:-]{8,100}$/)
const actRequest = z.strictObject({
  clientId, actions: deeds,
  seen: z.strictObject({ lastSeq: z.number().int().min(0), operatorId: z.string().nullable() }).optional(), force: z.boolean().optional(),
})

export function conversations(api: Api): Router {
  const router = Router()
  const { gateway } = api
  const db = gateway.pool.db

  router.get('/conversations', async (request, response) => {
    const operator = operatorOf(response)
    const { q, cursor, limit, ...filter } = wanted(query, request.query)
    const after = cursor ? { at: cursor.split('|')[0]!, id: cursor.split('|')[1]! } : undefined
    if (q?.trim()) return void response.json(await search(api, operator, q, filter as Filter, cursor, limit))
    if (after?.at === 'named') throw new Refused(400, 'cursor', 'Este cursor é de uma procura.')
    const { rows, next } = await listConversations(db, operator, filter as Filter, after, limit)
    response.json({ rows: rows.map((row) => presentSummary(row, operator, api.presenting)), next: next && `${next.at}|${next.id}` })
  })

  router.get('/counts', async (_request, response) => {
    response.json(countsFor(operatorOf(response), await gateway.tally.read()))
  })

  router.get('/conversations/:id', async (request, response) => {
    const operator = operatorOf(response)
    const summary = await seen(operator, request.params.id)
    response.json(await presentDetail(api, operator, summary) satisfies ConversationDetail)
  })

  router.get('/conversations/:id/timeline', async (request, response) => {
    const operator = operatorOf(response)
    const { before, limit } = wanted(z.object({ before: z.coerce.number().int().min(1).optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }), request.query)
    const summary = await seen(operator, request.params.id)
    const { entries, earlier } = await readTimeline(db, summary.id, before, limit)
    const timeline: Timeline = {
      entries: entries.map((entry) => presentEntry(entry, api.presenting)), earlier: earlier === null ? null : String(earlier),
      lastSeq: summary.lastSeq, version: summary.version,
    }
    response.json(timeline)
  })

  router.post('/conversations/bulk', async (request, response) => {
    const operator = operatorOf(response)
    const { ids, actions, clientId: once } = wanted(z.strictObject({ ids: z.array(id).min(1).max(200), actions: deeds, clientId }), request.body)
    const done: string[] = []
    const refused: Record<string, string> = {}
    for (const one of ids) {
      const outcome = await gateway.act({ conversationId: one, operator, clientId: `${once}:${one}`, deeds: await carriedOut(one, actions) })
      if (outcome.type === 'done') done.push(one)
      else refused[one] = outcome.type
    }
    response.json({ done, refused })
  })

  router.post('/conversations/preview', (request, response) => {
    const body = wanted(z.strictObject({ channelId: z.string(), text, attachments: z.array(file).optional(), choices: z.array(choice).optional() }), request.body)
    response.json(api.preview(body) satisfies Preview)
  })

  router.post('/conversations/:id/act', async (request, response) => {
    const operator = operatorOf(response)
    const { clientId: once, actions, seen: onScreen, force } = wanted(actRequest, request.body)
    await knownTargets(actions as OperatorDeed[])
    const outcome = await gateway.act({
      conversationId: wanted(id, request.params.id), operator, clientId: once, deeds: await carriedOut(request.params.id, actions), undoSeconds: await api.undoSecondsOf(operator),
      ...(onScreen && { seen: onScreen }), ...(force && { force }),
    })
    const receipt = actions.some((action) => action.do === 'submit') ? await lastReceipt(operator, request.params.id) : undefined
    await answer(operator, request.params.id, outcome, (result) => response.json({ ...result, ...(receipt !== undefined && { receipt }) }))
  })

  /** As core takes them: with the files themselves where one was named. */
  const carriedOut = (conversationId: string, actions: z.infer<typeof deeds>): Promise<OperatorDeed[]> => Promise.all(actions.map(async (action) => (
    action.do === 'submit' ? { ...action, given: await answersFrom(db, conversationId, action.given) } : action as OperatorDeed)))

  async function answer(operator: Operator, conversationId: string, outcome: ActOutcome, send: (result: ActResult) => void): Promise<void> {
    if (outcome.type === 'not-found') throw notFound()
    if (outcome.type === 'forbidden') throw new Refused(403, 'forbidden', 'Não pode fazer isto nesta conversa.', { permission: outcome.permission })
    const conversation = await seen(operator, conversationId).catch(() => undefined)
    if (outcome.type === 'invalid') throw new Refused(422, 'form', 'O formulário tem respostas em falta ou que não servem.')
    if (outcome.type === 'crossed') {
      const message = outcome.by === 'owner' ? 'Outro colega ficou com esta conversa.' : 'Outro colega respondeu entretanto.'
      throw new Refused(409, `crossed-${outcome.by}`, message, { conversation, ...(outcome.by === 'reply' && { operatorId: outcome.operatorId }) })
    }
    // Moved out of one's own sight: done, and gone.
    send({ conversation: conversation ?? ({ id: conversationId } as ConversationSummary), messageIds: outcome.messageIds })
  }

  async function lastReceipt(operator: Operator, conversationId: string): Promise<string | undefined> {
    const row = await db.selectFrom('activity').select(sql<string>`data->>'receipt'`.as('receipt')).where('conversation_id', '=', conversationId)
      .where('type', '=', 'submit').where('operator_id', '=', operator.id).orderBy('id', 'desc').limit(1).executeTakeFirst()
    return row?.receipt
  }

  async function knownTargets(wantedDeeds: OperatorDeed[]): Promise<void> {
    for (const one of wantedDeeds) {
      if (one.do === 'move' && !api.config().departments.some(({ id: known }) => known === one.departmentId)) throw new Refused(400, 'invalid', 'Serviço desconhecido.', { field: 'departmentId' })
      if (one.do === 'assign') {
        const row = await db.selectFrom('operator').select('id').where('id', '=', one.operatorId).where('disabled_at', 'is', null).executeTakeFirst()
        if (!row) throw new Refused(400, 'invalid', 'Operador desconhecido.', { field: 'operatorId' })
      }
    }
  }

  router.post('/messages/:id/delivery', async (request, response) => {
    const operator = operatorOf(response)
    const { decision } = wanted(z.strictObject({ decision: z.enum(['resend', 'arrived', 'give-up', 'undo']) }), request.body)
    const messageId = wanted(id, request.params.id)
    const message = await db.selectFrom('message').select('conversation_id').where('id', '=', messageId).executeTakeFirst()
    if (!message) throw notFound()
    await seen(operator, message.conversation_id)
    const decided = await gateway.pool.db.transaction().execute(async (trx) => {
      const changed = await decide(trx, messageId, decision, api.now())
      if (!changed) return undefined
      await countFailures(trx, changed.conversationId)
      await trx.insertInto('activity').values({
        conversation_id: changed.conversationId, author: 'operator', operator_id: operator.id, type: 'delivery-resolved', data: JSON.stringify({ message: messageId, decision }), at: api.now(),
      }).execute()
      return changed
    })
    if (!decided) throw new Refused(409, 'too-late', 'Já não é possível: o estado da mensagem mudou.')
    await gateway.signals.broadcast({ type: 'changed', changes: [decided] })
    gateway.outbox.wake()
    response.json({ conversation: await seen(operator, decided.conversationId), messageIds: [messageId] } satisfies ActResult)
  })

  router.put('/conversations/:id/read', async (request, response) => {
    const operator = operatorOf(response)
    const { seq } = wanted(z.strictObject({ seq: z.number().int().min(0) }), request.body)
    const summary = await seen(operator, request.params.id)
    await sql`insert into read_mark (conversation_id, operator_id, seq) values (${summary.id}, ${operator.id}, ${Math.min(seq, summary.lastSeq)})
      on conflict (operator_id, conversation_id) do update set seq = greatest(read_mark.seq, excluded.seq)`.execute(db)
    response.status(204).end()
    gateway.showRead(summary.id, operator.id)
  })

  router.put('/conversations/:id/draft', async (request, response) => {
    const operator = operatorOf(response)
    const draft = wanted(z.strictObject({ kind: z.enum(['reply', 'note']), text }), request.body)
    const summary = await seen(operator, request.params.id)
    const key = { conversation_id: summary.id, operator_id: operator.id, kind: draft.kind }
    if (draft.text === '') await db.deleteFrom('draft').where('conversation_id', '=', summary.id).where('operator_id', '=', operator.id).where('kind', '=', draft.kind).execute()
    else await db.insertInto('draft').values({ ...key, text: draft.text })
      .onConflict((conflict) => conflict.columns(['conversation_id', 'operator_id', 'kind']).doUpdateSet({ text: draft.text, changed_at: api.now() })).execute()
    response.status(204).end()
  })

  router.put('/conversations/:id/presence', async (request, response) => {
    const operator = operatorOf(response)
    const { writing } = wanted(z.strictObject({ writing: z.union([z.literal(false), z.enum(['reply', 'note'])]) }), request.body)
    const summary = await seen(operator, request.params.id)
    await api.presence.see(summary.id, operator.id, writing)
    response.status(204).end()
    if (writing === 'reply') await gateway.showWriting(summary.id)
  })

  router.delete('/conversations/:id/presence', async (request, response) => {
    await api.presence.leave(wanted(id, request.params.id), operatorOf(response).id)
    response.status(204).end()
  })

  router.post('/attachments', raw({ type: () => true, limit: '100mb' }), async (request, response) => {
    const { name } = wanted(z.object({ name: z.string().max(300).default('') }), request.query)
    try {
      const kept = await api.files.keep(request.body as Buffer, { name, maxBytes: api.config().limits.upload })
      response.json({ ...kept, name: safeName(name), kind: kindOf(kept.mimeType) } satisfies UploadedFile)
    } catch (error) {
      if (error instanceof FileRefused) throw new Refused(413, 'too-large', 'O ficheiro é demasiado grande.')
      throw error
    }
  })

  const seen = (operator: Operator, conversationId: string) => visible(api, operator, conversationId)

  return router
}

function kindOf(mimeType: string): MediaKind {
  const [family] = mimeType.split('/')
  return family === 'image' || family === 'audio' || family === 'video' ? family : 'file'
}
