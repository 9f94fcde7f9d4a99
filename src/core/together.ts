/** Questions that come while an earlier one is being answered are asked together, as one. */

/** When asking together fails, each is asked alone: what is wrong with one is not the others' fault. */
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
        if (all.length === 1) all[0]!.reject(error)
        else await Promise.all(all.map(({ asked, resolve, reject }) => ask([asked]).then(([answer]) => resolve(answer!), reject)))
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
