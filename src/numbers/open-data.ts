/** What a town may publish: counts by day, nothing of anybody, and no group so small that it could be somebody. */

import type { Cell } from './export.ts'
import type { Line } from './report.ts'

const smallest = 5
export const openDataHead = ['dia', 'conversas', 'com_pessoas', 'so_assistente', 'videochamadas', 'satisfacao']

export function openDataOf(lines: Line[]): Cell[][] {
  return lines.map((line) => {
    const { conversations, handed, botAlone, callsTaken, scores, score } = line
    // What is left of the whole, and what of it had neither, must not be small either: it would follow by subtraction.
    const isSafe = (part: number) => part === 0 || (part >= smallest && (conversations - part === 0 || conversations - part >= smallest))
    const parts = [handed, botAlone, conversations - handed - botAlone]
    const areSafe = conversations >= smallest && parts.every(isSafe)
    return [
      line.key, conversations < smallest ? null : conversations, areSafe ? handed : null, areSafe ? botAlone : null,
      callsTaken === 0 || callsTaken >= smallest ? callsTaken : null, scores < smallest || score === null ? null : Math.round(score * 10) / 10,
    ]
  })
}
