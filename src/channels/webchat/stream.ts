/** GET /events: what is new for one visitor, as server-sent events. Resumes from a cursor, so a cut loses nothing. */

import type { ServerResponse } from 'node:http'
import type { Host } from '../../core/channel.ts'
import type { Address } from '../../core/model.ts'
import { tooMany } from './answer.ts'
import { pageSize, readAfter, type Visit } from './messages.ts'
import type { WebchatConfig } from './config.ts'
import type { WebchatPayload } from './payload.ts'
import { plainCursor, present } from './present.ts'
import type { Entry, News } from './protocol.ts'

export interface Streams {
  open(visit: Visit): void
  /** Ends every one; the pages come again. */
  close(): void
}

/** Proxies cut a line that is silent for half a minute. */
const pingMs = 15_000

export function openStreams(config: WebchatConfig, host: Host<WebchatPayload>): Streams {
  const open = new Set<() => void>()
  const counts = new Map<string, number>()
  const count = (key: string, by: number) => {
    const total = (counts.get(key) ?? 0) + by
    if (total > 0) counts.set(key, total)
    else counts.delete(key)
  }

  return {
    open({ address, network, request, response }) {
      const after = readAfter(request, response)
      if (after === null) return
      if ((counts.get(address) ?? 0) >= config.limits.streamsPerVisitor || (counts.get(network) ?? 0) >= config.limits.streamsPerAddress) return tooMany(response, 10_000)
      for (const key of [address, network]) count(key, 1)
      const end = follow(address, after, host, response, () => {
        open.delete(end)
        for (const key of [address, network]) count(key, -1)
      })
      open.add(end)
    },
    close() {
      for (const end of [...open]) end()
    },
  }
}

function follow(address: Address, after: string | undefined, host: Host<WebchatPayload>, response: ServerResponse, ended: () => void): () => void {
  let cursor = after
  let reading = false
  let again = false
  let over = false
  let standing: string | undefined
  /** What this page has been told of each entry that may still change. */
  const told = new Map<string, string>()

  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache, no-store, no-transform', 'x-accel-buffering': 'no', 'x-content-type-options': 'nosniff',
  })
  // The first bytes tell the page that no proxy holds them back.
  response.write(': open\n\n')
  const ping = setInterval(() => response.write(': ping\n\n'), pingMs)
  const unfollow = host.reader.follow(address, ({ typing }) => (typing ? response.write('event: typing\ndata: {}\n\n') : void read()))

  function end(): void {
    if (over) return
    over = true
    clearInterval(ping)
    unfollow()
    response.end()
    ended()
  }
  response.on('close', end)
  response.on('error', end)

  async function read(): Promise<void> {
    again = true
    if (reading) return
    reading = true
    try {
      while (again && !over) {
        again = false
        const news = present(await host.reader.history(address, cursor, pageSize), pageSize)
        const isFirst = standing === undefined
        cursor = plainCursor(news.cursor)
        again ||= news.more
        const fresh = { ...news, changes: news.changes.filter(differs) }
        for (const entry of news.entries) differs(entry)
        forgetOld()
        const now = JSON.stringify(news.conversation)
        if (!isFirst && fresh.entries.length === 0 && fresh.changes.length === 0 && now === standing) continue
        standing = now
        await send(fresh)
      }
    } catch (error) {
      host.log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'a citizen’s stream ended; the page comes again')
      end()
    } finally {
      reading = false
    }
  }

  function differs(entry: Entry): boolean {
    const text = JSON.stringify(entry)
    if (told.get(entry.cursor) === text) return false
    told.delete(entry.cursor)
    told.set(entry.cursor, text)
    return true
  }

  function forgetOld(): void {
    for (const key of told.keys()) {
      if (told.size <= 2 * pageSize) return
      told.delete(key)
    }
  }

  /** A page that reads slowly is waited for: what comes meanwhile is in the next reading. */
  async function send(news: News): Promise<void> {
    if (over || response.write(`event: news\nid: ${news.cursor}\ndata: ${JSON.stringify(news)}\n\n`)) return
    await new Promise<void>((resolve) => {
      response.once('drain', resolve)
      response.once('close', resolve)
    })
  }

  void read()
  return end
}
