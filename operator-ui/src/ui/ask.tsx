/** Asks before something that cannot be taken back: resolves to what was answered. */

import { createContext, type ReactNode, useCallback, useContext, useState } from 'react'
import { useWords } from '../words.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

interface Question {
  title: string
  text: string
  yes: string
  danger?: boolean
}
type Ask = (question: Question) => Promise<boolean>

const AskContext = createContext<Ask>(() => Promise.resolve(false))
export const useAsk = () => useContext(AskContext)

export function AskProvider({ children }: { children: ReactNode }) {
  const words = useWords()
  const [asked, setAsked] = useState<Question & { answer(yes: boolean): void }>()
  const ask = useCallback<Ask>(
    (question) =>
      new Promise((resolve) => {
        setAsked({
          ...question,
          answer: (yes) => {
            setAsked(undefined)
            resolve(yes)
          },
        })
      }),
    [],
  )
  return (
    <AskContext value={ask}>
      {children}
      {asked && (
        <Dialog title={asked.title} onClose={() => asked.answer(false)}>
          <p className="dialog-text">{asked.text}</p>
          <footer className="dialog-foot">
            <Button look="quiet" onClick={() => asked.answer(false)}>
              {words.app.cancel}
            </Button>
            <Button look={asked.danger ? 'danger' : 'primary'} onClick={() => asked.answer(true)}>
              {asked.yes}
            </Button>
          </footer>
        </Dialog>
      )}
    </AskContext>
  )
}
