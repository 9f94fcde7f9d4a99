/** What arrives while a batch is being stored goes into the next one. No timer: an idle store answers at once. */

export interface GroupCommit<Entry> {
  /** Resolves when the entry is stored. Rejects with Overloaded at once when too much waits already. */
  add(entry: Entry): Promise<void>
  /** Resolves when nothing waits and nothing is in flight. */
  idle(): Promise<void>
  waiting(): number
}

export class Overloaded extends Error {
  override name = 'Overloaded'
}

interface Waiting<Entry> { entry: Entry; keys: string[]; resolve: () => void; reject: (error: unknown) => void }

export interface GroupCommitOptions<Entry> {
  /** Stores all or nothing. */
  store(batch: Entry[]): Promise<void>
  /** Called with one entry that cannot be stored even alone; when it resolves, the entry counts as taken. */
  refuse(entry: Entry, error: unknown): Promise<void>
  /** True where the entry is at fault, false where the database is: then nobody is to blame and the sender tries again. */
  isPoison(error: unknown): boolean
  /** Entries that share a key keep their order: they are never in two batches at once. */
  keysOf(entry: Entry): string[]
  maxBatch: number
  /** So many must wait before another batch starts beside one that is in flight; 1 when left out. */
  worthIt?: number
  maxInFlight: number
  maxWaiting: number
}

export function groupCommit<Entry>(options: GroupCommitOptions<Entry>): GroupCommit<Entry> {
  const { store, refuse, isPoison, keysOf, maxBatch, worthIt = 1, maxInFlight, maxWaiting } = options
  let queue: Waiting<Entry>[] = []
  const busy = new Set<string>()
  const idlers: (() => void)[] = []
  let inFlight = 0
  let isPumping = false

  /** At the end of this turn of the event loop, so that what arrives in one turn is one batch: what a batch costs is shared by those in it. */
  function pump(): void {
    if (isPumping) return
    isPumping = true
    setImmediate(() => {
      isPumping = false
      pumpNow()
    })
  }

  function pumpNow(): void {
    while (queue.length > 0 && (inFlight === 0 || (inFlight < maxInFlight && queue.length >= worthIt))) {
      const batch = nextBatch()
      if (batch.length === 0) return
      inFlight += 1
      for (const { keys } of batch) for (const key of keys) busy.add(key)
      void run(batch).finally(() => {
        inFlight -= 1
        for (const { keys } of batch) for (const key of keys) busy.delete(key)
        pump()
        if (inFlight === 0 && queue.length === 0) for (const wake of idlers.splice(0)) wake()
      })
    }
  }

  function nextBatch(): Waiting<Entry>[] {
    const batch: Waiting<Entry>[] = []
    const left: Waiting<Entry>[] = []
    // What was passed over holds back its followers, or they would overtake it.
    const held = new Set<string>()
    for (const waiting of queue) {
      const blocked = batch.length >= maxBatch || waiting.keys.some((key) => busy.has(key) || held.has(key))
      if (blocked) {
        for (const key of waiting.keys) held.add(key)
        left.push(waiting)
      } else batch.push(waiting)
    }
    queue = left
    return batch
  }

  async function run(batch: Waiting<Entry>[]): Promise<void> {
    try {
      await store(batch.map(({ entry }) => entry))
      for (const { resolve } of batch) resolve()
    } catch (error) {
      if (!isPoison(error)) {
        for (const { reject } of batch) reject(error)
      } else if (batch.length > 1) {
        // One bad neighbour must not cost the others their place.
        for (const one of batch) await run([one])
      } else {
        const [{ entry, resolve, reject }] = batch as [Waiting<Entry>]
        await refuse(entry, error).then(resolve, reject)
      }
    }
  }

  return {
    add(entry) {
      if (queue.length >= maxWaiting) return Promise.reject(new Overloaded(`${queue.length} messages wait to be stored`))
      return new Promise((resolve, reject) => {
        queue.push({ entry, keys: keysOf(entry), resolve, reject })
        pump()
      })
    },
    idle: () => (inFlight === 0 && queue.length === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
    waiting: () => queue.length + inFlight,
  }
}
