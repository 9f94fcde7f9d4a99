/** A form of the bot's in Teams: each step a card to fill in, through the whole gateway. */

import { afterEach, expect, test } from 'vitest'
import { createResponder } from '../../../src/bot/respond.ts'
import { type Harness, startGateway } from '../../harness/gateway.ts'
import { startTeams, type Teams } from '../../vendors/teams.ts'
import type { Citizen } from '../../vendors/teams-citizen.ts'
import { bookOf } from '../../bot/town.ts'

const letters = ['Água', 'Buracos', 'Cães', 'Dejetos', 'Escolas', 'Feiras', 'Grafitos', 'Hortas']
const rulebook = `
languages: { pt: full }
town: { name: Vila Pequena, phone: '253 111 222' }
settings: { menu: inicio }
menus:
  inicio:
    say: { pt: O que precisa? }
    options: [{ label: { pt: Visita }, go: form.visita }]
forms:
  visita:
    title: { pt: Pedir uma visita }
    question: { pt: Quero pedir uma visita }
    keywords: { pt: [pedir visita] }
    steps:
      - { id: nome, type: text, max: 120, label: { pt: Nome }, ask: { pt: Como se chama? } }
      - { id: dia, type: date, earliest: today, label: { pt: 'Dia, {{ slots.nome }}' }, ask: { pt: 'Que dia, {{ slots.nome }}?' } }
      - { id: pessoas, type: number, min: 1, max: 50, label: { pt: Pessoas }, ask: { pt: Quantas pessoas? } }
      - id: assunto
        type: choice
        label: { pt: Assunto }
        ask: { pt: Que assunto? }
        choices: [${letters.map((name, n) => `{ value: a${n}, label: { pt: ${name} } }`).join(', ')}]
      - { id: notas, type: text, optional: true, label: { pt: Notas }, ask: { pt: Mais alguma coisa? } }
    receipt: VIS
    done: { pt: 'Feito: {{ receipt }}.' }
`

let gateway: Harness | undefined
let vendor: Teams | undefined
afterEach(async () => {
  await gateway?.close()
  await vendor?.close()
  gateway = vendor = undefined
}, 60_000)

async function begun(): Promise<{ teams: Teams; ana: Citizen; running: Harness }> {
  const teams = await startTeams({ pauseMs: 50 })
  vendor = teams
  const running = await startGateway({
    channels: {
      teams: {
        kind: 'teams', appId: teams.appId, appPassword: { env: 'PASSWORD' }, tenantId: teams.tenantId, serviceUrls: [teams.origin],
        openIdMetadataUrl: teams.openIdMetadataUrl, tokenUrl: teams.tokenUrl,
      },
    },
    env: { PASSWORD: teams.appPassword },
    respond: createResponder(bookOf(rulebook)),
  })
  gateway = running
  teams.webhook = `${running.url}/channels/teams`
  return { teams, ana: teams.citizen(0), running }
}

/** The newest thing that was said. */
const next = (teams: Teams, ana: Citizen, seen: number) => teams.shown(() => ana.inbox.length > seen).then(() => ana.inbox.at(-1)!)

test('each step is a card to fill in; typed answers, pressing twice and old cards do no harm', async () => {
  const { teams, ana, running } = await begun()
  const db = running.gateway.pool.db
  const say = async (what: Promise<unknown>) => {
    const seen = ana.inbox.length
    await what
    return next(teams, ana, seen)
  }

  const name = await say(ana.writes('quero pedir uma visita'))
  expect(name.inputs).toMatchObject([{ type: 'Input.Text', id: 'answer', label: 'Nome', maxLength: 120, isRequired: true }])
  expect(name.actions.map(({ title }) => title)).toEqual(['Enviar', 'Voltar', 'Cancelar'])

  const hostile = '*Ana* [aqui](https://evil.example) {{DATE(2026-01-01T00:00:00Z)}} <at>Rui</at>'
  const day = await say(ana.fills(hostile))
  // Word for word where nothing is markup, and without its marks on the card.
  expect(day.text).toBe(`Que dia, ${hostile}?`)
  expect(day.activity.textFormat).toBe('plain')
  expect(day.inputs).toMatchObject([{ type: 'Input.Date', label: 'Dia, Ana aqui(https://evil.example) DATE(2026-01-01T00:00:00Z) atRui/at' }])
  expect(JSON.stringify(day.attachments)).not.toContain('TextBlock')

  // The first card once more, pressed late.
  const again = await say(ana.fills('Outra pessoa', name))
  expect(again.text).toMatch(/^Essa resposta era de outra pergunta e não mudou nada\.(?:.|\n)*Que dia, /)

  const people = await say(ana.fills('2099-12-24'))
  expect(people.inputs).toMatchObject([{ type: 'Input.Number', min: 1, max: 50 }])
  // What is typed answers as well.
  const topic = await say(ana.writes('3'))
  expect(topic.inputs).toMatchObject([{ type: 'Input.ChoiceSet', style: 'compact', choices: letters.map((title) => ({ title })) }])
  const notes = await say(ana.fills(String((topic.inputs[0]!.choices as { value: string }[])[3]!.value)))
  expect(notes.inputs).toMatchObject([{ type: 'Input.Text', isMultiline: true }])
  expect(notes.actions.map(({ title }) => title)).toEqual(['Enviar', 'Saltar', 'Voltar', 'Cancelar'])

  await say(ana.presses('Voltar'))
  expect(ana.inbox.at(-1)!.text).toBe('Que assunto?')
  await say(ana.writes('Escolas'))
  const summary = await say(ana.presses('Saltar'))
  expect(summary.text).toContain(`Nome: ${hostile}`)
  expect(summary.text).toContain('24/12/2099')
  expect(summary.text).toContain('Assunto: Escolas')
  expect((await say(ana.presses('Enviar', summary))).text).toMatch(/^Feito: VIS-/)
  const twice = await say(ana.presses('Enviar', summary))
  expect(twice.text).toContain('Essa resposta era de um formulário que já terminou')
  expect((await say(ana.fills('5', people))).text).toContain('que já terminou')

  const submitted = await db.selectFrom('activity').select('type').where('type', '=', 'submit').execute()
  expect(submitted).toHaveLength(1)
  const said = await db.selectFrom('message').select('content').where('direction', '=', 'in').orderBy('id').execute()
  expect(said.slice(1, 4).map(({ content }) => content.text)).toEqual([hostile, 'Outra pessoa', '24/12/2099'])
}, 90_000)

test('«Cancelar» on a card ends the form, and on the card of an earlier form changes nothing', async () => {
  const { teams, ana } = await begun()
  const say = async (what: Promise<unknown>) => {
    const seen = ana.inbox.length
    await what
    return next(teams, ana, seen)
  }
  const first = await say(ana.writes('quero pedir uma visita'))
  expect((await say(ana.presses('Cancelar', first))).text).toContain('Cancelado: nada foi enviado')
  await say(ana.writes('quero pedir uma visita'))
  const day = await say(ana.writes('Ana Sousa'))
  expect((await say(ana.presses('Cancelar', first))).text).toContain('não mudou nada')
  expect((await say(ana.fills('2099-12-24', day))).text).toBe('Quantas pessoas?')
}, 90_000)
