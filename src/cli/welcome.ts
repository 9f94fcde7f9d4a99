/** What stands on the terminal once the gateway is ready. */

import type { Config } from '../config.ts'
import { openPool } from '../core/store/schema.ts'
import type { Running } from '../start.ts'

export async function welcome(config: Config, running: Running, databaseUrl: string): Promise<string[]> {
  const invitation = await hasOperators(databaseUrl) ? undefined : await running.invite('admin@localhost')
  return [
    '',
    `  Balcão · ${config.municipality.name}`,
    '',
    `  Página da câmara, com a conversa   ${running.url}/`,
    `  Balcão dos operadores              ${running.url}/inbox/`,
    `  Conversa em página inteira         ${running.url}/chat`,
    ...(invitation ? ['', '  Primeiro operador: escolha a palavra-passe em', `  ${invitation}`] : []),
    '',
  ]
}

async function hasOperators(databaseUrl: string): Promise<boolean> {
  const pool = openPool(databaseUrl, 1, () => undefined)
  try {
    return await pool.db.selectFrom('operator').select('id').limit(1).executeTakeFirst() !== undefined
  } finally {
    await pool.close()
  }
}
