/** What the script tag loads: a button, and the chat itself when it is pressed. */

import type { Language } from '../../../core/model.ts'
import type { Setting } from '../protocol.ts'
import css from './loader.css?inline'
import type { App, Mount } from './mount.ts'

/** Written in front of this file by the gateway; a copy on the town's own server has none and asks for it. */
declare const BALCAO_SETTING: Setting
/** `import`, once this is built into a classic script. */
declare const IMPORT_APP: (url: string) => Promise<{ start(mount: Mount): Promise<App> }>

const script = document.currentScript as HTMLScriptElement | null
const data = script?.dataset ?? {}
const firstBase = (data.server ?? script?.src.replace(/\/widget\.js.*$/, '') ?? '').replace(/\/$/, '')
const inlined = typeof BALCAO_SETTING === 'undefined' ? undefined : BALCAO_SETTING

const words: Record<Language, [title: string, lost: string]> = {
  pt: ['Fale connosco', 'Sem ligação ao serviço. A tentar de novo…'],
  en: ['Chat with us', 'The service cannot be reached. Trying again…'],
  es: ['Hable con nosotros', 'Sin conexión con el servicio. Reintentando…'],
  fr: ['Écrivez-nous', 'Service injoignable. Nouvel essai…'],
}

class BalcaoChat extends HTMLElement {
  declare private app: Promise<App> | undefined
  declare private start: (() => Promise<App>) | undefined

  connectedCallback(): void {
    this.start ??= mount(this)
  }

  open(): void {
    this.app ??= this.start?.()
    void this.app?.then((app) => app.open())
  }

  close(): void {
    void this.app?.then((app) => app.close())
  }

  /** Without opening: an answer may come for somebody who wrote before. */
  watch(): void {
    this.app ??= this.start?.()
  }
}

function mount(element: BalcaoChat): () => Promise<App> {
  const given = (name: string) => element.getAttribute(name) ?? data[name]
  const base = (element.getAttribute('server') ?? firstBase).replace(/\/$/, '')
  const storage = `balcao:${base}:`
  const isPage = element.hasAttribute('page')
  const position = given('position') ?? inlined?.position ?? 'right'
  const language = languageOf(given('lang') ?? document.documentElement.lang, inlined?.languages)
  const [title, lost] = words[language]

  const root = element.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  const colours = new CSSStyleSheet()
  const paint = ({ accent, onAccent, light, dark }: Setting['colours']) => {
    colours.replaceSync(`:host{--accent:${accent};--on-accent:${onAccent};--link-light:${light};--link-dark:${dark}}`)
  }
  paint(inlined?.colours ?? { accent: '#1f5673', onAccent: '#ffffff', light: '#1f5673', dark: '#8ab4cc' })
  root.adoptedStyleSheets = [colours, sheet]

  const make = (tag: string, name: string, words = '') => {
    const made = document.createElement(tag)
    made.className = name
    made.textContent = words
    root.append(made)
    return made
  }
  const button = make('button', `launch ${position}`)
  const wait = make('div', `wait ${position}`)
  const label = make('span', 'label', given('label') ?? title)
  const badge = make('b', 'badge')
  button.hidden = isPage
  button.ariaHasPopup = 'dialog'
  wait.role = 'status'
  // Its name is what is seen on it.
  button.append(icon(), label, ' ', badge)
  button.onclick = () => element.open()

  if (isPage) queueMicrotask(() => element.open())
  else if (wroteBefore(storage)) setTimeout(() => element.watch(), 1_000)

  return async () => {
    button.ariaBusy = 'true'
    const [setting, start] = await load(base, () => { wait.textContent = lost })
    paint(setting.colours)
    wait.textContent = ''
    button.ariaBusy = null
    return start({
      root, base, storage, isPage, setting, position: position === 'left' ? 'left' : 'right',
      language: setting.languages.includes(language) ? language : setting.languages[0]!,
      theme: (given('theme') ?? 'auto') as Mount['theme'],
      onUnread(count) {
        badge.textContent = count > 0 ? String(Math.min(count, 99)) : ''
      },
      onOpen(isOpen) {
        const hadFocus = isOpen || root.activeElement !== null
        button.hidden = isOpen || isPage
        if (!isOpen && hadFocus) button.focus()
      },
    })
  }
}

/** Goes on trying: the page may be older than the gateway is up. */
async function load(base: string, failed: () => void): Promise<[Setting, (mount: Mount) => Promise<App>]> {
  for (let tries = 0; ; tries += 1) {
    try {
      const setting = inlined ?? await (await fetch(`${base}/config`, { credentials: 'omit' })).json() as Setting
      // Some browsers remember that a module could not be had, by its name.
      const app = await IMPORT_APP(`${base}/${setting.app}${tries > 0 ? `?${tries}` : ''}`)
      return [setting, app.start]
    } catch {
      failed()
      await new Promise((again) => {
        setTimeout(again, 500 + Math.random() * Math.min(29_500, 500 * 2 ** tries))
        addEventListener('online', again, { once: true })
      })
    }
  }
}

function languageOf(wanted: string, spoken: readonly Language[] = ['pt', 'en', 'es', 'fr']): Language {
  const short = wanted.slice(0, 2).toLowerCase() as Language
  return spoken.includes(short) ? short : spoken[0]!
}

function wroteBefore(storage: string): boolean {
  try {
    return localStorage.getItem(`${storage}visitor`) !== null
  } catch {
    return false
  }
}

/** Not as HTML: a page may forbid that to everybody. */
function icon(): SVGElement {
  const draw = (tag: string, given: Record<string, string>) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', tag)
    for (const name in given) made.setAttribute(name, given[name]!)
    return made as SVGElement
  }
  const svg = draw('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' })
  svg.append(draw('path', { d: 'M4 5.5h16v11h-8.5L7 20.5v-4H4zM8 9.5h8M8 12.5h5', fill: 'none', stroke: 'currentColor', 'stroke-width': '1.8', 'stroke-linejoin': 'round', 'stroke-linecap': 'round' }))
  return svg
}

if (!customElements.get('balcao-chat')) {
  customElements.define('balcao-chat', BalcaoChat)
  const place = () => {
    if (!document.querySelector('balcao-chat')) document.body.append(document.createElement('balcao-chat'))
  }
  if (document.body && document.readyState !== 'loading') place()
  else document.addEventListener('DOMContentLoaded', place)
}
