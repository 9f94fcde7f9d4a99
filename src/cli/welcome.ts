/** What stands on the terminal once the gateway is ready. */

import { sql } from 'kysely'
import type { Config } from '../config.ts'
import type { Running } from '../start.ts'

/** Signs in first, and lets the others in. */
const firstOperator = 'admin@balcao.local'

export async function welcome(config: Config, running: Running): Promise<string[]> {
  const address = config.server.publicUrl.replace(/:0$/, `:${new URL(running.url).port}`)
  const invitation = await canAnybodySignIn(running) ? undefined : await running.invite(firstOperator)
  return [
    '',
    `  Balcão · ${config.municipality.name}`,
    '',
    `  Página da câmara, com a conversa   ${address}/`,
    `  Balcão dos operadores              ${address}/inbox/`,
    `  Conversa em página inteira         ${address}/chat`,
    ...(invitation ? ['', `  Primeiro operador: ${firstOperator}. Escolha a palavra-passe aqui, uma só vez:`, `  ${invitation}`] : []),
    '',
  ]
}

async function canAnybodySignIn({ gateway }: Running): Promise<boolean> {
  const { rows } = await sql`select from auth_account where password is not null limit 1`.execute(gateway.pool.db)
  return rows.length > 0
}
