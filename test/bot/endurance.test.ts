/** Whatever people write, whenever, and however the rulebook changes meanwhile. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Action, BotInput, BotState, Content } from '../../src/core/model.ts'
import { readSources } from '../../src/bot/sources.ts'
import { createResponder } from '../../src/bot/respond.ts'
import { formatProblem } from '../../src/core/document.ts'
import { readRulebook } from '../../src/bot/rulebook.ts'
import { choicesIn, contextAt, department, said } from './town.ts'

const sources = await readSources('config/bot')
function bookWith(change: (text: string) => string) {
  const { rulebook, problems } = readRulebook(sources.map(({ name, text }) => ({ name, text: change(text) })))
  if (!rulebook) throw new Error(problems.map(formatProblem).join('\n'))
  return rulebook
}
const books = [
  bookWith((text) => text),
  // A step is renamed, a choice taken away, a form moved out of the way.
  bookWith((text) =>
    text
      .replaceAll('id: telefone', 'id: telemovel')
      .replaceAll('slots.telefone', 'slots.telemovel')
      .replace('{ value: arvore,', '{ value: verde,'),
  ),
  bookWith((text) => text.replaceAll('form.monos', 'form.moveis').replace('\n  monos:\n', '\n  moveis:\n')),
]
const responders = books.map((book) => createResponder(book))

const hours = (open: boolean, calls: boolean) =>
  ['geral', 'aguas', 'urbanismo', 'ambiente', 'social'].map((id) =>
    department(id, { open, opensAt: open ? null : new Date('2026-11-24T09:00:00Z'), waiting: 3, takesCalls: open && calls }),
  )

const sentences = [
  'olá',
  'bom dia',
  'obrigado',
  'adeus',
  'sim',
  'não',
  'ok',
  '1',
  '2',
  '3',
  '9',
  '0',
  '99',
  'menu',
  'voltar',
  'cancelar',
  'saltar',
  'corrigir',
  'enviar',
  'STOP',
  'English',
  'Español',
  'português',
  'videochamada',
  'apaguem os meus dados',
  'és um robô?',
  'isto é uma merda',
  '',
  ' ',
  '\n',
  '?',
  '...',
  '👍',
  '🙏🙏🙏',
  '1️⃣',
  'quero comunicar uma avaria na via pública',
  'quero marcar uma recolha de monos',
  'quero apresentar uma reclamação',
  'quero que me liguem por telefone',
  'preciso de um atestado de residência',
  'qual é o horário da piscina?',
  'a que horas passa o lixo',
  'how do I pay my water bill please',
  'where is the nearest recycling point',
  'Rua da Escola, 12',
  '4905-123',
  '4905',
  'amanhã',
  '12 de março',
  '31/02/2026',
  '12/03/1980',
  '123456789',
  '123456788',
  '912345678',
  'ana@exemplo.pt',
  'ana@',
  'Maria Silva',
  'xpto zzz',
  'asdfgh',
  'مرحبا كيف حالك',
  'שלום',
  '你好',
  'п\u202eривет',
  'o\u200bl\u200bá',
  'a'.repeat(10_000),
  'água '.repeat(2000),
  '{{ town.name }}',
  '{{ constructor }}',
  '__proto__',
  'toString',
  '<script>alert(1)</script>',
  "'; drop table --",
  '\u0000\u0001',
  '\ud800',
  'ﷺ'.repeat(200),
  'é'.normalize('NFD').repeat(300),
  '-1',
  '1e999',
  'NaN',
  '٣',
  'command.operator',
]
const step = fc.record({
  what: fc.oneof(
    { weight: 10, arbitrary: fc.constantFrom(...sentences) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
  ),
  how: fc.constantFrom(
    'write',
    'write',
    'write',
    'press',
    'press',
    'stale',
    'file',
    'place',
    'result',
    'start',
    'again',
  ),
  pick: fc.nat(20),
  seconds: fc.constantFrom(0, 1, 3, 30, 30, 600, 90_000, 8_000_000),
  book: fc.constantFrom(0, 0, 0, 0, 0, 1, 2),
  open: fc.boolean(),
  calls: fc.boolean(),
})
const stale = [
  'answer.piscina',
  'answer.gone',
  'menu.principal',
  'form.avaria',
  'form.monos',
  'handover.nowhere',
  'command.toString',
  'language.fr',
  'language.xx',
  'helpful.yes',
  'confirm:send',
  'correct:local',
  'pick:00000000:luz',
  'skip:1',
  '',
  'x'.repeat(500),
  '__proto__',
]

function inputOf(
  { what, how, pick }: { what: string; how: string; pick: number },
  last: Action[],
  before: BotInput,
): BotInput {
  const choices = choicesIn(last)
  const choice = choices[pick % Math.max(1, choices.length)]
  const content: Content = { text: what }
  if (how === 'press' && choice) Object.assign(content, { text: choice.label, chosen: choice.id })
  if (how === 'stale') content.chosen = stale[pick % stale.length]!
  if (how === 'file')
    content.attachments = [{ kind: pick % 2 ? 'image' : 'file', source: 'file:abc', mimeType: 'image/jpeg' }]
  if (how === 'place') content.location = { latitude: 41 + pick, longitude: -8 }
  if (how === 'start') return { type: 'start' }
  if (how === 'again') return before
  if (how === 'result') {
    const asked = last.find((action) => action.do === 'request')
    return {
      type: 'result',
      id: asked?.id ?? what.slice(0, 20),
      ok: pick % 2 === 0,
      status: 200,
      body: pick % 3 ? { estado: what } : null,
    }
  }
  return { type: 'message', content }
}

/** `expect` a million times takes longer than some of what it looks at. */
function must(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise)
}

test('ten thousand conversations: no throw, no loop, no silence, and a person is always one word away', () => {
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 14 }),
      fc.constantFrom('pt', 'en', 'fr'),
      (steps, language) => {
        let state: BotState = {}
        let last: Action[] = []
        let input: BotInput = { type: 'start' }
        let now = Date.parse('2026-11-23T10:00:00Z')
        let equal = { text: '', times: 0 }
        for (const one of steps) {
          now += one.seconds * 1000
          input = inputOf(one, last, input)
          const context = contextAt(new Date(now), { language, departments: hours(one.open, one.calls) })
          const respond = responders[one.book]!
          const frozen = JSON.stringify(state)
          const turn = respond(state, input, context)
          must(JSON.stringify(state) === frozen, 'a turn changed the state that it was given')

          const person = respond(
            turn.state,
            { type: 'message', content: { text: 'quero falar com uma pessoa' } },
            context,
          )
          must(person.actions.some((action) => action.do === 'hand-off'), 'no person')

          const handedOff = turn.actions.find((action) => action.do === 'hand-off')
          must(!(handedOff?.do === 'hand-off' && handedOff.reason === 'bot-failed'), 'failed')
          const text = said(turn.actions)
          must(input.type !== 'message' || text !== '', 'silence')
          for (const each of choicesIn(turn.actions)) {
            must(Buffer.byteLength(each.id) <= 64, `a choice that no channel takes: ${each.id}`)
            must(each.label !== '', 'a choice without words')
          }
          must(!/undefined|\[object|NaN/.test(text), text)
          if (text !== '')
            equal = equal.text === text && !handedOff ? { text, times: equal.times + 1 } : { text, times: 1 }
          must(equal.times <= 3, `four times: ${text}`)
          must(JSON.stringify(turn.state).length < 40_000, 'the state grows')
          state = JSON.parse(JSON.stringify(turn.state)) as BotState
          last = turn.actions
        }
      },
    ),
    { numRuns: 10_000, seed: 20261123 },
  )
}, 600_000)

test('the same turn gives the same result', () => {
  fc.assert(
    fc.property(fc.constantFrom(...sentences), fc.constantFrom(...sentences), (first, second) => {
      const context = contextAt(new Date('2026-11-23T10:00:00Z'), { departments: hours(true, true) })
      const play = () => {
        const one = responders[0]!({}, { type: 'message', content: { text: first } }, context)
        return [one, responders[0]!(one.state, { type: 'message', content: { text: second } }, context)]
      }
      expect(play()).toEqual(play())
    }),
    { numRuns: 300, seed: 5 },
  )
})
