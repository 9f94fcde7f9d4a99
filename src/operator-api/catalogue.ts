/** Quick answers and saved views: what operators keep at hand. */

import { Router } from 'express'
import { z } from 'zod'
import type { QuickAnswer, SavedView } from '../operator-api.types.ts'
import { notFound, operatorOf, Refused, wanted } from './access.ts'
import type { Api } from './api.ts'
import { file } from './uploaded.ts'

const id = z.string().regex(/^\d{1,18}$/)
const quickAnswer = z.strictObject({
  shortcut: z.string().regex(/^[\p{L}\d-]{1,40}$/u, 'um atalho tem só letras, algarismos e hífenes'), departmentId: z.string().max(80).nullable(),
  language: z.enum(['pt', 'en', 'es', 'fr']).default('pt'), title: z.string().min(1).max(120), text: z.string().min(1).max(10_000),
  attachments: z.array(file).max(10).default([]),
})
const savedView = z.strictObject({ name: z.string().min(1).max(80), shared: z.boolean(), filter: z.record(z.string(), z.unknown()) })

export function catalogue(api: Api): Router {
  const router = Router()
  const db = api.gateway.pool.db

  router.get('/quick-answers', async (_request, response) => {
    const operator = operatorOf(response)
    const rows = await db.selectFrom('quick_answer').selectAll()
      .where((eb) => operator.role === 'admin' ? eb.val(true) : eb.or([eb('department_id', 'is', null), eb('department_id', 'in', [...operator.departments, ''])]))
      .orderBy('shortcut').execute()
    response.json(rows.map(presentQuick))
  })
  router.post('/quick-answers', async (request, response) => {
    const row = await db.insertInto('quick_answer').values(rowOf(allowed(response, wanted(quickAnswer, request.body)))).returningAll().executeTakeFirstOrThrow().catch(taken)
    response.json(presentQuick(row))
  })
  router.put('/quick-answers/:id', async (request, response) => {
    await editable(response, request.params.id)
    const row = await db.updateTable('quick_answer').set({ ...rowOf(allowed(response, wanted(quickAnswer, request.body))), changed_at: api.now() })
      .where('id', '=', wanted(id, request.params.id)).returningAll().executeTakeFirst().catch(taken)
    if (!row) throw notFound()
    response.json(presentQuick(row))
  })
  router.delete('/quick-answers/:id', async (request, response) => {
    await editable(response, request.params.id)
    await db.deleteFrom('quick_answer').where('id', '=', wanted(id, request.params.id)).execute()
    response.status(204).end()
  })

  router.get('/saved-views', async (_request, response) => {
    const operator = operatorOf(response)
    const rows = await db.selectFrom('saved_view').selectAll().where((eb) => eb.or([eb('operator_id', '=', operator.id), eb('shared', '=', true)])).orderBy('name').execute()
    response.json(rows.map((row): SavedView => ({ id: row.id, name: row.name, shared: row.shared, mine: row.operator_id === operator.id, filter: row.filter as unknown as SavedView['filter'] })))
  })
  router.post('/saved-views', async (request, response) => {
    const operator = operatorOf(response)
    const view = wanted(savedView, request.body)
    if (view.shared && operator.role === 'operator') throw new Refused(403, 'role', 'Só quem supervisiona ou administra partilha vistas.')
    const row = await db.insertInto('saved_view').values({ operator_id: operator.id, name: view.name, shared: view.shared, filter: JSON.stringify(view.filter) }).returningAll().executeTakeFirstOrThrow()
    response.json({ id: row.id, name: row.name, shared: row.shared, mine: true, filter: row.filter as unknown as SavedView['filter'] } satisfies SavedView)
  })
  router.delete('/saved-views/:id', async (request, response) => {
    const operator = operatorOf(response)
    const gone = await db.deleteFrom('saved_view').where('id', '=', wanted(id, request.params.id))
      .where((eb) => operator.role === 'admin' ? eb.val(true) : eb('operator_id', '=', operator.id)).executeTakeFirst()
    if (Number(gone.numDeletedRows) === 0) throw notFound()
    response.status(204).end()
  })

  type Given = z.infer<typeof quickAnswer>
  const rowOf = ({ departmentId, attachments, ...rest }: Given) => ({ ...rest, department_id: departmentId, attachments: JSON.stringify(attachments) })

  /** A department's own answers are its people's affair; those for all are an admin's or a supervisor's. */
  function mayKeep(response: Parameters<typeof operatorOf>[0], departmentId: string | null): void {
    const { role, departments } = operatorOf(response)
    const may = role === 'admin' || (departmentId === null ? role === 'supervisor' : departments.includes(departmentId))
    if (!may) throw new Refused(403, 'role', 'Só pode mudar respostas do seu serviço.')
  }
  function allowed(response: Parameters<typeof operatorOf>[0], given: Given): Given {
    mayKeep(response, given.departmentId)
    return given
  }
  async function editable(response: Parameters<typeof operatorOf>[0], given: string): Promise<void> {
    const row = await db.selectFrom('quick_answer').select('department_id').where('id', '=', wanted(id, given)).executeTakeFirst()
    if (!row) throw notFound()
    mayKeep(response, row.department_id)
  }
  return router
}

function taken(error: unknown): never {
  if ((error as { code?: string }).code === '23505') throw new Refused(409, 'taken', 'Já existe uma resposta com este atalho.', { field: 'shortcut' })
  throw error
}

function presentQuick(row: { id: string; shortcut: string; department_id: string | null; language: string; title: string; text: string; attachments: unknown[] }): QuickAnswer {
  const { department_id: departmentId, language, attachments, id: one, shortcut, title, text } = row
  return { id: one, shortcut, departmentId, language: language as QuickAnswer['language'], title, text, attachments: attachments as QuickAnswer['attachments'] }
}
