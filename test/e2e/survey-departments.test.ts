/** Each department asks in its own words, in the citizen's language, with buttons where there are some and by numbers where there are none. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Operator } from '../../src/core/model.ts'
import { message, Visitor } from '../channels/webchat/setting.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { startTwilio, type Twilio } from '../vendors/twilio.ts'

const rulebook = `
version: 1
languages: { pt: full, en: full }
town: { name: Vale Formoso }
commands: { operator: { department: geral } }
survey:
  ask: { pt: 'De 1 a 5, como foi?', en: 'From 1 to 5, how was it?' }
  thanks: { pt: Obrigado., en: Thank you. }
  departments:
    aguas:
      ask: { pt: 'A água já corre? De 1 a 5, como o atendemos?', en: 'Is the water running? From 1 to 5, how did we do?' }
      comment: { pt: O que faltou às Águas?, en: What did the water service miss? }
      thanks: { pt: As Águas agradecem., en: The water service thanks you. }
    urbanismo:
      ask: { pt: 'O seu processo ficou claro? De 1 a 5.', en: 'Is your file clear now? From 1 to 5.' }
      comment: { pt: O que podia o Urbanismo explicar melhor?, en: What could Planning explain better? }
`
const said = {
  aguas: {
    pt: ['A água já corre? De 1 a 5, como o atendemos?', 'O que faltou às Águas?', 'As Águas agradecem.'],
    en: ['Is the water running? From 1 to 5, how did we do?', 'What did the water service miss?', 'The water service thanks you.'],
  },
  urbanismo: {
    pt: ['O seu processo ficou claro? De 1 a 5.', 'O que podia o Urbanismo explicar melhor?', 'Obrigado.'],
    en: ['Is your file clear now? From 1 to 5.', 'What could Planning explain better?', 'Thank you.'],
  },
}
const scale = { pt: /1 – Muito mau[\s\S]*5 – Muito bom/, en: /1 – Very bad[\s\S]*5 – Very good/ }
const asksForPeople = { pt: 'Quero falar com uma pessoa, por favor', en: 'I want to talk to a person, please' }

let folder: string
let twilio: Twilio
let gateway: Harness
let operator: Operator
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'balcao-survey-'))
  await writeFile(path.join(folder, 'bot.yaml'), rulebook)
  twilio = await startTwilio()
  gateway = await startGateway({
    channels: {
      web: { kind: 'webchat', title: 'Vale Formoso' },
      sms: { kind: 'sms', accountSid: twilio.accountSid, authToken: { env: 'TOKEN' }, from: twilio.numbers[0]!.phoneNumber, baseUrl: twilio.baseUrl },
    },
    env: { TOKEN: twilio.authToken }, config: { bot: { folder } },
  })
  operator = await gateway.operator({ role: 'admin' })
})
afterAll(async () => {
  await gateway?.close()
  await twilio?.close()
  await rm(folder, { recursive: true, force: true })
})

interface Citizen { writes(text: string): Promise<unknown>; scores(text: string): Promise<unknown>; heard(): Promise<string[]> }
let phones = 0
const citizens: Record<string, () => Citizen> = {
  web() {
    const visitor = new Visitor(gateway.url)
    return {
      writes: (text) => visitor.post('/messages', message(text)), scores: (label) => visitor.post('/messages', message(label, { chosen: `survey:${label[0]}` })),
      heard: async () => (await visitor.read()).entries.filter(({ by }) => by !== 'citizen').map(({ text, choices }) => [text, ...(choices ?? []).map(({ label }) => label)].join('\n')),
    }
  },
  sms() {
    const phone = `+35191234567${phones++}`
    return {
      writes: (text) => twilio.texts(phone, text), scores: (label) => twilio.texts(phone, label[0]!),
      heard: async () => twilio.ledger.filter(({ to }) => to === phone).map(({ body }) => body),
    }
  },
}

let n = 0
test.each(Object.keys(citizens).flatMap((channel) => (['aguas', 'urbanismo'] as const).flatMap((department) => (['pt', 'en'] as const).map((language) => ({ channel, department, language })))))(
  'by $channel, in $language, $department asks, asks why and thanks in its own words', async ({ channel, department, language }) => {
    const citizen = citizens[channel]!()
    const { db } = gateway.gateway.pool
    await citizen.writes(asksForPeople[language])
    const { id } = await gateway.until('a conversation', () => db.selectFrom('conversation').select('id').where('state', '=', 'waiting').where('language', '=', language).executeTakeFirst())
    n += 1
    expect(await gateway.gateway.act({ conversationId: id, operator, clientId: `departments-${n}`, deeds: [{ do: 'move', departmentId: department }, { do: 'take' }, { do: 'close' }] })).toMatchObject({ type: 'done' })
    const [ask, comment, thanks] = said[department][language]
    const hears = (text: string) => gateway.until(text, async () => (await citizen.heard()).find((each) => each.includes(text)))
    expect(await hears(ask!)).toMatch(scale[language])
    await citizen.scores(language === 'pt' ? '5 – Muito bom' : '5 – Very good')
    await hears(comment!)
    await citizen.writes(language === 'pt' ? 'Foram rápidos' : 'They were quick')
    await hears(thanks!)
    expect(await db.selectFrom('survey').select(['score', 'comment']).where('conversation_id', '=', id).execute()).toEqual([{ score: 5, comment: language === 'pt' ? 'Foram rápidos' : 'They were quick' }])
  })
