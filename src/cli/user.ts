/** `balcao user …`: operators, for whoever has the terminal. The inbox has the same for admins. */

import type { Command } from 'commander'
import type { Config } from '../config.ts'
import type { Role } from '../core/model.ts'
import { readConfig } from './config-file.ts'
import { withDatabase } from './with-database.ts'

/** What signing in gives the command line. */
export interface Operators {
  /** Throws when the e-mail is taken. */
  add(operator: { email: string; name: string; role: Role; departments: string[] }): Promise<{ setPasswordUrl: string }>
  list(): Promise<{ email: string; name: string; role: Role; departments: string[]; disabled: boolean }[]>
  /** Also ends the sessions. false: there is nobody with this e-mail. */
  disable(email: string): Promise<boolean>
  enable(email: string): Promise<boolean>
  /** A link that sets a new password, once. undefined: there is nobody with this e-mail. */
  reset(email: string): Promise<{ setPasswordUrl: string } | undefined>
  close(): Promise<void>
}
export type OpenOperators = (config: Config, databaseUrl: string) => Promise<Operators>

const roles: readonly Role[] = ['operator', 'supervisor', 'admin']

export function userCommand(program: Command, open: OpenOperators): void {
  const user = program.command('user').description('operators: add, list, disable, enable, reset')
  const withOperators = (work: (operators: Operators, config: Config) => Promise<void>, file: string | undefined) => inDatabase(open, file, work)
  const command = (usage: string, description: string) => user.command(usage).description(description).option('-c, --config <file>', 'the config file')

  command('add <email>', 'add an operator and print the link that sets the password')
    .requiredOption('-n, --name <name>', 'as colleagues and citizens see it')
    .option('-r, --role <role>', roles.join(', '), 'operator')
    .option('-d, --department <id...>', 'may be given several times; all departments when left out')
    .action((email: string, options: { name: string; role: string; department?: string[]; config?: string }) =>
      withOperators(async (operators, config) => {
        const role = roles.find((each) => each === options.role)
        if (!role) return fail(`there is no role "${options.role}"; there are ${roles.join(', ')}`)
        const known = config.departments.map(({ id }) => id)
        const departments = options.department ?? known
        const stranger = departments.find((each) => !known.includes(each))
        if (stranger) return fail(`there is no department "${stranger}"; there are ${known.join(', ')}`)
        const { setPasswordUrl } = await operators.add({ email, name: options.name, role, departments })
        console.log(`${email} is in. The password is chosen here, once:\n${setPasswordUrl}`)
      }, options.config))

  command('list', 'who may sign in')
    .action(({ config }: { config?: string }) => withOperators(async (operators) => {
      for (const { email, name, role, departments, disabled } of await operators.list()) {
        console.log([email, name, role, departments.join(','), disabled ? 'disabled' : ''].join('\t').trimEnd())
      }
    }, config))

  for (const what of ['disable', 'enable'] as const) {
    command(`${what} <email>`, what === 'disable' ? 'no longer lets an operator in, and ends the sessions' : 'lets an operator in again')
      .action((email: string, { config }: { config?: string }) => withOperators(async (operators) => {
        if (!await operators[what](email)) return fail(`there is no operator with the e-mail ${email}`)
        console.log(`${email} is ${what}d.`)
      }, config))
  }

  command('reset <email>', 'print a link that sets a new password')
    .action((email: string, { config }: { config?: string }) => withOperators(async (operators) => {
      const link = await operators.reset(email)
      if (!link) return fail(`there is no operator with the e-mail ${email}`)
      console.log(link.setPasswordUrl)
    }, config))
}

async function inDatabase(open: OpenOperators, file: string | undefined, work: (operators: Operators, config: Config) => Promise<void>): Promise<void> {
  const config = await readConfig(file)
  if (!config) return
  await withDatabase(config, async (_, url) => {
    const operators = await open(config, url)
    try {
      await work(operators, config)
    } finally {
      await operators.close()
    }
  })
}

function fail(why: string): void {
  console.error(why)
  process.exitCode = 1
}
