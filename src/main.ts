/** The command line: `balcao start`, `check`, `doctor`, `user` and the rest. Each command is a file in cli/. */

import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { backupCommands } from './cli/backup.ts'
import { channelCommand } from './cli/channel.ts'
import { citizenCommand } from './cli/citizen.ts'
import { checkCommand } from './cli/check.ts'
import { doctorCommand } from './cli/doctor.ts'
import { schemaCommand } from './cli/schema.ts'
import { startCommand } from './cli/start.ts'
import { userCommand } from './cli/user.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

const program = new Command('balcao')
  .description('Balcão: one counter for every channel of a town hall')
  .version(version)
  .showHelpAfterError()

startCommand(program)
checkCommand(program)
schemaCommand(program)
doctorCommand(program)
userCommand(program)
citizenCommand(program)
channelCommand(program)
// Its own command line is large, and so are the tools behind it.
if (process.argv[2] === 'bot') (await import('./cli/bot.ts')).botCommand(program)
else program.command('bot').description('talk to the bot, test it, and see why it answers as it does')
backupCommands(program)

try {
  await program.parseAsync()
} catch (error) {
  // What a person can mend is said without a stack.
  process.stderr.write(`${process.env.LOG_LEVEL === 'debug' ? (error as Error).stack : (error as Error).message}\n`)
  // Whatever the command had opened would keep the process alive.
  process.exit(1)
}
