/** Questions that come while an earlier one is being answered are asked together, as one. */

export function together<Asked, Answer>(ask: (all: Asked[]) => Promise<Answer[]>): (asked: Asked) => Promise<Answer> {
  let waiting: { asked: Asked; resolve: (answer: Answer) => void; reject: (error: unknown) => void }[] = []
  let isAsking = false

  async function askAll(): Promise<void> {
    isAsking = true
    while (waiting.length > 0) {
      const all = waiting
      waiting = []
      try {
        const answers = await ask(all.map(({ asked }) => asked))
        for (const [n, { resolve }] of all.entries()) resolve(answers[n]!)
      } catch (error) {
        for (const { reject } of all) reject(error)
      }
    }
    isAsking = false
  }

  return (asked) => new Promise((resolve, reject) => {
    waiting.push({ asked, resolve, reject })
    // Whatever else comes in this turn of the event loop comes along.
    if (!isAsking && waiting.length === 1) setImmediate(() => void askAll())
  })
}
