/** Times of which the earliest is asked for: what comes and goes costs a few steps, not a look at all. */

export interface Timed { at: number }

export interface Heap<Entry extends Timed> {
  add(entry: Entry): void
  first(): Entry | undefined
  removeFirst(): void
}

export function heap<Entry extends Timed>(): Heap<Entry> {
  const entries: Entry[] = []

  function swap(a: number, b: number): void {
    [entries[a], entries[b]] = [entries[b]!, entries[a]!]
  }

  return {
    add(entry) {
      let place = entries.push(entry) - 1
      for (let above = (place - 1) >> 1; place > 0 && entry.at < entries[above]!.at; above = (place - 1) >> 1) {
        swap(place, above)
        place = above
      }
    },
    first: () => entries[0],
    removeFirst() {
      const last = entries.pop()
      if (!last || entries.length === 0) return
      entries[0] = last
      for (let place = 0; ;) {
        const [left, right] = [2 * place + 1, 2 * place + 2]
        let least = place
        if (left < entries.length && entries[left]!.at < entries[least]!.at) least = left
        if (right < entries.length && entries[right]!.at < entries[least]!.at) least = right
        if (least === place) return
        swap(place, least)
        place = least
      }
    },
  }
}
