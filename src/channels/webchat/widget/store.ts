/** What is kept in this browser; in memory where the browser keeps nothing. */

export interface Store {
  get(name: string): string | null
  set(name: string, value: string): void
  remove(name: string): void
  names(): string[]
  /** Another tab changed it. */
  watch(changed: (name: string, value: string | null) => void): void
}

export function openStore(prefix: string): Store {
  const memory = new Map<string, string>()
  const attempt = <T>(work: () => T, otherwise: () => T): T => {
    try {
      return work()
    } catch {
      return otherwise()
    }
  }
  return {
    get: (name) => memory.get(name) ?? attempt(() => localStorage.getItem(prefix + name), () => null),
    set: (name, value) => attempt(() => localStorage.setItem(prefix + name, value), () => void memory.set(name, value)),
    remove(name) {
      memory.delete(name)
      attempt(() => localStorage.removeItem(prefix + name), () => undefined)
    },
    names: () => [...memory.keys(), ...attempt(() => Object.keys(localStorage), () => []).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length))],
    watch(changed) {
      addEventListener('storage', ({ key, newValue }) => {
        if (key?.startsWith(prefix)) changed(key.slice(prefix.length), newValue)
        // Everything was cleared at once.
        else if (key === null) changed('visitor', null)
      })
    },
  }
}
