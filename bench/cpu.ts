/** CPU that this process and PostgreSQL have used: steadier than messages a second where others use the machine too. Known on Linux, with a server of the same machine. */

import { readdirSync, readFileSync } from 'node:fs'
import pg from 'pg'

export interface Cpu { gateway: number; database: number }

/** Starts to count; asked, it gives milliseconds since then. undefined: this machine does not tell. */
export async function countCpu(databaseUrl: string): Promise<(() => Cpu) | undefined> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const server = statOf(rows[0]!.pid)
  await client.end()
  if (server?.name !== 'postgres') return undefined
  const begun = databaseMs(server.parent)
  const from = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(from)
    return { gateway: (user + system) / 1_000, database: databaseMs(server.parent) - begun }
  }
}

/** Of the server, those of its processes that live, and those that have ended. */
function databaseMs(postmaster: number): number {
  let ms = 0
  for (const entry of readdirSync('/proc')) {
    const stat = /^\d+$/.test(entry) ? statOf(Number(entry)) : undefined
    if (Number(entry) === postmaster) ms += stat!.ownMs + stat!.endedMs
    else if (stat?.parent === postmaster) ms += stat.ownMs
  }
  return ms
}

const msPerTick = 10

function statOf(pid: number): { name: string; parent: number; ownMs: number; endedMs: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const end = text.lastIndexOf(')')
    const fields = text.slice(end + 2).split(' ').map(Number)
    const ms = (from: number) => (fields[from]! + fields[from + 1]!) * msPerTick
    return { name: text.slice(text.indexOf('(') + 1, end), parent: fields[1]!, ownMs: ms(11), endedMs: ms(13) }
  } catch {
    return undefined
  }
}
