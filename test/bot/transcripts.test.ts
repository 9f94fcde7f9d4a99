import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadRulebook } from '../../src/bot/load.ts'
import { readSources } from '../../src/bot/sources.ts'
import { reload } from '../../src/bot/reload.ts'
import { asJunit } from '../../src/bot/tools/junit.ts'
import { playTranscripts } from '../../src/bot/tools/transcripts.ts'
import { bookOf, smallTown } from './town.ts'

const transcript = (text: string) => [{ name: 't.yaml', text }]
const rulebook = (text: string) => [{ name: 'bot.yaml', text }]

test('the sample town’s transcripts pass, and reach every command, menu, answer, step and rung', async () => {
  const { rulebook: book } = await loadRulebook('config/bot')
  const { outcomes, coverage } = playTranscripts(book!, await readSources('test/bot/transcripts'))
  expect(outcomes.flatMap(({ failures }) => failures)).toEqual([])
  expect(coverage.missed).toEqual([])
  expect(coverage.percent).toBe(100)
})

describe('a transcript', () => {
  const book = bookOf(smallTown)
  test.each([
    [
      'says what was expected and what was said',
      "transcripts:\n  - name: x\n    turns:\n      - { citizen: 'qual é o horário da piscina?', bot: às 20h }",
      't.yaml:4 «qual é o horário da piscina?»: expected «às 20h», the bot said «Das 9h às 19h',
    ],
    [
      'says which choices there were',
      'transcripts:\n  - name: x\n    turns:\n      - { citizen: olá }\n      - { press: Museu }',
      't.yaml:5 there is no choice «Museu» to press: Piscina | Pedido',
    ],
    [
      'says what the bot did instead',
      'transcripts:\n  - name: x\n    turns:\n      - { citizen: operador, does: [{ do: hand-off, departmentId: desporto }] }',
      '"departmentId":"geral"',
    ],
    [
      'that is misspelt is not passed over',
      'transcripts:\n  - name: x\n    turns:\n      - { citizen: olá, bto: Olá }',
      'unknown key "bto": did you mean "bot"?',
    ],
  ])('%s', (_, text, failure) => {
    expect(
      playTranscripts(book, transcript(text))
        .outcomes.flatMap(({ failures }) => failures)
        .join('\n'),
    ).toContain(failure)
  })

  test('has its own clock, in the town’s time zone, and says what nobody tried', () => {
    const text =
      'transcripts:\n  - name: x\n    departments: closed\n    at: 2026-07-06T20:00\n    opensAt: 2026-07-07T09:00\n    turns:\n      - { citizen: operador, bot: amanhã às 09:00 }'
    const { outcomes, coverage } = playTranscripts(book, transcript(text))
    expect(outcomes).toEqual([{ file: 't.yaml', name: 'x', failures: [] }])
    expect(coverage.reached).toContain('command.operator')
    expect(coverage.missed).toContain('step.pedido.nif')
  })

  test('is told to CI as JUnit, whatever was said in it', () => {
    const text = 'transcripts:\n  - name: "<x> & y"\n    turns:\n      - { citizen: olá, bot: "\\u0007 <b>" }'
    const junit = asJunit(playTranscripts(book, transcript(text)))
    expect(junit).toContain('<testsuite name="bot" tests="1" failures="1">')
    expect(junit).toContain('name="&lt;x> &amp; y"')
    expect(junit).not.toMatch(/[\u0000-\u0008]/)
  })
})

describe('a reload', () => {
  const old = bookOf(smallTown)
  const passing = transcript(
    'transcripts:\n  - name: x\n    turns:\n      - { citizen: a piscina abre ao domingo, bot: Das 9h }',
  )

  test('takes a rulebook that is right and passes', () => {
    const result = reload(old, {
      rulebook: rulebook(smallTown.replace('253 111 222', '253 111 333')),
      transcripts: passing,
    })
    expect(result).toMatchObject({ isNew: true, reasons: [] })
    expect(result.rulebook?.town.phone).toBe('253 111 333')
  })

  test('keeps the old one when the new one is wrong, and says why', () => {
    const result = reload(old, {
      rulebook: rulebook(smallTown.replace('go: answer.piscina', 'go: answer.x')),
      transcripts: passing,
    })
    expect(result).toMatchObject({ rulebook: old, isNew: false })
    expect(result.reasons.join()).toContain('there is no answer "x"')
  })

  test('keeps the old one when a transcript fails, and says which', () => {
    const result = reload(old, { rulebook: rulebook(smallTown.replace('Das 9h', 'Das 8h')), transcripts: passing })
    expect(result).toMatchObject({ rulebook: old, isNew: false })
    expect(result.reasons.join()).toContain('expected «Das 9h»')
  })

  test('of the same files changes nothing', () => {
    expect(reload(old, { rulebook: [{ name: 'town.yaml', text: smallTown }], transcripts: passing })).toEqual({
      rulebook: old,
      isNew: false,
      reasons: [],
    })
  })

  test('reads only the YAML files of a folder, in one order', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'balcao-bot-'))
    await writeFile(join(folder, 'b.yaml'), 'version: 1')
    await writeFile(join(folder, 'a.yml'), smallTown)
    await writeFile(join(folder, 'notes.txt'), await readFile('package.json'))
    expect((await readSources(folder)).map(({ name }) => name)).toEqual([join(folder, 'a.yml'), join(folder, 'b.yaml')])
    expect((await loadRulebook(folder)).rulebook?.town.name).toBe('Vila Pequena')
  })
})
