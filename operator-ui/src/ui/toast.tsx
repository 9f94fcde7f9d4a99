/** Short words on what has just happened; said to screen readers, gone by themselves, never in the way. */

import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react'
import { useWords } from '../words.ts'
import { Icon } from './icon.tsx'

interface Toast {
  text: string
  kind?: 'good' | 'bad'
  action?: { label: string; run(): void }
}
type Show = (toast: Toast) => void

const ToastContext = createContext<Show>(() => {})
export const useToast = () => useContext(ToastContext)

const shownMs = 6000

export function ToastProvider({ children }: { children: ReactNode }) {
  const words = useWords()
  const [toasts, setToasts] = useState<(Toast & { id: number })[]>([])
  const [held, setHeld] = useState(false)
  const show = useCallback<Show>((toast) => {
    setToasts((now) => [...now.slice(-2), { ...toast, id: (now.at(-1)?.id ?? 0) + 1 }])
  }, [])
  const drop = (id: number) => setToasts((now) => now.filter((toast) => toast.id !== id))

  useEffect(() => {
    const oldest = toasts[0]
    // What can be acted on, or is being read, stays.
    if (!oldest || held) return
    const timer = window.setTimeout(() => drop(oldest.id), oldest.action ? shownMs * 2 : shownMs)
    return () => window.clearTimeout(timer)
  }, [toasts, held])

  return (
    <ToastContext value={show}>
      {children}
      <div className="toasts" onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)}>
        <div role="status">
          {toasts.map((toast) => (
            <div key={toast.id} className="toast" data-kind={toast.kind ?? 'good'}>
              <Icon name={toast.kind === 'bad' ? 'alert' : 'check'} size={18} />
              <span>{toast.text}</span>
              {toast.action && (
                <button
                  type="button"
                  onClick={() => {
                    toast.action?.run()
                    drop(toast.id)
                  }}
                >
                  {toast.action.label}
                </button>
              )}
              <button type="button" className="toast-close" aria-label={words.app.close} onClick={() => drop(toast.id)}>
                <Icon name="close" size={16} />
              </button>
            </div>
          ))}
        </div>
      </div>
    </ToastContext>
  )
}
