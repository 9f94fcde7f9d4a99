/** The frame of the pages for who is not signed in. */

import type { ReactNode } from 'react'
import { type PageLanguage, useSpeech } from '../words.ts'

export function DoorPage({ onLanguage, children }: { onLanguage(language: PageLanguage): void; children: ReactNode }) {
  const { words, language } = useSpeech()
  return (
    <main className="door">
      <div className="door-card">
        <p className="door-brand">
          <img src="/inbox/icon.svg" alt="" width="40" height="40" />
          <span>{words.app.name}</span>
        </p>
        {children}
      </div>
      <p className="door-languages">
        <button type="button" lang="pt-PT" aria-pressed={language === 'pt'} onClick={() => onLanguage('pt')}>
          Português
        </button>
        <button type="button" lang="en" aria-pressed={language === 'en'} onClick={() => onLanguage('en')}>
          English
        </button>
      </p>
    </main>
  )
}
