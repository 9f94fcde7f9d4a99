/** The bot tried out as a channel would show it, and taught from what it could not answer. Only admins write. */

import { createHash } from 'node:crypto'
import path from 'node:path'
import { Router } from 'express'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Change } from '../bot/edit/change.ts'
import type { Review } from '../bot/edit/review.ts'
import type { ReloadFiles } from '../bot/reload.ts'
import type { Rulebook } from '../bot/rulebook.ts'
import { usualCapabilities } from '../channels/index.ts'
import { audited } from '../core/store/audit.ts'
import type { BotCatalogue, RulebookReview, Trial } from '../operator-api.types.ts'
import { rulebookFiles } from '../responder.ts'
import { departmentsAt } from '../town-hall.ts'
import { only, operatorOf, Refused, wanted } from './access.ts'
import type { Api } from './api.ts'
import { catalogueOf, outcomeOf, tryOn } from './bot-views.ts'

/** Where citizens write. */
const everyKind = ['webchat', 'whatsapp', 'telegram', 'sms', 'email', 'teams']
const language = z.enum(['pt', 'en', 'es', 'fr'])
const spoken = z.partialRecord(language, z.string().trim().min(1).max(3_000))
const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,47}$/)
/** One line: what is invisible in it would be found by nobody. */
const phrase = z.string().transform((text) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u200b\u202a-\u202e\u2066-\u2069\ufeff]+/gu, ' ').replace(/\s+/g, ' ').trim())
  .pipe(z.string().min(2, 'Escreva a pergunta.').max(300, 'Deixe só a pergunta, em 300 letras ou menos.'))
const change = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('example'), ref: z.string().regex(/^(answer|form)\.[a-z0-9][a-z0-9-]{0,47}$/), language, phrase }),
  z.strictObject({
    do: z.literal('answer'), file: z.string().regex(/^[^/\\]{1,100}\.ya?ml$/), language, phrase, topic: name.optional(), department: name.optional(),
    question: spoken, say: spoken, keywords: z.array(phrase).max(20).optional(),
  }),
])
const trial = z.strictObject({
  kind: z.string().max(40), channelId: z.string().max(80).optional(), at: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/), language, change: change.optional(),
  turns: z.array(z.strictObject({
    input: z.union([z.strictObject({ text: z.string().max(10_000) }), z.strictObject({ press: z.string().max(120), label: z.string().max(200) }), z.strictObject({ result: z.boolean() }), z.strictObject({ start: z.literal(true) })]),
    after: z.number().min(0).max(86_400),
  })).max(100),
})

export function bot(api: Api): Router {
  const router = Router()
  const supervisors = only('admin', 'supervisor')
  const admins = only('admin')
  /** One is enough: who looks at a change tries it out and writes it. */
  let kept: { key: string; review: Review } | undefined

  router.get('/admin/bot', supervisors, async (_request, response) => {
    const open = [...api.channels.all.values()]
    const labels = new Map((await api.channelViews()).map(({ id, name: label }) => [id, label]))
    const book = bookOf()
    const { files } = await rulebookFiles(api.config())
    response.json({
      ...await catalogueOf(book),
      channels: [
        ...open.map(({ id, kind }) => ({ id, kind: kind.name, name: labels.get(id) ?? id })),
        ...everyKind.filter((kind) => !open.some((channel) => channel.kind.name === kind)).map((kind) => ({ id: null, kind, name: kind })),
      ],
      files: files.rulebook.filter(({ text }) => /^answers:/m.test(text)).map((source) => path.basename(source.name)),
    } satisfies BotCatalogue)
  })

  router.post('/admin/bot/trial', supervisors, async (request, response) => {
    const asked = wanted(trial, request.body)
    const channel = asked.channelId === undefined ? undefined : api.channels.all.get(asked.channelId)
    const can = channel?.capabilities ?? await usualCapabilities(asked.kind)
    if (!can) throw new Refused(400, 'invalid', 'Não há este tipo de canal.', { field: 'kind' })
    if (Number.isNaN(Date.parse(`${asked.at}Z`))) throw new Refused(400, 'invalid', 'Esta data não existe.', { field: 'at' })
    const book = asked.change ? (await reviewed(asked.change)).book : bookOf()
    if (!book) throw new Refused(409, 'problems', 'Esta mudança tem problemas: corrija-os antes de a experimentar.')
    const { kind, id } = channel ? { kind: channel.kind.name, id: channel.id } : { kind: asked.kind, id: asked.kind }
    const notice = kind === 'webchat' ? null : api.town().notice?.(id, asked.language)?.content ?? null
    const departments = (at: Date) => departmentsAt(api.config(), api.calendar(), at)
    response.json(await tryOn(book, { ...asked, kind }, { departments, can, notice }) satisfies Trial)
  })

  router.post('/admin/bot/review', admins, async (request, response) => {
    const { file, problems, failures, now, then } = await reviewed(wanted(z.strictObject({ change }), request.body).change)
    const { diffOf } = await import('../bot/edit/diff.ts')
    response.json({
      file: path.basename(file.name), seen: hashOf(file.before), diff: diffOf(file.before, file.after), failures,
      problems: problems.map(({ file: where, line, column, message, severity }) => ({ file: path.basename(where), line, column, message, severity })),
      now: outcomeOf(now), then: then ? outcomeOf(then) : null,
    } satisfies RulebookReview)
  })

  router.post('/admin/bot/changes', admins, async (request, response) => {
    const asked = wanted(z.strictObject({ change, seen: z.string().max(100) }), request.body)
    const { file, book, failures } = await reviewed(asked.change)
    if (hashOf(file.before) !== asked.seen) throw changedMeanwhile(file.name)
    if (!book || failures.length > 0) throw new Refused(409, 'problems', 'Nada foi escrito: com esta mudança o livro de regras não passaria nas verificações.')
    await api.gateway.pool.db.transaction().execute(async (trx) => {
      // One writer at a time, whichever process asks; and none over what an editor has saved meanwhile.
      await sql`select pg_advisory_xact_lock(hashtextextended('rulebook', 7))`.execute(trx)
      const { files: { rulebook } } = await rulebookFiles(api.config())
      if (rulebook.find(({ name: one }) => one === file.name)?.text !== file.before) throw changedMeanwhile(file.name)
      // First written down by whom, then done.
      await audited(api.gateway.pool.db, { operatorId: operatorOf(response).id, action: 'rulebook.changed', subject: `${path.basename(file.name)} ${file.ref}`, at: api.now() })
      const { replaceFile } = await import('../bot/edit/write.ts')
      await replaceFile(file.name, file.after).catch((error: NodeJS.ErrnoException) => { throw notWritable(error, file.name) })
    })
    kept = undefined
    await api.rereadBot()
    response.json({ file: path.basename(file.name) })
  })

  function bookOf(): Rulebook {
    const { rulebook } = api.bot()
    if (!rulebook) throw new Refused(409, 'no-bot', 'Este município não tem assistente ligado.')
    return rulebook
  }

  async function reviewed(asked: Change): Promise<Review> {
    const book = bookOf()
    const { files, surroundings } = await rulebookFiles(api.config())
    const key = keyOf(files, asked)
    if (kept?.key === key) return kept.review
    const [{ reviewChange }, { insight, phraseKey }] = await Promise.all([import('../bot/edit/review.ts'), import('../bot/insight.ts')])
    const owner = insight(book).sentences.get(phraseKey(asked.language, asked.phrase))
    if (asked.do === 'example' && owner === asked.ref) throw new Refused(409, 'known', 'Esta resposta já tem estas palavras.', { field: 'phrase' })
    const review = reviewChange(book, files, surroundings, asked)
    if (!review) throw new Refused(409, 'gone', 'Esta resposta ou este ficheiro já não existe. Recarregue a página.')
    kept = { key, review }
    return review
  }

  return router
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
const keyOf = (files: ReloadFiles, asked: Change) => hashOf(JSON.stringify([files, asked]))

const changedMeanwhile = (file: string) => new Refused(409, 'changed', `O ficheiro ${path.basename(file)} mudou entretanto, por outra pessoa ou num editor. Nada foi escrito: veja a mudança outra vez.`)

function notWritable({ code = '' }: NodeJS.ErrnoException, file: string): Error {
  return new Refused(409, 'not-writable', `O Balcão não pode escrever em ${path.basename(file)} (${code}). Copie as linhas e acrescente-as à mão.`)
}
