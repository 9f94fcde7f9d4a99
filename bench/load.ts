/** Starts the process that makes load, and hears from it. */

import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { CrowdLoad, CrowdNews, LoadResult, WebhookLoad } from './load-process.ts'

const file = fileURLToPath(new URL('load-process.ts', import.meta.url))

function begin<News>(load: WebhookLoad | CrowdLoad): { next(): Promise<News>; go(): void } {
  const child = fork(file)
  const waiting: { resolve: (news: News) => void; reject: (error: Error) => void }[] = []
  const heard: (News | Error)[] = []
  const give = (news: News | Error) => {
    const one = waiting.shift()
    if (!one) heard.push(news)
    else if (news instanceof Error) one.reject(news)
    else one.resolve(news)
  }
  child.on('message', (news: News & { error?: string }) => give(news.error === undefined ? news : new Error(news.error)))
  child.once('disconnect', () => give(new Error('the load has ended, and nothing more was heard of it')))
  child.send(load)
  return {
    next: () => new Promise((resolve, reject) => {
      waiting.push({ resolve, reject })
      const known = heard.shift()
      if (known !== undefined) give(known)
    }),
    go: () => child.send('go'),
  }
}

export const loadWebhooks = (load: Omit<WebhookLoad, 'task'>): Promise<LoadResult> => begin<LoadResult>({ task: 'webhooks', ...load }).next()

/** `whileIdle` runs when all are connected and nobody has written yet; `whileBusy` just before they write. */
export async function loadCrowd(load: Omit<CrowdLoad, 'task'>, whileIdle: () => Promise<void>): Promise<LoadResult> {
  const { next, go } = begin<CrowdNews>({ task: 'crowd', ...load })
  await next()
  await whileIdle()
  go()
  return await next() as { at: 'done' } & LoadResult
}
