import { parse } from 'yaml'
import { describe, expect, test } from 'vitest'
import { changeFile, type Change } from '../../src/bot/edit/change.ts'
import { diffOf } from '../../src/bot/edit/diff.ts'
import { reviewChange } from '../../src/bot/edit/review.ts'
import { addAnswer, addExample } from '../../src/bot/edit/splice.ts'
import { loadRulebook } from '../../src/bot/load.ts'
import { readSources } from '../../src/bot/sources.ts'
import { bookOf, smallTown } from './town.ts'

const example = { section: 'answers', id: 'piscina', language: 'pt', firstLanguage: 'pt', phrase: 'a piscina, fecha: quando?' } as const
const file = (examples: string) => `# Do desporto; não mexer sem falar com a Rita.
answers:
  piscina:   # a de 25 m
    question: "Qual é o horário da piscina?"
    keywords:    { pt: [natação] }
${examples}
    say:  'Das 9h às 19h.'   # até às 20h no verão

  outra: { question: Outra coisa?, say: Sim. }
`
/** Where the phrase stands afterwards, and that nothing else has moved. */
function added(before: string): string[] {
  const after = addExample(before, example)
  const comments = (text: string) => text.split('\n').filter((line) => line.includes('#'))
  expect(comments(after)).toEqual(comments(before))
  return diffOf(before, after, 0).map(({ kind, text }) => `${{ same: ' ', removed: '-', added: '+' }[kind]}${text}`)
}

describe('an example goes into the file, and every other letter stays', () => {
  test.each([
    ['into a list in one line', "    examples: { pt: [a piscina abre ao domingo ], en: [x] }", ["-    examples: { pt: [a piscina abre ao domingo ], en: [x] }", "+    examples: { pt: [a piscina abre ao domingo, 'a piscina, fecha: quando?' ], en: [x] }"]],
    ['into a list with a line for each', '    examples:\n      pt:\n        - abre ao domingo # pergunta muito\n      en: [x]', ["+        - 'a piscina, fecha: quando?'"]],
    ['into a list with brackets and lines', '    examples:\n      pt: [\n        abre ao domingo, # pergunta muito\n        abre à noite,\n      ]', ["+        'a piscina, fecha: quando?',"]],
    ['into an empty list', '    examples: { pt: [] }', ['-    examples: { pt: [] }', "+    examples: { pt: ['a piscina, fecha: quando?'] }"]],
    ['into a list without a language', '    examples: [abre ao domingo]', ['-    examples: [abre ao domingo]', "+    examples: [abre ao domingo, 'a piscina, fecha: quando?']"]],
    ['beside another language', '    examples: { en: [x] }', ['-    examples: { en: [x] }', "+    examples: { en: [x], pt: ['a piscina, fecha: quando?'] }"]],
    ['where there were none', '    topic: desporto', ["+    examples: { pt: ['a piscina, fecha: quando?'] }"]],
  ])('%s', (_, examples, wanted) => {
    expect(added(file(examples)).toSorted()).toEqual(wanted.toSorted())
  })

  test('of a file from Windows', () => {
    const before = file('    examples:\n      pt:\n        - abre ao domingo').replaceAll('\n', '\r\n')
    const after = addExample(before, example)
    expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(after).toContain("- abre ao domingo\r\n        - 'a piscina, fecha: quando?'\r\n")
  })

  test('of an answer that is a line of its own', () => {
    const after = addExample(file('    topic: desporto'), { ...example, id: 'outra', phrase: 'e outra?' })
    expect(after).toContain("outra: { question: Outra coisa?, examples: { pt: [e outra?] }, say: Sim. }")
  })

  test('even where it can only be written anew: a list that two answers share stays as it is for the other', () => {
    const shared = 'answers:\n  a: { question: A?, examples: &x [um dois tres], say: A }\n  b:\n    question: B?\n    examples: *x\n    say: B\n'
    const after = parse(addExample(shared, { ...example, id: 'b', phrase: 'mais um' })) as { answers: Record<string, { examples: unknown }> }
    expect([after.answers.a?.examples, after.answers.b?.examples]).toEqual([['um dois tres'], { pt: ['mais um'] }])
  })

  test.each(['"', "'", '#não', '- traço', '{ {{ town.name }}', 'a: b', '\u202e\u200bolá 🦜', 'sim', '12', '[', '* & !', 'fim,'])('whatever the words are: %s', (phrase) => {
    for (const examples of ['    examples: { pt: [x] }', '    examples:\n      pt:\n        - x', '    topic: t']) {
      const after = parse(addExample(file(examples), { ...example, phrase })) as { answers: { piscina: { examples: { pt: string[] } } } }
      expect(after.answers.piscina.examples.pt.at(-1)).toBe(phrase)
    }
  })

  test('in every answer and form of the sample town, by one added or changed line', async () => {
    const sources = await readSources('config/bot')
    const { rulebook } = await loadRulebook('config/bot')
    const refs = [...Object.keys(rulebook!.answers).map((id) => `answer.${id}`), ...Object.keys(rulebook!.forms).map((id) => `form.${id}`)]
    for (const ref of refs) {
      const changed = changeFile(rulebook!, sources, { do: 'example', ref, language: 'pt', phrase: 'palavras novas, ditas agora' })
      expect(diffOf(changed!.before, changed!.after, 0).filter(({ kind }) => kind === 'added'), ref).toHaveLength(1)
    }
    expect(refs.length).toBeGreaterThan(60)
  })
})

describe('a new answer', () => {
  test('stands at the end of the answers of its file, before what follows them', () => {
    const before = `${file('    topic: desporto')}\n# ligações\nlinks: { a: { label: A, url: "https://a.example" } }\n`
    const after = addAnswer(before, 'sauna', { question: { pt: 'Há sauna?' }, say: { pt: 'Há.\nAo sábado.' } })
    expect(diffOf(before, after, 0).every(({ kind }) => kind === 'added')).toBe(true)
    expect(Object.keys((parse(after) as { answers: object }).answers)).toEqual(['piscina', 'outra', 'sauna'])
    expect(after.indexOf('sauna')).toBeLessThan(after.indexOf('# ligações'))
  })

  test('begins the answers of a file that has none', () => {
    const after = addAnswer('# só ligações\nlinks: {}\n', 'sauna', { question: { pt: 'Há sauna?' }, say: { pt: 'Há.' } })
    expect(after).toContain('# só ligações')
    expect(parse(after)).toMatchObject({ answers: { sauna: { say: { pt: 'Há.' } } } })
  })
})

describe('a review', () => {
  const book = bookOf(smallTown)
  const files = { rulebook: [{ name: '/town/bot/town.yaml', text: smallTown }], transcripts: [] as { name: string; text: string }[] }
  const words: Change = { do: 'example', ref: 'answer.biblioteca', language: 'pt', phrase: 'onde requisito romances policiais' }
  const answer: Change = { do: 'answer', file: 'town.yaml', language: 'pt', phrase: 'têm tanque aquecido', question: { pt: 'Onde fica o tanque aquecido?' }, say: { pt: 'Na cave.' } }

  test('says what becomes of the words', () => {
    const { problems, failures, now, then, file: changed } = reviewChange(book, files, {}, words)!
    expect([problems, failures]).toEqual([[], []])
    expect(changed.ref).toBe('answer.biblioteca')
    expect([now.sentence, then?.sentence]).toEqual([undefined, 'answer.biblioteca'])
  })

  test('gives a new answer a name, keywords that nobody else has, and its words', () => {
    const review = reviewChange(book, files, {}, answer)!
    expect(review.problems).toEqual([])
    expect(review.file.ref).toBe('answer.fica-tanque-aquecido')
    expect(review.book?.answers['fica-tanque-aquecido']).toMatchObject({ examples: { pt: ['têm tanque aquecido'] }, then: 'helpful' })
    expect(review.then?.sentence).toBe(review.file.ref)
    const again = { ...files, rulebook: [{ name: '/town/bot/town.yaml', text: review.file.after }] }
    expect(reviewChange(review.book!, again, {}, { ...answer, phrase: 'outra coisa qualquer' })?.file.ref).toBe('answer.fica-tanque-aquecido-2')
  })

  test('of words that belong to another answer says so at their line, and what cannot be is nothing', () => {
    const { book: then, problems } = reviewChange(book, files, {}, { ...words, phrase: 'a piscina abre ao domingo' })!
    expect(then).toBeUndefined()
    expect(problems[0]).toMatchObject({ message: '«a piscina abre ao domingo» also belongs to answer.piscina', severity: 'error' })
    expect(problems[0]!.line).toBeGreaterThan(1)
    expect(reviewChange(book, files, {}, { ...words, ref: 'answer.nada' })).toBeUndefined()
    expect(reviewChange(book, files, {}, { ...answer, file: 'nada.yaml' })).toBeUndefined()
  })

  test('plays the transcripts with the change in it', () => {
    const transcripts = [{ name: 't.yaml', text: "transcripts:\n  - name: romances\n    turns:\n      - { citizen: onde requisito romances policiais, not: largo da igreja }\n" }]
    expect(reviewChange(book, { ...files, transcripts }, {}, words)?.failures).toEqual([expect.stringContaining('must not say')])
  })
})
