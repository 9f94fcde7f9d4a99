/** What a pane shows when it has nothing to show: still loading, empty, or failed and why. */

import { type ReactNode, useEffect, useState } from 'react'
import { plainly } from '../act.ts'
import { useWords } from '../words.ts'
import { Button } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'

/** A flash of "loading" is noise: it is shown only when it takes a while. */
const patienceMs = 250

export function Loading({ label }: { label?: string }) {
  const words = useWords()
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = window.setTimeout(() => setShown(true), patienceMs)
    return () => window.clearTimeout(timer)
  }, [])
  return (
    <div className="state" role="status">
      {shown && (
        <>
          <span className="spinner" />
          {label ?? words.app.loading}
        </>
      )}
    </div>
  )
}

export function Empty({
  icon,
  title,
  text,
  children,
}: {
  icon: IconName
  title: string
  text?: string
  children?: ReactNode
}) {
  return (
    <div className="state empty">
      <span className="state-icon">
        <Icon name={icon} size={28} />
      </span>
      <p className="state-title">{title}</p>
      {text && <p>{text}</p>}
      {children}
    </div>
  )
}

export function Failed({ problem, title, onRetry }: { problem: unknown; title?: string; onRetry(): void }) {
  const words = useWords()
  const reason = plainly(problem, words)
  return (
    <div className="state failed" role="alert">
      <span className="state-icon">
        <Icon name="alert" size={28} />
      </span>
      <p className="state-title">{title ?? reason}</p>
      {title && <p>{reason}</p>}
      <Button icon="retry" onClick={onRetry}>
        {words.app.retry}
      </Button>
    </div>
  )
}
