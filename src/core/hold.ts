/** Waits to be the one process that holds an exclusive channel. PostgreSQL frees it when we die. */

import pg from 'pg'

export interface Hold {
  /** Resolves when the lock is lost: the channel must be let go at once. */
  lost: Promise<void>
  release(): Promise<void>
}

/** Resolves once held. `signal` gives up waiting. The lock lives on a connection of its own. */
export async function hold(url: string, name: string, signal: AbortSignal): Promise<Hold> {
  for (;;) {
    signal.throwIfAborted()
    const client = new pg.Client({ connectionString: url, keepAlive: true, connectionTimeoutMillis: 3_000 })
    const lost = new Promise<void>((resolve) => {
      client.on('error', () => resolve())
      client.on('end', () => resolve())
    })
    const stop = () => void client.end().catch(() => undefined)
    try {
      await client.connect()
      signal.addEventListener('abort', stop, { once: true })
      await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [`channel ${name}`])
      signal.removeEventListener('abort', stop)
      return { lost, release: async () => void await client.end().catch(() => undefined) }
    } catch {
      signal.removeEventListener('abort', stop)
      stop()
      signal.throwIfAborted()
      // The database is away: try again when it may be back.
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
}
