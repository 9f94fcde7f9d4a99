/** The chat as a whole page, for a QR code, and the page of a town that does not exist, to try it on. */

import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import type { WebhookRequest } from '../../core/channel.ts'
import { escapeHtml as html } from '../../core/escape-html.ts'
import type { Language } from '../../core/model.ts'
import type { WebchatConfig } from './config.ts'
import type { Setting } from './protocol.ts'

export interface Pages {
  /** false: there is no such page. */
  give(path: string, request: WebhookRequest, response: ServerResponse): boolean
}

const needsScript: Record<Language, [words: string, reach: string]> = {
  pt: ['Para conversar aqui é preciso JavaScript, que está desligado neste navegador.', 'Pode contactar-nos assim:'],
  en: ['This chat needs JavaScript, which is switched off in this browser.', 'You can reach us like this:'],
  es: ['Para conversar aquí hace falta JavaScript, que está desactivado en este navegador.', 'Puede contactarnos así:'],
  fr: ['Cette conversation demande JavaScript, désactivé dans ce navigateur.', 'Vous pouvez nous joindre ainsi :'],
}

export async function openPages(config: WebchatConfig, setting: Omit<Setting, 'app'>, origins: string[]): Promise<Pages> {
  const sample = async (name: string) => readFile(new URL(`./sample/${name}`, import.meta.url), 'utf8')
  const [town, townStyle, pageStyle] = await Promise.all([sample('town.html'), sample('town.css'), sample('page.css')])
  const { accent, onAccent, light } = setting.colours
  const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="${accent}"/><path d="M8 10h16v10h-8l-5 4v-4H8z" fill="none" stroke="${onAccent}" stroke-width="2" stroke-linejoin="round"/></svg>`
  const style = `:root { --accent: ${accent}; --on-accent: ${onAccent}; --link: ${light}; }\n`

  const policy = (framedBy: string) => [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", `img-src 'self' ${setting.publicOrigin}`, "connect-src 'self'",
    "base-uri 'none'", "form-action 'none'", `frame-ancestors ${framedBy}`, "require-trusted-types-for 'script'", "trusted-types 'none'",
  ].join('; ')

  function send(response: ServerResponse, type: string, text: string, framedBy = "'none'"): true {
    const bytes = Buffer.from(text)
    response.writeHead(200, {
      'content-type': `${type}; charset=utf-8`, 'content-length': String(bytes.length), 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff',
      ...(type === 'text/html' && { 'content-security-policy': policy(framedBy), 'referrer-policy': 'no-referrer', 'permissions-policy': 'camera=(), microphone=(), geolocation=()' }),
    }).end(bytes)
    return true
  }

  return {
    give(path, { query, headers }, response) {
      // A page of the town may show the chat in a frame; nobody else's may, for a click there could be stolen.
      if (path === '/chat') return send(response, 'text/html', chatPage(config, languageOf(config, query.get('lang'), headers['accept-language'])), ["'self'", ...origins].join(' '))
      if (path === '/exemplo') return send(response, 'text/html', town)
      if (path === '/chat.css') return send(response, 'text/css', style + pageStyle)
      if (path === '/exemplo.css') return send(response, 'text/css', townStyle)
      if (path === '/icon.svg') return send(response, 'image/svg+xml', icon)
      return false
    },
  }
}

function chatPage({ title, contacts: { phone, email, address, hours } }: WebchatConfig, language: Language): string {
  const [words, reach] = needsScript[language]
  const ways = [
    phone && `<li><a href="tel:${html(phone.replace(/[^+\d]/g, ''))}">${html(phone)}</a></li>`,
    email && `<li><a href="mailto:${html(email)}">${html(email)}</a></li>`,
    address && `<li>${html(address)}</li>`,
    hours && `<li>${html(hours)}</li>`,
  ].filter(Boolean)
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<title>${html(title)}</title>
<link rel="icon" href="icon.svg">
<link rel="stylesheet" href="chat.css">
<script async src="widget.js"></script>
</head>
<body>
<balcao-chat page></balcao-chat>
<noscript>
<main>
<h1>${html(title)}</h1>
<p>${words}</p>
${ways.length > 0 ? `<p>${reach}</p>\n<ul>${ways.join('')}</ul>` : ''}
</main>
</noscript>
</body>
</html>
`
}

function languageOf({ languages }: WebchatConfig, asked: string | null, accepted: string | undefined): Language {
  const wanted = [asked ?? '', ...(accepted ?? '').split(',')].map((each) => each.trim().slice(0, 2).toLowerCase())
  return languages.find((language) => language === wanted.find((each) => languages.includes(each as Language))) ?? languages[0]!
}
