/** What this browser keeps between visits: language and appearance, never a citizen's words. */

import type { PageLanguage } from '../words.ts'

export type Theme = 'auto' | 'light' | 'dark'

export function rememberedLanguage(): PageLanguage {
  const kept = window.localStorage.getItem('balcao.language')
  if (kept === 'pt' || kept === 'en') return kept
  return /^(pt|gl|es)/i.test(navigator.language) ? 'pt' : 'en'
}
export const rememberLanguage = (language: PageLanguage) => window.localStorage.setItem('balcao.language', language)

export function rememberedTheme(): Theme {
  const kept = window.localStorage.getItem('balcao.theme')
  return kept === 'light' || kept === 'dark' ? kept : 'auto'
}

export function rememberTheme(theme: Theme): void {
  window.localStorage.setItem('balcao.theme', theme)
  showTheme()
}

const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)')

function showTheme(): void {
  const theme = rememberedTheme()
  document.documentElement.dataset.theme = theme === 'auto' ? (systemIsDark.matches ? 'dark' : 'light') : theme
}

/** From here on the page has the chosen colours, and with 'auto' turns when the system does. */
export function followTheme(): void {
  showTheme()
  systemIsDark.addEventListener('change', showTheme)
}
