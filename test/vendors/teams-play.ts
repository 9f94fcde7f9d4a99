/** Teams in a terminal. */

import { parseArgs } from 'node:util'
import { type Json, startTeams } from './teams.ts'
import type { Delivered } from './teams-citizen.ts'
import { buttons, follow, perform, print } from './terminal.ts'

export async function play(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { port: { type: 'string', default: '8085' }, webhook: { type: 'string', default: 'http://127.0.0.1:8080/channels/teams' } },
  })
  const teams = await startTeams({ port: Number(values.port), webhook: values.webhook })
  let citizen = teams.citizen(1)
  let last = ''
  follow(() => teams.ledger, ({ conversationId, text, inputs, actions, attachments }) =>
    print(`${conversationId} <`, text, attachments.map(fileIn).join(' '), inputs.map(fieldIn).join(' '), buttons(actions.map(({ title, url }) => `${String(title)}${url ? ` ${String(url)}` : ''}`))))
  const does = async (what: Promise<Delivered>) => {
    const { statuses, activityId } = await what
    last = activityId
    if (statuses.at(-1) !== 200) print(`(the bot answered ${statuses.join(', ')})`)
  }
  await perform({
    what: `Microsoft Teams stands in at ${teams.origin}; it calls the bot at ${teams.webhook} (--webhook).`,
    block: `teams: { kind: teams, appId: ${teams.appId}, appPassword: { env: TEAMS_PASSWORD }, tenantId: ${teams.tenantId}, ` +
      `serviceUrls: ['${teams.origin}'], openIdMetadataUrl: ${teams.openIdMetadataUrl}, tokenUrl: ${teams.tokenUrl} }`,
    env: { TEAMS_PASSWORD: teams.appPassword },
    citizen: 'a citizen',
    writes: (line) => does(citizen.writes(line)),
    commands: {
      press: { says: 'LABEL: press the button with it', does: (label) => does(citizen.presses(label)) },
      accept: { says: 'let the file of the last card that asks into the OneDrive; /decline', does: () => does(citizen.accepts()) },
      decline: { says: 'do not', does: () => does(citizen.declines()) },
      fill: { says: 'TEXT: write it into the field of the last card, and send it', does: (text) => does(citizen.fills(text)) },
      edit: { says: 'TEXT: change what was written last', does: (text) => citizen.edits(last, text) },
      delete: { says: 'delete what was written last', does: () => citizen.deletes(last) },
      remove: { says: 'remove the bot; /install', does: () => citizen.removes() },
      install: { says: 'install it again', does: () => citizen.installs() },
      as: { says: 'NUMBER: be another citizen', does: (number) => { citizen = teams.citizen(Number(number) || 1) } },
      rotate: { says: 'sign with new keys from now on; the gateway looks for new ones every 30 s at most', does: () => teams.signer.rotate() },
      fail: { says: 'STATUS: refuse the next message, e.g. 429', does: (status) => void teams.faults.push({ kind: 'refuse', status: Number(status) || 429 }) },
      cut: { says: 'cut the line just after the next message was taken', does: () => void teams.faults.push({ kind: 'cut-after' }) },
    },
    close: () => teams.close(),
  })
}

const fieldIn = ({ label, type, choices }: Json) =>
  `[${String(label)}: ${choices ? (choices as Json[]).map(({ value, title }) => `${String(value)}=${String(title)}`).join(', ') : String(type).replace('Input.', '').toLowerCase()} ____]`

const fileIn = ({ name, contentType, contentUrl }: Json) =>
  name === undefined ? '' : `[${String(name)}${/\.consent$/.test(String(contentType)) ? ': /accept or /decline' : contentUrl ? ` ${String(contentUrl)}` : ''}]`
