/** Numbers: reports, what stands behind each figure, and the files. */

import { Router } from 'express'
import { z } from 'zod'
import { backlogOf } from '../numbers/backlog.ts'
import { definitions } from '../numbers/definitions.ts'
import { openDataHead, openDataOf } from '../numbers/open-data.ts'
import { tableOf, toCsv, toXlsx } from '../numbers/export.ts'
import { keepReports } from '../numbers/kept-reports.ts'
import { conversationsBehind, figures, type Grouping } from '../numbers/report.ts'
import { monthOf } from '../numbers/month.ts'
import { toMonthlyPage } from '../numbers/monthly-page.ts'
import { summaries } from '../core/store/lists.ts'
import { operatorOf, wanted } from './access.ts'
import type { Api } from './api.ts'
import { presentSummary } from './present.ts'

const grouping = z.enum(['all', 'channel', 'department', 'operator', 'topic', 'hour', 'day', 'language'])
const at = z.iso.datetime({ offset: true }).or(z.iso.date()).transform((text) => new Date(text))
const narrowing = { channel: z.string().optional(), department: z.string().optional(), operator: z.string().optional(), topic: z.string().optional() }
const asked = z.object({ from: at, to: at, beforeFrom: at.optional(), beforeTo: at.optional(), by: grouping.default('all'), language: z.enum(['pt', 'en']).default('pt'), ...narrowing })

export function numbers(api: Api): Router {
  const router = Router()
  const db = api.gateway.pool.db
  const timezone = () => api.config().municipality.timezone
  const reports = keepReports(db, api.now)

  router.get('/numbers', async (request, response) => {
    const operator = operatorOf(response)
    const { from, to, beforeFrom, beforeTo, by, language, ...narrow } = wanted(asked, request.query)
    const before = { from: beforeFrom ?? new Date(2 * from.getTime() - to.getTime()), to: beforeTo ?? from, timezone: timezone() }
    const [lines, whole, earlier, open] = await Promise.all([
      reports.of(operator, { from, to, timezone: timezone() }, by, narrow),
      by === 'all' ? undefined : reports.of(operator, { from, to, timezone: timezone() }, 'all', narrow),
      reports.of(operator, before, 'all', narrow),
      api.gateway.tally.read(),
    ])
    const labels = await labelsOf(by, language)
    response.json({
      definitions, lines: lines.map((line) => ({ ...line, label: labels(line.key) })), whole: (whole ?? lines)[0] ?? null, before: earlier[0] ?? null,
      backlog: backlogOf(operator, open).map(({ oldestWaiting, ...row }) => ({ ...row, oldestWaiting: oldestWaiting?.toISOString() ?? null })),
    })
  })

  router.get('/numbers/behind', async (request, response) => {
    const operator = operatorOf(response)
    const { from, to, beforeFrom: _from, beforeTo: _to, by, key, figure, language: _, ...narrow } = wanted(asked.extend({ figure: z.enum(figures as [string, ...string[]]), key: z.string().max(200).optional() }), request.query)
    const ids = await conversationsBehind(db, operator, { from, to, timezone: timezone() }, figure, key === undefined ? undefined : { by, key }, narrow, 200)
    const rows = new Map((await summaries(db, operator, ids)).map((row) => [row.id, presentSummary(row, operator, api.presenting)]))
    response.json({ rows: ids.flatMap((id) => rows.get(id) ?? []) })
  })

  router.get('/numbers/export.:format', async (request, response) => {
    const operator = operatorOf(response)
    const { from, to, beforeFrom: _from, beforeTo: _to, by, language, ...narrow } = wanted(asked, request.query)
    const { head, rows } = tableOf(await reports.of(operator, { from, to, timezone: timezone() }, by, narrow), await labelsOf(by, language), language)
    const name = `balcao-${from.toISOString().slice(0, 10)}-${to.toISOString().slice(0, 10)}-${by}`
    if (request.params.format === 'xlsx') {
      response.type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet').attachment(`${name}.xlsx`).send(await toXlsx(head, rows))
    } else response.type('text/csv; charset=utf-8').attachment(`${name}.csv`).send(toCsv(head, rows))
  })

  /** Open data: counts by day and channel; nothing of anybody, and no group so small that it could be somebody. */
  router.get('/numbers/open-data.csv', async (request, response) => {
    const operator = operatorOf(response)
    const { from, to } = wanted(asked, request.query)
    const lines = await reports.of(operator, { from, to, timezone: timezone() }, 'day')
    const rows = openDataOf(lines)
    response.type('text/csv; charset=utf-8').attachment('atendimento-dados-abertos.csv').send(toCsv(openDataHead, rows))
  })

  router.get('/numbers/monthly', async (request, response) => {
    const operator = operatorOf(response)
    const { month } = wanted(z.object({ month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/) }), request.query)
    const { now, before: last, isRunning, middle } = monthOf(month, timezone(), api.now())
    const [whole, before, channels, departments] = await Promise.all([
      reports.of(operator, now, 'all'), reports.of(operator, last, 'all'), reports.of(operator, now, 'channel'), reports.of(operator, now, 'department'),
    ])
    const departmentName = await labelsOf('department', 'pt')
    const title = new Intl.DateTimeFormat('pt-PT', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(middle)
    response.type('html').set('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'").send(toMonthlyPage({
      municipality: api.config().municipality.name, month: title, isRunning, printedAt: new Intl.DateTimeFormat('pt-PT', { dateStyle: 'long', timeZone: timezone() }).format(api.now()), whole: whole[0], before: before[0],
      groups: [
        { title: 'Por canal', what: 'Canal', lines: channels, labelOf: await labelsOf('channel', 'pt') },
        { title: 'Por serviço', what: 'Serviço', lines: departments, labelOf: (key) => (key === '' ? 'Sem serviço' : departmentName(key)) },
      ],
    }))
  })

  async function labelsOf(by: Grouping, language: 'pt' | 'en'): Promise<(key: string) => string> {
    const config = api.config()
    const named = new Map<string, string>()
    if (by === 'channel') for (const { id, label } of config.channels) named.set(id, label[language])
    if (by === 'department') for (const { id, name } of config.departments) named.set(id, name[language])
    if (by === 'topic') for (const [id, name] of Object.entries(api.bot().topics)) named.set(id, name[language])
    if (by === 'operator') for (const row of await db.selectFrom('operator').select(['id', 'name']).execute()) named.set(row.id, row.name)
    const languages = by === 'language' ? new Intl.DisplayNames(language === 'pt' ? 'pt-PT' : 'en', { type: 'language' }) : undefined
    return (key) => (key === '' ? '—' : key === 'all' ? 'Total' : named.get(key) ?? languages?.of(key) ?? key)
  }
  return router
}
