/** Rows keep their order while somebody points at them: nothing slides away under a click. Their words stay fresh. */

import { useMemo, useRef, useState } from 'react'
import type { ConversationSummary } from '../../../src/operator-api.types.ts'

export function useCalmRows(loaded: ConversationSummary[], isHeld: boolean) {
  const order = useRef<string[]>([])
  const [release, setRelease] = useState(0)
  const released = useRef(0)

  return useMemo(() => {
    const ids = loaded.map((row) => row.id)
    const known = new Set(order.current)
    const isLonger =
      order.current.length > 0 &&
      ids.length > order.current.length &&
      order.current.every((id, index) => ids[index] === id)
    if (!isHeld || order.current.length === 0 || isLonger || released.current !== release) {
      order.current = ids
      released.current = release
      return { rows: loaded, moved: 0, catchUp: () => setRelease(release + 1) }
    }
    const byId = new Map(loaded.map((row) => [row.id, row]))
    // Gone from the view is gone: a row that may no longer be acted on does not stay for the sake of calm.
    const kept = order.current.flatMap((id) => byId.get(id) ?? [])
    const last = loaded.indexOf(kept.at(-1) ?? loaded[0]!)
    const arrived = loaded.filter((row) => !known.has(row.id))
    // What was loaded below by scrolling is put below; what came in above waits.
    const below = arrived.filter((row) => loaded.indexOf(row) > last)
    const rows = [...kept, ...below]
    order.current = rows.map((row) => row.id)
    const above = arrived.length - below.length
    const slid = kept.filter((row, index) => loaded[index + above]?.id !== row.id).length
    return { rows, moved: above + (slid > 0 ? 1 : 0), catchUp: () => setRelease(release + 1) }
  }, [loaded, isHeld, release])
}
