import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import writeExcelFile from 'write-excel-file/node'
import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { botCommands } from '../../src/bot/commands.ts'
import { createResponder } from '../../src/bot/respond.ts'
import { readTable } from '../../src/bot/tools/csv.ts'
import { asLines, explain } from '../../src/bot/tools/explain.ts'
import { asYaml, readImport, suggestKeywords } from '../../src/bot/tools/import-answers.ts'
import { replay } from '../../src/bot/tools/replay.ts'
import { departmentsOf, wallTime } from '../../src/bot/tools/simulate.ts'
import { talk } from '../../src/bot/tools/talk.ts'
import { readRulebook } from '../../src/bot/rulebook.ts'
import { bookOf, department, smallTown } from './town.ts'

const book = bookOf(smallTown)

describe('an import', () => {
  const rows = [
    ['Pergunta', 'Resposta', 'Assunto'],
    ['Como peço o cartão de leitor?', 'Ao balcão; é "grátis".', 'Biblioteca'],
    ['', 'nada', ''],
    ['Onde fica o museu?', 'Na praça.', ''],
  ]
  const csv = rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(';')).join('\r\n')

  test('reads a CSV with semicolons, quotes and a mark at its start', async () => {
    const imported = await readImport('a.csv', Buffer.from(`\ufeff${csv}`))
    expect(imported.map(({ question, answer, topic }) => [question, answer, topic])).toEqual([
      ['Como peço o cartão de leitor?', 'Ao balcão; é "grátis".', 'biblioteca'],
      ['Onde fica o museu?', 'Na praça.', undefined],
    ])
    expect(readTable('a,b\n"x\ny",2\n')).toEqual([
      ['a', 'b'],
      ['x\ny', '2'],
    ])
    expect(() => readTable('a\n"x')).toThrow('never closed')
  })

  test('reads the same from XLSX', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'balcao-import-')), 'a.xlsx')
    await writeFile(
      file,
      await writeExcelFile(rows.map((row) => row.map((value) => ({ type: String, value })))).toBuffer(),
    )
    expect(await readImport(file, await readFile(file))).toEqual(await readImport('a.csv', Buffer.from(csv)))
  })

  test('reads the questions of a web page that says FAQPage, without its tags', async () => {
    const page = {
      '@context': 'https://schema.org',
      '@graph': [
        {
          '@type': 'FAQPage',
          mainEntity: [
            {
              '@type': 'Question',
              name: 'Há &amp; quando?',
              acceptedAnswer: { '@type': 'Answer', text: '<p>Sim.</p><ul><li>Um</li></ul><script>x</script>' },
            },
          ],
        },
      ],
    }
    const html = `<html><script type="application/ld+json">${JSON.stringify(page).replaceAll('</', '<\\/')}</script></html>`
    expect(await readImport('a.html', Buffer.from(html))).toEqual([{ question: 'Há & quando?', answer: 'Sim.\nUm\nx' }])
    await expect(readImport('a.json', Buffer.from('{"@type":"Thing"}'))).rejects.toThrow('no FAQPage')
    await expect(readImport('a.csv', Buffer.from('x;y\n1;2'))).rejects.toThrow('«pergunta» and «resposta»')
  })

  test('makes a rulebook that is right, with keywords that tell the answers apart', async () => {
    const yaml = asYaml(await readImport('a.csv', Buffer.from(csv)))
    const answers = (parse(yaml) as { answers: Record<string, { keywords: { pt: string[] } }> }).answers
    expect(Object.values(answers)[0]?.keywords.pt).toContain('cartão de leitor')
    const { problems } = readRulebook([{ name: 'a.yaml', text: yaml }])
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(suggestKeywords('Onde fica o museu?', [])).toEqual(['museu'])
  })

  test('gives two questions of one name two names', () => {
    const twice = [
      { question: 'Onde fica o museu?', answer: 'A' },
      { question: 'Onde fica o museu', answer: 'B' },
    ]
    expect(Object.keys((parse(asYaml(twice)) as { answers: object }).answers)).toHaveLength(2)
  })
})

test('explain says the zone, the scores, what wins over them, and why what is sure is not said at once', () => {
  expect(asLines(explain(book, 'qual é o horario da picina?')).join('\n')).toMatch(
    /zone\s+answer[\s\S]*«picina»[\s\S]*answer\.piscina/,
  )
  expect(asLines(explain(book, 'quantas pessoas cabem na piscina')).join('\n')).toMatch(/zone\s+suggest\nnot at once it asks/)
  expect(asLines(explain(book, 'quero reclamar do horário da piscina')).join('\n')).toMatch(/zone\s+suggest\nnot at once something else is wished for/)
  expect(asLines(explain(book, 'operador'))[1]).toContain('handover')
  expect(explain(book, 'a piscina abre ao domingo').sentence).toBe('answer.piscina')
})

test('talk shows numbers on a channel without buttons, and what the bot does besides', async () => {
  const output = new PassThrough()
  const scene = {
    channel: 'sms',
    language: 'pt' as const,
    now: wallTime('2026-12-25T10:00', 'Europe/Lisbon'),
    citizen: { name: null, attributes: {}, isNew: true },
    departments: () => [department('geral', { open: false, opensAt: new Date('2026-12-28T09:00:00Z') })],
  }
  await talk(createResponder(book), scene, Readable.from(['1\n', 'operador\n']), output, () => 0)
  const shown = String(output.read())
  expect(shown).toContain('1. Piscina\n2. Pedido')
  expect(shown).toContain('Agora está fechada.')
  expect(shown).toContain('segunda-feira, 28 de dezembro às 09:00')
  expect(shown).toContain('(hand-off, reason: asked, departmentId: geral')
})

test('replay names only what the bot would say differently, and stops where people took over', async () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute))
  const stored = [
    {
      reference: 'BAL-2026-000007',
      channel: 'webchat',
      language: 'pt' as const,
      messages: [
        { at: at(0), by: 'citizen' as const, text: 'a piscina abre ao domingo' },
        { at: at(0), by: 'bot' as const, text: 'Das 9h às 18h.' },
        { at: at(1), by: 'citizen' as const, text: 'obrigado' },
        { at: at(1), by: 'bot' as const, text: 'De nada. Se precisar de mais alguma coisa, é só escrever.' },
        { at: at(2), by: 'operator' as const, text: 'Boa tarde, posso ajudar?' },
        { at: at(3), by: 'citizen' as const, text: 'xpto' },
      ],
    },
  ]
  const found = []
  for await (const each of replay(createResponder(book), stored, () => departmentsOf(book).map((id) => department(id))))
    found.push(each)
  expect(found).toEqual([
    {
      reference: 'BAL-2026-000007',
      at: at(0),
      citizen: 'a piscina abre ao domingo',
      then: ['Das 9h às 18h.'],
      now: ['Das 9h às 19h. Ligue 253 111 222.\n\nIsto ajudou?'],
    },
  ])
})

test('a time on the wall is found in summer, in winter, and in the Azores', () => {
  expect(wallTime('2026-07-01T10:00', 'Europe/Lisbon').toISOString()).toBe('2026-07-01T09:00:00.000Z')
  expect(wallTime('2026-12-25T10:00', 'Europe/Lisbon').toISOString()).toBe('2026-12-25T10:00:00.000Z')
  expect(wallTime('2026-12-25', 'Atlantic/Azores').toISOString()).toBe('2026-12-25T11:00:00.000Z')
  expect(() => wallTime('amanhã', 'Europe/Lisbon')).toThrow('write 2026-12-25T10:00')
})

test('every tool is a command, and a rulebook that is wrong is named instead of a stack', async () => {
  const program = new Command('balcao')
  botCommands(program, async () => ({ folder: 'test/bot/transcripts' }))
  const bot = program.commands.find((command) => command.name() === 'bot')
  expect(bot?.commands.map((command) => command.name())).toEqual([
    'talk',
    'test',
    'explain',
    'eval',
    'import',
    'replay',
  ])
  await expect(program.parseAsync(['bot', 'explain', 'olá'], { from: 'user' })).rejects.toThrow(
    'unknown key "transcripts"',
  )
})
