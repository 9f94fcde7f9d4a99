/** Teams in a storm. */

import type { Chance } from '../../../chaos/random.ts'
import { startTeams } from '../../vendors/teams.ts'
import { copiesBy, giveMoods, type Row } from './row.ts'

export async function teamsRow(chance: Chance): Promise<Row> {
  const teams = await startTeams({ pauseMs: 500, tries: 60 })
  const copies = copiesBy(chance)
  const doubts = giveMoods(teams.faults, chance, {
    sure: [{ kind: 'refuse', status: 429, retryAfter: 1 }, { kind: 'refuse', status: 412, code: 'PreconditionFailed' }, { kind: 'slow', ms: 300 }],
    doubtful: [{ kind: 'refuse', status: 502 }, { kind: 'cut-before' }, { kind: 'cut-after' }],
  })
  return {
    block: {
      kind: 'teams', appId: teams.appId, appPassword: { env: 'TEAMS_PASSWORD' }, tenantId: teams.tenantId, serviceUrls: [teams.origin],
      openIdMetadataUrl: teams.openIdMetadataUrl, tokenUrl: teams.tokenUrl,
    },
    env: { TEAMS_PASSWORD: teams.appPassword },
    people: 50, each: 10, answersOneIn: 1,
    listensAt(url) { teams.webhook = `${url}/channels/teams` },
    async write(person, text) {
      const activity = teams.citizen(person).activity({ type: 'message', textFormat: 'plain', text })
      const answers = await Promise.all(Array.from({ length: copies() }, () => teams.deliver(activity)))
      return answers.some(({ statuses }) => statuses.at(-1) === 200)
    },
    shown: () => teams.ledger.map(({ text }) => text),
    doubts,
    close: teams.close,
  }
}
