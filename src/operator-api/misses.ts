/** Questions that the bot could not answer, those that are alike together. Pure. */

import type { Language } from '../core/model.ts'
import type { MissGroup } from '../operator-api.types.ts'

interface Miss { text: string; at: string; conversationId: string; language: Language }

/** Two questions are alike when they share half of their longer words. */
const alike = 0.5
const judged = 50

/** `judge`: what the rulebook of today makes of words. Asked for the groups that are shown first alone: each takes a moment. */
export function groupMisses(misses: Miss[], judge: (text: string, language: Language) => Pick<MissGroup, 'nearest' | 'answered'>): MissGroup[] {
  const groups: { words: Set<string>; misses: Miss[] }[] = []
  for (const miss of misses) {
    const words = wordsOf(miss.text)
    const group = groups.find((one) => overlap(one.words, words) >= alike)
    if (group) group.misses.push(miss)
    else groups.push({ words, misses: [miss] })
  }
  return groups
    .sort((a, b) => b.misses.length - a.misses.length)
    .map(({ misses: all }, n) => ({
      id: String(n), sample: all[0]!.text, language: all[0]!.language, count: all.length,
      ...(n < judged ? judge(all[0]!.text, all[0]!.language) : { nearest: [], answered: null }),
      texts: all.slice(0, 20).map(({ text, at, conversationId }) => ({ text, at, conversationId })),
    }))
}

function wordsOf(text: string): Set<string> {
  const folded = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  // The first letters stand for the stem: marcação and marcações are one.
  return new Set((folded.match(/[a-z0-9]{4,}/g) ?? []).map((word) => word.slice(0, 6)))
}

function overlap(a: Set<string>, b: Set<string>): number {
  if (a.size === 0 || b.size === 0) return a.size === b.size ? 1 : 0
  const shared = [...a].filter((word) => b.has(word)).length
  return shared / Math.min(a.size, b.size)
}
