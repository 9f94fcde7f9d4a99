/** Refuses a server that may forget what it has confirmed: "stored" is the word we give to every vendor. */

import pg from 'pg'

const promises = ['fsync', 'full_page_writes', 'synchronous_commit'] as const

export async function refuseUnsafe(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ name: string }>(
      'select name from pg_settings where name = any($1) and setting = $2 order by name', [promises, 'off'])
    if (rows.length > 0) {
      const off = rows.map(({ name }) => name).join(', ')
      throw new Error(`the PostgreSQL server has ${off} off and would lose messages in a power cut: set ${off} = on in its postgresql.conf`)
    }
  } finally {
    await client.end().catch(() => undefined)
  }
}
