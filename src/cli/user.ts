/** `balcao user …`: operators, for whoever has the terminal. The inbox has the same for admins. */

import type { Command } from 'commander'
import type { Config } from '../config.ts'
import type { Role } from '../core/model.ts'
import { readConfig } from './config-file.ts'
import type { Operators } from './operators.ts'

const roles: readonly Role[] = ['operator', 'supervisor', 'admin']

export function userCommand(program: Command): void {
  const user = program.command('user').description('operators: add, list, disable, enable, reset')
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
        const link = await operators.add({ email, name: options.name, role, departments })
        console.log(`${email} is in. The password is chosen here, once:\n${link}`)
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
      console.log(link)
    }, config))
}

async function withOperators(work: (operators: Operators, config: Config) => Promise<void>, file: string | undefined): Promise<void> {
  const config = await readConfig(file)
  if (!config) return
  const [{ withDatabase }, { openOperators }] = await Promise.all([import('./with-database.ts'), import('./operators.ts')])
  await withDatabase(config, async (pool) => work(await openOperators(config, pool), config))
}

function fail(why: string): void {
  console.error(why)
  process.exitCode = 1
}
