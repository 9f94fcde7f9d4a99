/** Which of PostgreSQL's errors are the message's own fault. */

/** Data exceptions, broken constraints and rules: the same entry would fail again. All else is the database's trouble. */
export function isPoison(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  if (error instanceof Error && typeof code !== 'string') return !/timeout|terminat|connect|closed|Connection/i.test(error.message)
  // 40: serialisation and deadlock, 53: resources, 57: shutdown, 58: system, 08: connection, 25006: read only, 55: locked.
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^(08|25|40|53|55|57|58)/.test(code)
}
