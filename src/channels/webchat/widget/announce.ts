/** What a screen reader hears: new messages of others, each once, and not a hundred of them one by one. */

import type { Entry } from '../protocol.ts'
import { fill, type Words } from './words.ts'

/** What comes within this time is said together. */
const gatherMs = 700
/** More than this at once is counted instead. */
const maxOneByOne = 3
/** Then it is taken away, so that it is not met a second time when reading line by line. */
const keptMs = 8_000

export interface Announcer {
  say(entries: Entry[], words: Words, nameOf: (entry: Entry) => string): void
}

export function openAnnouncer(log: HTMLElement): Announcer {
  let waiting: Entry[] = []
  let timer = 0

  return {
    say(entries, words, nameOf) {
      waiting.push(...entries)
      if (timer) return
      timer = window.setTimeout(() => {
        timer = 0
        const said = waiting
        waiting = []
        const last = said.at(-1)!
        const lines = said.length > maxOneByOne
          ? [fill(words.manyNews, said.length) + spoken(last, words, nameOf)]
          : said.map((entry) => spoken(entry, words, nameOf))
        for (const line of lines) add(line)
      }, gatherMs)
    },
  }

  function add(line: string): void {
    const item = document.createElement('p')
    item.textContent = line
    log.append(item)
    setTimeout(() => item.remove(), keptMs)
  }
}

function spoken(entry: Entry, words: Words, nameOf: (entry: Entry) => string): string {
  const parts = [
    entry.deleted ? words.deleted : entry.text,
    ...(entry.files ?? []).map(({ name, kind }) => `${kind === 'image' ? words.image : words.file}: ${name}`),
    ...(entry.choices ? [`${words.replies}: ${entry.choices.map(({ label }) => label).join(', ')}`] : []),
  ]
  return `${nameOf(entry)}: ${parts.filter(Boolean).join('. ')}`
}
