/** Teams in a terminal: a line is what a citizen writes, what the bot answers is printed. */

import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { startTeams } from './teams.ts'

export async function play(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '8085' },
      webhook: { type: 'string', default: 'http://127.0.0.1:8080/channels/teams' },
    },
  })
  const teams = await startTeams({ port: Number(values.port), webhook: values.webhook })
  const print = (line: string) => void process.stdout.write(`${line}\n`)
  print(`Microsoft Teams stands in at ${teams.origin}; it calls the bot at ${values.webhook}. In config/gateway.yaml:`)
  print(
    `  teams: { kind: teams, appId: ${teams.appId}, appPassword: { env: TEAMS_PASSWORD }, tenantId: ${teams.tenantId}, ` +
      `serviceUrls: ['${teams.origin}'], openIdMetadataUrl: ${teams.openIdMetadataUrl}, tokenUrl: ${teams.tokenUrl} }`,
  )
  print(`and TEAMS_PASSWORD=${teams.appPassword}`)
  print('Write as a citizen. /press LABEL, /install, /remove, /as NUMBER, /fail STATUS, /cut, /rotate.')

  let citizen = teams.citizen(1)
  void show()
  async function show(): Promise<void> {
    for (let seen = 0; ; seen++) {
      const { conversationId, text, actions } = await teams.shown((one) => teams.ledger.indexOf(one) >= seen, 2 ** 31 - 1)
      const buttons = actions.map(({ title, url }) => `[${String(title)}${url ? ` ${String(url)}` : ''}]`).join(' ')
      print(`${conversationId} < ${[text, buttons].filter(Boolean).join(' ')}`)
    }
  }
  for await (const line of createInterface({ input: process.stdin })) {
    const [, command, rest = ''] = /^\/(press|install|remove|as|fail|cut|rotate)\b ?(.*)$/.exec(line) ?? []
    try {
      if (command === 'press') print(`${(await citizen.presses(rest)).statuses.join(', ')}`)
      else if (command === 'install') await citizen.installs()
      else if (command === 'remove') await citizen.removes()
      else if (command === 'as') citizen = teams.citizen(Number(rest) || 1)
      else if (command === 'fail') teams.faults.push({ kind: 'refuse', status: Number(rest) || 429 })
      else if (command === 'cut') teams.faults.push({ kind: 'cut-after' })
      else if (command === 'rotate') await teams.signer.rotate()
      else if (line.trim() !== '') print(`answered ${(await citizen.writes(line)).statuses.join(', ')}`)
    } catch (error) {
      print(String(error))
    }
  }
}
