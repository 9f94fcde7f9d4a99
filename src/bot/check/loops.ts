/** What happens at once must come to an end: answer → answer → …, form → form → … */

import type { Check } from '../rulebook.ts'

export const checkLoops: Check = (book, report) => {
  const next = new Map<string, { go: string; path: (string | number)[] }>()
  for (const [id, { then }] of Object.entries(book.answers)) {
    if (then && then !== 'helpful') next.set(`answer.${id}`, { go: then, path: ['answers', id, 'then'] })
  }
  for (const [id, { then }] of Object.entries(book.forms)) {
    if (then) next.set(`form.${id}`, { go: then, path: ['forms', id, 'then'] })
  }
  for (const [id, { go }] of Object.entries(book.commands)) {
    if (go) next.set(`command.${id}`, { go, path: ['commands', id, 'go'] })
  }
  const told = new Set<string>()
  for (const start of next.keys()) {
    const way = [start]
    for (let step = next.get(start); step; step = next.get(step.go)) {
      const from = way.indexOf(step.go)
      if (from >= 0) {
        const loop = way.slice(from)
        if (!loop.some((each) => told.has(each)))
          report(step.path, `goes round in circles: ${[...loop, step.go].join(' → ')}`)
        for (const each of loop) told.add(each)
        break
      }
      way.push(step.go)
    }
  }
}
