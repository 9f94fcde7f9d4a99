/** Which addresses are Microsoft's: answers, and our token with them, go nowhere else. */

/** An origin is taken as it is written; a host only by https on its usual port. */
export function isAllowed(url: string, allowed: readonly string[]): boolean {
  const given = URL.canParse(url) ? new URL(url) : undefined
  if (given?.username !== '' || given.password !== '') return false
  return allowed.some((pattern) => {
    if (pattern.includes('://')) return URL.canParse(pattern) && given.origin === new URL(pattern).origin
    if (given.protocol !== 'https:' || given.port !== '') return false
    return pattern.startsWith('*.') ? given.hostname.endsWith(pattern.slice(1)) : given.hostname === pattern
  })
}
