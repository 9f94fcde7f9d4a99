/** `balcao check [FILE]`: is everything that people wrote right? Nothing is started. */

import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { kinds } from '../channels/index.ts'
import { loadConfig, type Config } from '../config.ts'
import { CalendarError, parseCalendar } from '../core/calendar-file.ts'
import { formatProblem, type Problem } from '../core/document.ts'
import { configFile } from './config-file.ts'

export function checkCommand(program: Command): void {
  program.command('check [file]')
    .description('read gateway.yaml, the calendar and the rulebook, and name every problem with its line')
    .option('--json', 'print the problems as JSON')
    .action(async (file: string | undefined, { json }: { json?: boolean }) => {
      const { problems, summary } = await checkAll(configFile(file))
      const errors = problems.filter(({ severity }) => severity === 'error').length
      if (json) console.log(JSON.stringify(problems, null, 2))
      else for (const problem of problems) console.error(formatProblem(problem))
      if (errors > 0) process.exitCode = 1
      else if (!json) console.log(summary)
    })
}

async function checkAll(file: string): Promise<{ problems: Problem[]; summary: string }> {
  const read = await loadConfig(file, kinds, { thorough: true })
  if ('problems' in read) return { problems: read.problems, summary: '' }
  const { config, warnings } = read
  const on = config.channels.filter(({ enabled }) => enabled).length
  return {
    problems: [...warnings, ...await checkCalendar(config), ...await checkRulebook(config)],
    summary: `${file} is right: ${on} of ${config.channels.length} channels on, ${config.departments.length} departments.`,
  }
}

async function checkCalendar(config: Config): Promise<Problem[]> {
  const file = config.calendarFile
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    return [{ file, line: 1, column: 1, path: '', message: `the calendar cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`, severity: 'error' }]
  }
  try {
    parseCalendar(text, file)
    return []
  } catch (error) {
    if (error instanceof CalendarError) return error.problems
    throw error
  }
}

async function checkRulebook(config: Config): Promise<Problem[]> {
  if (!config.bot.enabled) return []
  const { loadRulebook } = await import('../bot/load.ts')
  return (await loadRulebook(config.bot.folder, { departments: config.departments.map(({ id }) => id), connections: Object.keys(config.connections) })).problems
}
