/** A small town's rulebook, and a world around it, for tests of the bot. */

import type { Action, BotContext, BotInput, BotState, Content, DepartmentNow, Responder } from '../../src/core/model.ts'
import { readRulebook, type Rulebook } from '../../src/bot/rulebook.ts'
import { formatProblem } from '../../src/core/document.ts'

export const smallTown = `
languages: { pt: full, en: partial }
town: { name: Vila Pequena, phone: '253 111 222' }
settings: { menu: inicio }
menus:
  inicio:
    say: { pt: O que precisa?, en: What do you need? }
    options:
      - { label: { pt: Piscina, en: Pool }, go: answer.piscina }
      - { label: { pt: Pedido, en: Request }, go: form.pedido }
answers:
  piscina:
    topic: desporto
    department: desporto
    question: { pt: Qual é o horário da piscina?, en: When is the swimming pool open? }
    keywords: { pt: [horário da piscina, natação], en: [pool hours] }
    examples: { pt: [a piscina abre ao domingo] }
    say:
      - { when: { hours: closed }, say: { pt: Agora está fechada., en: It is closed now. } }
      - say: { pt: 'Das 9h às 19h. Ligue {{ town.phone }}.', en: 'From 9:00 to 19:00.' }
    then: helpful
  biblioteca:
    question: { pt: Onde fica a biblioteca? }
    keywords: { pt: [biblioteca, livros] }
    say: { pt: No largo da igreja. }
forms:
  pedido:
    title: { pt: Fazer um pedido }
    question: { pt: Quero fazer um pedido de transporte }
    keywords: { pt: [pedido de transporte] }
    department: desporto
    steps:
      - { id: tipo, type: choice, label: { pt: Tipo }, ask: { pt: Que tipo? }, choices: [{ value: ida, label: { pt: Ida } }, { value: volta, label: { pt: Ida e volta } }] }
      - { id: hora, type: text, when: { slot: { tipo: volta } }, label: { pt: Regresso }, ask: { pt: A que horas regressa? } }
      - { id: nif, type: nif, label: { pt: NIF }, ask: { pt: NIF? }, remember: nif }
    receipt: TRA
    done: { pt: 'Feito: {{ receipt }}.' }
  estado:
    title: { pt: Consultar }
    question: { pt: Quero consultar o meu processo de transporte }
    keywords: { pt: [consultar processo] }
    steps: [{ id: numero, type: number, label: { pt: Número }, ask: { pt: Que número? } }]
    look: { connection: processos, path: /estado, say: { pt: 'Está {{ result.estado }}.' }, failed: { pt: Não consegui saber. } }
`

export function bookOf(text: string): Rulebook {
  const { rulebook, problems } = readRulebook([{ name: 'town.yaml', text }])
  if (!rulebook) throw new Error(problems.map(formatProblem).join('\n'))
  return rulebook
}

export const department = (id: string, more: Partial<DepartmentNow> = {}): DepartmentNow => ({
  id,
  name: id,
  open: true,
  opensAt: null,
  waiting: 0,
  operatorsOnline: 1,
  takesCalls: false,
  ...more,
})

export function contextAt(now: Date, more: Partial<BotContext> = {}): BotContext {
  return {
    now,
    channel: { id: 'web', kind: 'webchat', choices: true },
    language: 'pt',
    citizen: { name: null, attributes: {}, isNew: true },
    reference: 'BAL-2026-000123',
    department: null,
    departments: [department('geral'), department('desporto')],
    ...more,
  }
}

/** A conversation whose clock goes on half a minute a turn, unless told otherwise. */
export function conversation(start: Responder, more: Partial<BotContext> = {}) {
  let responder = start
  let state: BotState = {}
  let now = Date.parse('2026-11-23T10:00:00Z')
  let last: Action[] = []
  const take = (input: BotInput, seconds: number) => {
    now += seconds * 1000
    const turn = responder(state, input, contextAt(new Date(now), more))
    // What is kept is what the database gives back.
    state = JSON.parse(JSON.stringify(turn.state)) as BotState
    last = turn.actions
    return turn.actions
  }
  return {
    write: (text: string, seconds = 30) => take({ type: 'message', content: { text } }, seconds),
    send: (content: Content) => take({ type: 'message', content }, 30),
    press(label: string) {
      const choice = choicesIn(last).find((each) => each.label === label)
      if (!choice)
        throw new Error(
          `no choice ${label} among ${choicesIn(last)
            .map((each) => each.label)
            .join(', ')}`,
        )
      return take({ type: 'message', content: { text: choice.label, chosen: choice.id } }, 30)
    },
    take: (input: BotInput) => take(input, 30),
    reload: (other: Responder) => void (responder = other),
    wait: (seconds: number) => void (now += seconds * 1000),
    state: () => state,
    setState: (other: BotState) => void (state = other),
  }
}

export const said = (actions: Action[]) =>
  actions.flatMap((action) => (action.do === 'say' ? [action.content.text] : [])).join('\n')
export const choicesIn = (actions: Action[]) =>
  actions.flatMap((action) => (action.do === 'say' ? (action.content.choices ?? []) : []))
export const done = <Kind extends Action['do']>(actions: Action[], kind: Kind) =>
  actions.find((action): action is Extract<Action, { do: Kind }> => action.do === kind)
export const fieldsIn = (actions: Action[]) =>
  actions.flatMap((action) => (action.do === 'say' && action.content.field ? [action.content.field] : []))
