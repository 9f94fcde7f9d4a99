/** A function of one word that is worked out once a word: people use few, again and again. Bounded: when it is full, it starts anew. */

const mostRemembered = 20_000

export function remembering<T>(work: (word: string) => T, most = mostRemembered): (word: string) => T {
  const known = new Map<string, T>()
  return (word) => {
    const before = known.get(word)
    if (before !== undefined) return before
    if (known.size >= most) known.clear()
    const result = work(word)
    known.set(word, result)
    return result
  }
}
