/** The bot of the sample town, tried and taught as the gateway does it; what is taught is only remembered. */

import path from 'node:path'
import { diffOf } from '../../../src/bot/edit/diff.ts'
import { reviewChange } from '../../../src/bot/edit/review.ts'
import { readSources } from '../../../src/bot/sources.ts'
import { readRulebook, type Rulebook, type RulebookSource } from '../../../src/bot/rulebook.ts'
import { usualCapabilities } from '../../../src/channels/index.ts'
import { catalogueOf, outcomeOf, tryOn } from '../../../src/operator-api/bot-views.ts'
import type { BotCatalogue, RulebookChange, RulebookReview, TrialRequest } from '../../../src/operator-api.types.ts'
import type { Reply } from './routes.ts'
import { channels, departments } from './town.ts'

let read: Promise<{ sources: RulebookSource[]; book: Rulebook }> | undefined
const town = () => (read ??= readSources(path.resolve('config/bot')).then((sources) => ({ sources, book: readRulebook(sources).rulebook! })))

export async function ofBot(route: string, body: Buffer): Promise<Reply | undefined> {
  if (!route.includes(' /api/admin/bot')) return undefined
  const { sources, book } = await town()
  const given = (body.length > 0 ? JSON.parse(body.toString()) : {}) as { change: RulebookChange } & TrialRequest
  const review = (change: RulebookChange) => reviewChange(book, { rulebook: sources, transcripts: [] }, {}, change)!
  switch (route) {
    case 'GET /api/admin/bot':
      return { body: { ...await catalogueOf(book), channels: channels.map(({ id, kind, name }) => ({ id, kind, name })), files: ['agua.yaml', 'ambiente.yaml'] } satisfies BotCatalogue }
    case 'POST /api/admin/bot/trial': {
      const tried = given.change ? review(given.change).book! : book
      const isNight = Number(given.at.slice(11, 13)) >= 18
      const now = departments.map(({ id, name }) => ({ id, name: name.pt, open: !isNight, opensAt: isNight ? new Date('2026-11-24T09:00Z') : null, waiting: 0, operatorsOnline: 1, takesCalls: false }))
      return { body: await tryOn(tried, given, { departments: () => now, can: (await usualCapabilities(given.kind))!, notice: null }) }
    }
    case 'POST /api/admin/bot/review': {
      const { file, problems, failures, now, then } = review(given.change)
      return { body: { file: path.basename(file.name), seen: 'seen', diff: diffOf(file.before, file.after), problems, failures, now: outcomeOf(now), then: then ? outcomeOf(then) : null } satisfies RulebookReview }
    }
    case 'POST /api/admin/bot/changes':
      return { body: { file: path.basename(review(given.change).file.name) } }
  }
  return undefined
}
