/** `balcao bot …`: talk to it, test it, ask it why, measure it, feed it. */

import { readFile, writeFile } from 'node:fs/promises'
import { stdin, stdout } from 'node:process'
import { Option, type Command } from 'commander'
import { formatProblem } from '../core/document.ts'
import type { DepartmentNow, Language } from '../core/model.ts'
import { loadRulebook } from './load.ts'
import { createResponder } from './respond.ts'
import type { Rulebook, Surroundings } from './rulebook.ts'
import { languages } from './shape/text.ts'
import { readSources } from './sources.ts'
import { asLines, explain } from './tools/explain.ts'
import { asYaml, readImport } from './tools/import-answers.ts'
import { asJunit } from './tools/junit.ts'
import { replay, type StoredConversation } from './tools/replay.ts'
import { departmentsOf, wallTime, type Shown } from './tools/simulate.ts'
import { talk } from './tools/talk.ts'
import { playTranscripts } from './tools/transcripts.ts'
import { evaluate, type EvaluationSet } from './understand/evaluate.ts'

/** What the command line knows of the town beside its rulebook. */
export interface BotWorld {
  folder: string
  surroundings?: Surroundings
  /** Open hours and names as the config has them; weekdays from nine to half past five when left out. */
  departments?(now: Date): DepartmentNow[]
  /** How a kind of channel shows a reply; roughly when it is not known. */
  shownBy?(kind: string): Promise<Shown | undefined>
  /** Stored conversations since then, for replay. */
  conversations?(since: Date): Iterable<StoredConversation> | AsyncIterable<StoredConversation>
  close?(): Promise<void>
}

export function botCommands(
  program: Command,
  open: () => Promise<BotWorld> = async () => ({ folder: 'config/bot' }),
): void {
  const bot = program.command('bot').description('talk to the bot, test it, and see why it answers as it does')
  const within = async (work: (world: BotWorld, book: Rulebook) => Promise<void>) => {
    const world = await open()
    try {
      await work(world, await bookOf(world))
    } finally {
      await world.close?.()
    }
  }
  const language = () => new Option('--language <code>', 'of the citizen').choices([...languages])

  bot
    .command('talk')
    .description('talk to the bot here')
    .option('--channel <kind>', 'as this kind of channel would show it', 'webchat')
    .option('--at <time>', 'as if it were 2026-12-25T10:00')
    .addOption(language())
    .action((options: { channel: string; at?: string; language?: Language }) =>
      within(async (world, book) => {
        const started = Date.now()
        const now = options.at ? wallTime(options.at, book.town.timezone) : new Date(started)
        const scene = {
          channel: options.channel,
          language: options.language ?? book.languages[0],
          now,
          citizen: { name: null, attributes: {}, isNew: true },
          departments: departmentsIn(world, book),
        }
        await talk(createResponder(book), scene, stdin, stdout, () => Date.now() - started, await world.shownBy?.(options.channel))
      }),
    )

  bot
    .command('test')
    .description('play the transcripts, and say what of the rulebook they do not reach')
    .option('--transcripts <folder>', 'where they are', 'test/bot/transcripts')
    .option('--junit <file>', 'write the results as JUnit too')
    .option('--cover <percent>', 'fail below this coverage', '0')
    .action((options: { transcripts: string; junit?: string; cover: string }) =>
      within(async (_, book) => {
        const report = playTranscripts(book, await readSources(options.transcripts))
        if (options.junit) await writeFile(options.junit, asJunit(report))
        const failed = report.outcomes.filter(({ failures }) => failures.length > 0)
        for (const { name, failures } of failed) print([`failed: ${name}`, ...failures.map((each) => `  ${each}`)])
        const { coverage, outcomes } = report
        print([
          `${outcomes.length - failed.length} of ${outcomes.length} transcripts passed; they reach ${coverage.percent} % of the rulebook`,
        ])
        if (coverage.missed.length > 0) print([`not reached: ${coverage.missed.join(', ')}`])
        if (failed.length > 0 || coverage.percent < Number(options.cover)) process.exitCode = 1
      }),
    )

  bot
    .command('explain <text>')
    .description('why the bot would say what it says')
    .option('--json', 'everything, as JSON')
    .addOption(language())
    .action((text: string, options: { json?: boolean; language?: Language }) =>
      within(async (_, book) => {
        const explanation = explain(book, text, options.language)
        print(options.json ? [JSON.stringify(explanation, null, 2)] : asLines(explanation))
      }),
    )

  bot
    .command('eval <file>')
    .description('how well a set of questions is understood, by the answers in the same file')
    .option('--json', 'figures as JSON')
    .action(async (file: string, options: { json?: boolean }) => {
      const figures = evaluate(JSON.parse(await readFile(file, 'utf8')) as EvaluationSet)
      const { kinds, counts, ...numbers } = figures
      if (options.json) return print([JSON.stringify(figures, null, 2)])
      print([
        `${counts.queries} questions on ${counts.answers} answers, ${counts.ood} outside questions, ${counts.commands} commands`,
        ...Object.entries(numbers).map(([name, value]) => `${name.padEnd(16)}${value}`),
        ...Object.entries(kinds).map(
          ([kind, { top1, top3, queries }]) => `${kind.padEnd(16)}top1 ${top1}, top3 ${top3} (${queries})`,
        ),
      ])
    })

  bot
    .command('import <file>')
    .description('questions and answers from CSV, XLSX or a page with FAQPage JSON-LD, as YAML')
    .option('--out <file>', 'write it there instead of here')
    .action(async (file: string, options: { out?: string }) => {
      const yaml = asYaml(await readImport(file, await readFile(file)))
      if (options.out) await writeFile(options.out, yaml, { flag: 'wx' })
      else stdout.write(yaml)
    })

  bot
    .command('replay')
    .description('what the bot would have said differently to those who wrote')
    .option('--days <n>', 'of the last so many days', '7')
    .option('--json', 'one line of JSON a difference')
    .action((options: { days: string; json?: boolean }) =>
      within(async (world, book) => {
        const since = new Date(Date.now() - Number(options.days) * 86_400_000)
        if (!world.conversations) throw new Error('there is no database to read conversations from')
        for await (const each of replay(
          createResponder(book),
          world.conversations(since),
          departmentsIn(world, book),
        )) {
          print(
            options.json
              ? [JSON.stringify(each)]
              : [
                  `${each.reference} ${each.at.toISOString()}`,
                  `  > ${each.citizen}`,
                  ...each.then.map((text) => `  - ${text.replaceAll('\n', '\n    ')}`),
                  ...each.now.map((text) => `  + ${text.replaceAll('\n', '\n    ')}`),
                ],
          )
        }
      }),
    )
}

async function bookOf({ folder, surroundings }: BotWorld): Promise<Rulebook> {
  const { rulebook, problems } = await loadRulebook(folder, surroundings)
  if (!rulebook) throw new Error(problems.map(formatProblem).join('\n'))
  return rulebook
}

function departmentsIn(world: BotWorld, book: Rulebook): (now: Date) => DepartmentNow[] {
  if (world.departments) return (now) => world.departments!(now)
  const ids = departmentsOf(book)
  const zone = book.town.timezone
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' })
  const opening = (now: Date, days: number) => wallTime(`${day.format(now.getTime() + days * 86_400_000)}T09:00`, zone)
  const isWeekday = (date: Date) => date.getUTCDay() % 6 !== 0
  return (now) => {
    const [opens, closes] = [opening(now, 0), new Date(opening(now, 0).getTime() + 8.5 * 3_600_000)]
    const isOpen = isWeekday(opens) && now >= opens && now < closes
    const next = [0, 1, 2, 3].map((days) => opening(now, days)).find((date) => date > now && isWeekday(date)) ?? null
    return ids.map((id) => ({
      id,
      name: id,
      open: isOpen,
      opensAt: isOpen ? null : next,
      waiting: 0,
      operatorsOnline: isOpen ? 1 : 0,
      takesCalls: isOpen,
    }))
  }
}

function print(lines: string[]): void {
  stdout.write(`${lines.join('\n')}\n`)
}
