/** The commands that Telegram offers: set for the admin, in each language, and each is understood by the bot. */

import { afterEach, expect, test } from 'vitest'
import { loadRulebook } from '../../../src/bot/load.ts'
import { createResponder } from '../../../src/bot/respond.ts'
import { words } from '../../../src/bot/words/index.ts'
import { commands } from '../../../src/channels/telegram/commands.ts'
import type { Language } from '../../../src/core/model.ts'
import { contextAt, said } from '../../bot/town.ts'
import { startTelegram, type Telegram } from '../../vendors/telegram.ts'
import type { Gateway } from '../host.ts'
import { gatewayOf, withPolling, withWebhook } from './start.ts'

let telegram: Telegram | undefined
let gateway: Gateway | undefined
afterEach(async () => {
  await gateway?.close()
  await telegram?.close()
  telegram = gateway = undefined
})

test.each([['polling', withPolling], ['webhook', withWebhook]])('by %s they are offered in each language', async (_, open) => {
  ;({ telegram, gateway } = await open())
  const vendor = telegram
  await gateway.until(() => vendor.commands.size === 4)
  expect(Object.fromEntries(vendor.commands)).toEqual({ '': commands.pt, en: commands.en, es: commands.es, fr: commands.fr })
})

test('a list that somebody made at @BotFather stays', async () => {
  const vendor = (telegram = await startTelegram())
  const own = [{ command: 'horario', description: 'A que horas abrimos' }]
  vendor.commands.set('', own)
  gateway = await gatewayOf(vendor, { mode: 'polling', pollSeconds: 1 })
  await gateway.until(() => vendor.calls.filter(({ method }) => method === 'getUpdates').length > 0)
  await gateway.until(() => vendor.calls.some(({ method }) => method === 'getMyCommands'))
  await gateway.close()
  gateway = undefined
  expect(Object.fromEntries(vendor.commands)).toEqual({ '': own })
})

test('each is understood by the bot that comes along', async () => {
  const { rulebook } = await loadRulebook('config/bot')
  const respond = createResponder(rulebook!)
  for (const [language, [menu, person, cancel]] of Object.entries(commands) as [Language, (typeof commands)['pt']][]) {
    const does = (command: string) => respond({}, { type: 'message', content: { text: `/${command}` } }, contextAt(new Date('2026-11-23T10:00:00Z'), { language })).actions
    expect(does(menu!.command).flatMap((action) => (action.do === 'say' ? (action.content.choices ?? []) : [])).length, `${language} menu`).toBeGreaterThan(2)
    expect(does(person!.command).some((action) => action.do === 'hand-off'), `${language} person`).toBe(true)
    // Where the rulebook does not speak a language, in its first.
    expect(Object.values(words).map((each) => each['cancel-nothing']), `${language} cancel`).toContain(said(does(cancel!.command)))
  }
})
