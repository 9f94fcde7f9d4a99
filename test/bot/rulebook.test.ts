import { describe, expect, test } from 'vitest'
import { loadRulebook } from '../../src/bot/load.ts'
import { readRulebook, type Surroundings } from '../../src/bot/rulebook.ts'
import { formatProblem } from '../../src/core/document.ts'
import { smallTown } from './town.ts'

const problemsOf = (text: string, surroundings?: Surroundings) =>
  readRulebook([{ name: 'bot.yaml', text }], surroundings).problems.map(formatProblem)
const changed = (from: string | RegExp, to: string) => {
  const text = smallTown.replace(from, to)
  if (text === smallTown) throw new Error(`the rulebook has no ${String(from)}`)
  return problemsOf(text)
}

describe('the rulebook', () => {
  test('of the sample town is right, and without a warning', async () => {
    const departments = ['geral', 'aguas', 'urbanismo', 'ambiente', 'social']
    const { rulebook, problems } = await loadRulebook('config/bot', { departments, connections: [] })
    expect(problems.map(formatProblem)).toEqual([])
    const answers = Object.values(rulebook!.answers)
    expect(answers.length).toBeGreaterThanOrEqual(60)
    expect(Object.keys(rulebook!.forms).length).toBeGreaterThanOrEqual(5)
    expect(
      answers.filter(
        ({ say }) => (Array.isArray(say) ? say[0]!.say : say) instanceof Object && JSON.stringify(say).includes('"en"'),
      ).length,
    ).toBeGreaterThanOrEqual(20)
    for (const [id, { examples }] of Object.entries(rulebook!.answers)) {
      expect((examples as { pt: string[] }).pt.length, id).toBeGreaterThanOrEqual(3)
    }
  })

  test('of a small town is right', () => {
    expect(problemsOf(smallTown)).toEqual([])
  })

  test.each<[name: string, from: string | RegExp, to: string, problem: string]>([
    [
      'a misspelt key',
      'then: helpful',
      'tehn: helpful',
      'bot.yaml:21:5 answers.piscina.tehn: unknown key "tehn": did you mean "then"?',
    ],
    [
      'a comma that cuts a sentence',
      "'Das 9h às 19h. Ligue {{ town.phone }}.'",
      'Das 9h, mas não ao domingo',
      'a comma within { } begins a new key',
    ],
    [
      'a link that is not in the catalogue',
      'then: helpful',
      'links: [agenda]',
      'bot.yaml:21:13 answers.piscina.links.0: there is no link "agenda"',
    ],
    [
      'a menu that leads nowhere',
      'go: answer.piscina',
      'go: answer.pisicna',
      'there is no answer "pisicna": did you mean "piscina"?',
    ],
    [
      'a variable that does not exist',
      'town.phone',
      'town.fone',
      'unknown variable "town.fone": did you mean "town.phone"?',
    ],
    [
      'a filter that does not exist',
      '{{ town.phone }}',
      '{{ town.phone | uper }}',
      'unknown filter "uper": did you mean "upper"?',
    ],
    ['a placeholder without its end', '{{ town.phone }}', '{{ town.phone', 'without its "}}"'],
    ['an expression', '{{ town.phone }}', '{{ town.phone + 1 }}', 'is not understood'],
    [
      'a missing translation of what everybody reads',
      '{ pt: O que precisa?, en: What do you need? }',
      '{ pt: O que precisa? }',
      'bot.yaml:7:5 menus.inicio.say: has no text in en',
    ],
    [
      'a missing translation where the language is full',
      'en: partial',
      'en: full',
      'answers.biblioteca.question: has no text in en',
    ],
    [
      'phrases of two answers',
      '[biblioteca, livros]',
      '[biblioteca, natação]',
      '«natação» also belongs to answer.piscina',
    ],
    [
      'a variant that nothing follows',
      "      - say: { pt: 'Das",
      "      - when: { hours: open }\n        say: { pt: 'Das",
      'the last variant must have no "when"',
    ],
    ['a step that asks of a later one', 'slot: { tipo: volta }', 'slot: { nif: x }', 'there is no earlier step "nif"'],
    [
      'a choice that does not exist',
      'slot: { tipo: volta }',
      'slot: { tipo: voltas }',
      'there is no choice of "tipo" "voltas": did you mean "volta"?',
    ],
    [
      'answers that go round in circles',
      'then: helpful\n  biblioteca:',
      'then: answer.biblioteca\n  biblioteca:\n    then: answer.piscina',
      'goes round in circles: answer.piscina → answer.biblioteca → answer.piscina',
    ],
    ['an answer that nobody can reach', '  biblioteca:\n', '  biblioteca:\n    listed: false\n', 'nobody can reach it'],
    [
      'a question that is a command',
      'Onde fica a biblioteca?',
      'Quero falar com um operador',
      'is taken as the command handover',
    ],
    [
      'a text of the bot that does not exist',
      'menus:\n',
      'texts: { gretting: { pt: Olá, en: Hi } }\nmenus:\n',
      'unknown text "gretting": did you mean "greeting"?',
    ],
    [
      'an address that is none',
      'menus:\n',
      'links: { x: { label: A, url: "javascript:alert(1)" } }\nmenus:\n',
      'write a whole address',
    ],
    [
      'a time for a call that is nowhere to be had',
      'menus:\n',
      'commands: { video: { closed: { say: { pt: Não, en: No }, departments: { geral: { links: [agenda] } } } } }\nmenus:\n',
      'commands.video.closed.departments.geral.links.0: there is no link "agenda"',
    ],
    [
      'a command of one’s own without an aim',
      'menus:\n',
      'commands: { ajudem: { phrases: { pt: [acudam] } } }\nmenus:\n',
      'needs a "go"',
    ],
    ['two steps of one name', 'id: hora', 'id: tipo', 'two steps are called "tipo"'],
    ['tabs', 'menus:\n  inicio:', 'menus:\n\tinicio:', 'Tabs are not allowed'],
  ])('names %s, with its line', (_, from, to, problem) => {
    expect(changed(from, to).join('\n')).toContain(problem)
  })

  test('knows the departments and connections of the rest of the config', () => {
    const problems = problemsOf(smallTown, { departments: ['geral', 'desportos'], connections: ['processo'] }).join(
      '\n',
    )
    expect(problems).toContain(
      'answers.piscina.department: there is no department "desporto": did you mean "desportos"?',
    )
    expect(problems).toContain(
      'forms.estado.look.connection: there is no connection "processos": did you mean "processo"?',
    )
  })

  test('says which other file has the same name', () => {
    const second =
      'answers: { piscina: { question: { pt: Outra? }, keywords: { pt: [outra] }, say: { pt: Outra } } }\nfallback: [{ say: Hm }]'
    const files = [
      { name: 'a.yaml', text: `${smallTown}\nfallback: [{ say: Hm }]` },
      { name: 'b.yaml', text: second },
    ]
    const problems = readRulebook(files).problems.map(formatProblem)
    expect(problems).toContain('b.yaml:1:12 answers.piscina: "piscina" stands in a.yaml already')
    expect(problems).toContain('b.yaml:2:1 fallback: "fallback" stands in a.yaml already')
  })

  test('warns of two answers that are told apart by nothing', () => {
    const twin =
      '\n  livros:\n    question: { pt: Onde fica a biblioteca municipal? }\n    say: { pt: Ali. }\nforms:\n  pedido:'
    expect(changed('\nforms:\n  pedido:', twin).join('\n')).toMatch(/warning: answers\.(livros|biblioteca)/)
  })

  test('does not throw on anything that YAML can say', () => {
    for (const text of [
      '',
      '- 1',
      'a',
      'answers: 1',
      'answers: { a: 1 }',
      'answers: { __proto__: { question: x, say: y } }',
      '{',
      '&a [*a]',
    ]) {
      expect(() => problemsOf(text)).not.toThrow()
    }
  })
})
