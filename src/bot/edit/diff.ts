/** Two versions of a file as lines: what goes, what comes, and a little of what stands around it. For a change in one place. */

export interface DiffLine {
  kind: 'same' | 'removed' | 'added'
  /** In the new version; of what goes, in the old one. */
  line: number
  text: string
}

export function diffOf(before: string, after: string, around = 3): DiffLine[] {
  const [old, fresh] = [before.split('\n'), after.split('\n')]
  const shorter = Math.min(old.length, fresh.length)
  let head = 0
  while (head < shorter && old[head] === fresh[head]) head++
  let tail = 0
  while (tail < shorter - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail++
  const [oldEnd, freshEnd] = [old.length - tail, fresh.length - tail]
  const line = (kind: DiffLine['kind'], lines: string[], from: number, to: number): DiffLine[] =>
    lines.slice(Math.max(0, from), to).map((text, n) => ({ kind, line: Math.max(0, from) + n + 1, text }))
  return [
    ...line('same', fresh, head - around, head),
    ...line('removed', old, head, oldEnd),
    ...line('added', fresh, head, freshEnd),
    ...line('same', fresh, freshEnd, Math.min(fresh.length, freshEnd + around)),
  ]
}
