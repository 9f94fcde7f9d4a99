/** A citizen's record as a page that they can read and print without us. */

import { escapeHtml as safe } from '../core/escape-html.ts'
import type { CitizenRecord } from './collect.ts'


const names = { citizen: 'Munícipe', assistant: 'Assistente', town: 'Município' }

/** Times in the town's own zone. */
export function citizenPage({ citizen, addresses, conversations }: CitizenRecord, municipality: string, timezone: string): string {
  const time = new Intl.DateTimeFormat('pt-PT', { dateStyle: 'short', timeStyle: 'short', timeZone: timezone })
  const at = (iso: string) => `<time datetime="${safe(iso)}">${safe(time.format(new Date(iso)))}</time>`
  const message = ({ at: when, from, text, was, attachments }: CitizenRecord['conversations'][number]['messages'][number]) => `
    <li><b>${names[from]}</b> ${at(when)}<p>${safe(text)}</p>
      ${was.map((before) => `<p class="was">Antes: ${safe(before)}</p>`).join('')}
      ${attachments.map(({ name, file }) => (file ? `<p><a href="${safe(file)}" download="${safe(name)}">${safe(name)}</a></p>` : `<p>${safe(name)} (já não é guardado)</p>`)).join('')}</li>`
  return `<!doctype html>
<html lang="pt-PT"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Os seus dados · ${safe(municipality)}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}ol{list-style:none;padding:0}li{border-top:1px solid #ccc;padding:.5rem 0}p{margin:.25rem 0;white-space:pre-wrap;overflow-wrap:anywhere}.was{color:#555}time{color:#555}</style>
<h1>Os seus dados</h1>
<p>O que ${safe(municipality)} guarda das suas conversas com o atendimento. O mesmo, para programas, está em citizen.json.</p>
<h2>Quem é</h2>
<dl><dt>Nome</dt><dd>${safe(citizen.name ?? '—')}</dd>${Object.entries(citizen.attributes).map(([key, value]) => `<dt>${safe(key)}</dt><dd>${safe(value)}</dd>`).join('')}</dl>
<h2>De onde escreve</h2>
<ul>${addresses.map(({ channel, address, phone, email }) => `<li>${safe([channel, address, phone, email].filter(Boolean).join(' · '))}</li>`).join('')}</ul>
${conversations.map(({ reference, openedAt, closedAt, messages, surveys, calls }) => `<h2>${safe(reference)}</h2>
<p>Aberta ${at(openedAt)}${closedAt ? `, terminada ${at(closedAt)}` : ''}</p>
<ol>${messages.map(message).join('')}</ol>
${calls.map(({ askedAt, startedAt, endedAt, outcome }) => `<p>Videochamada pedida ${at(askedAt)}${startedAt ? `, começada ${at(startedAt)}` : ''}${endedAt ? `, terminada ${at(endedAt)}` : ''}${outcome ? `: ${safe(outcome)}` : ''}</p>`).join('')}
${surveys.filter(({ score }) => score !== null).map(({ score, comment }) => `<p>Satisfação: ${score} de 5${comment ? `, «${safe(comment)}»` : ''}</p>`).join('')}`).join('\n')}
</html>
`
}
