/** An operator's page as far as it can miss something: what it heard live, and what it read anew after each cut. */

import type { ConversationSummary, LiveEvent, Page } from '../src/operator-api.types.ts'
import { readEvents } from '../src/channels/webchat/widget/line.ts'
import type { Desk } from './sign-in.ts'

export interface InboxWatcher {
  /** The newest number of each conversation, as the page shows it. */
  end(): Promise<Map<string, number>>
}

export function watchInbox(desk: Desk, url: string): InboxWatcher {
  const shown = new Map<string, { version: number; lastSeq: number }>()
  const over = new AbortController()

  const take = ({ id, version, lastSeq }: ConversationSummary) => {
    if ((shown.get(id)?.version ?? -1) < version) shown.set(id, { version, lastSeq })
  }

  /** As the page does when a line is new: everything that it shows is read again. */
  async function readAll(): Promise<void> {
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: Page<ConversationSummary> | undefined } = await desk.ask<Page<ConversationSummary>>(url, 'GET', `/api/conversations?view=all&limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
      if (!body?.rows) {
        // Cut once more, in the middle of it.
        if (over.signal.aborted) return
        await new Promise((resolve) => setTimeout(resolve, 200))
        continue
      }
      body.rows.forEach(take)
      cursor = body.next
    }
  }

  const watching = (async () => {
    while (!over.signal.aborted) {
      await readEvents(`${url}/api/live`, { cookie: desk.cookie }, over.signal, (_event, data) => {
        const event = JSON.parse(data) as LiveEvent
        if (event.type === 'hello') void readAll()
        if (event.type === 'conversations') event.changed.forEach(take)
      }).catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
  })()
  return {
    async end() {
      over.abort()
      await watching
      return new Map([...shown].map(([id, { lastSeq }]) => [id, lastSeq]))
    },
  }
}
