/** Which rows are chosen for a bulk action. Shift takes the ones between. */

import { useCallback, useMemo, useRef, useState } from 'react'
import type { ConversationSummary } from '../../../src/operator-api.types.ts'

export function useSelection(rows: ConversationSummary[]) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const anchor = useRef<string>(undefined)
  const latest = useRef(rows)
  latest.current = rows

  const toggle = useCallback((id: string) => {
    anchor.current = id
    setChosen((now) => {
      const next = new Set(now)
      if (!next.delete(id)) next.add(id)
      return next
    })
  }, [])
  const click = useCallback(
    (id: string, range: boolean) => {
      const all = latest.current.map((row) => row.id)
      const from = all.indexOf(anchor.current ?? '')
      if (!range || from < 0) return toggle(id)
      const to = all.indexOf(id)
      setChosen((now) => new Set([...now, ...all.slice(Math.min(from, to), Math.max(from, to) + 1)]))
    },
    [toggle],
  )
  const all = useCallback(() => setChosen(new Set(latest.current.map((row) => row.id))), [])
  const none = useCallback(() => setChosen(new Set()), [])
  // What has left the list is not acted on.
  const ids = useMemo(() => {
    const here = new Set(rows.map((row) => row.id))
    return new Set([...chosen].filter((id) => here.has(id)))
  }, [rows, chosen])
  return { ids, toggle, click, all, none }
}
