/** Says how the live line is: lost, back, or the configuration at fault. */

import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import type { Line } from '../live/use-live.ts'
import { Icon } from '../ui/icon.tsx'
import { useWords } from '../words.ts'

const backShownMs = 5000

export function LineBanner({ line }: { line: Line }) {
  const words = useWords()
  const [isBack, setIsBack] = useState(false)
  useEffect(() => {
    if (line.state !== 'open' || !line.wasLost) {
      setIsBack(false)
      return
    }
    setIsBack(true)
    const timer = window.setTimeout(() => setIsBack(false), backShownMs)
    return () => window.clearTimeout(timer)
  }, [line.state, line.wasLost])
  const isLost = line.state === 'lost'
  return (
    <div className="banners" role="status" aria-live="polite">
      {isLost && (
        <div className="banner" data-kind="bad">
          <Icon name="alert" size={18} />
          <span>{words.live.lost}</span>
          <button type="button" onClick={line.retryNow}>
            {words.live.retryNow}
          </button>
        </div>
      )}
      {!isLost && isBack && (
        <div className="banner" data-kind="good">
          <Icon name="check" size={18} />
          <span>{words.live.back}</span>
        </div>
      )}
      {line.configProblems.length > 0 && (
        <div className="banner" data-kind="warn">
          <Icon name="alert" size={18} />
          <span>{words.live.configProblems(line.configProblems.length)}</span>
          <Link href="/settings/problems">{words.live.see}</Link>
        </div>
      )}
    </div>
  )
}
