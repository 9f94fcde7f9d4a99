/** The month for the council, in Portuguese: a page that is made to be printed, in colour or without. */

import { escapeHtml as html } from '../core/escape-html.ts'
import { type Definition, definitions, type Section } from './definitions.ts'
import type { Line } from './report.ts'

export interface Monthly {
  municipality: string; month: string; printedAt: string
  /** Not over yet: `before` is as many days of the month before. */
  isRunning: boolean
  whole: Line | undefined; before: Line | undefined
  groups: { title: string; what: string; lines: Line[]; labelOf: (key: string) => string }[]
}

const why = 'O que é'
const sections: Record<Section, string> = { people: 'Atendimento', quality: 'Qualidade', bot: 'Assistente', video: 'Videochamadas' }
const style = `*{box-sizing:border-box}
body{font:10.5pt/1.4 system-ui,"Segoe UI",sans-serif;max-width:52rem;margin:2rem auto;padding:0 1.25rem;color:#111;background:#fff}
header{border-bottom:2px solid #0b3d91;padding-bottom:.6rem}h1{font-size:19pt;line-height:1.2;margin:.2rem 0 0}h2{font-size:12.5pt;margin:1.4rem 0 .3rem;color:#0b3d91}p{margin:.2rem 0}
.main{display:grid;grid-template-columns:repeat(4,1fr);gap:.6rem;margin:1rem 0 0;padding:0;list-style:none}.main li{border:1px solid #c9d1dc;border-radius:.4rem;padding:.6rem .7rem}.main b{display:block;font-size:16pt;line-height:1.2}.main small{color:#444}
table{border-collapse:collapse;width:100%;table-layout:fixed}thead th:first-child{width:28%}thead th.n{width:12%}.times thead th:first-child{width:18%}.times thead th.n{width:14%}.groups thead th:first-child{width:22%}.groups thead th.n{width:13%}th,td{border-bottom:1px solid #d5dae1;padding:.25rem .4rem;text-align:left;vertical-align:top}th{font-weight:600}td{font-variant-numeric:tabular-nums}
th.n,td.n{text-align:right}td.n{white-space:nowrap}thead th{border-bottom:1.5px solid #333;font-size:9.5pt;vertical-align:bottom;overflow-wrap:normal}td.why{color:#444;font-size:9pt}footer{margin-top:1.5rem;color:#444;font-size:9pt}
@media(max-width:40rem){.main{grid-template-columns:1fr 1fr}.scroll{overflow-x:auto}td.why,th.why{display:none}table{table-layout:auto}}
@media print{body{margin:0;max-width:none;padding:0}section,tr,.main li,footer{break-inside:avoid}h2{break-after:avoid}thead{display:table-header-group}}`

/** Whose it is and which page, at the foot of each sheet, where the browser can. */
const sheets = (foot: string) => `@page{size:A4;margin:16mm 16mm 20mm;@bottom-left{content:${cssText(foot)};font:8.5pt sans-serif;color:#444}@bottom-right{content:counter(page) " / " counter(pages);font:8.5pt sans-serif;color:#444}}`
const cssText = (text: string) => `"${text.replace(/[^\p{L}\p{N} .,·-]/gu, (sign) => `\\${sign.codePointAt(0)!.toString(16)} `)}"`

/** One report for the council, in Portuguese, made to be printed. */
export function toMonthlyPage({ municipality, month, printedAt, isRunning, whole, before, groups }: Monthly): string {
  const number = (line: Line | undefined, key: string) => {
    const value = line?.[key as keyof Line]
    return typeof value === 'number' ? value : null
  }
  const figure = (line: Line | undefined, key: string, unit: string) => {
    const value = number(line, key)
    return value === null ? '—' : shown(value, unit)
  }
  const share = (part: string) => {
    const [some, all] = [number(whole, part), number(whole, 'conversations')]
    return some === null || !all ? '—' : `${Math.round((some / all) * 100)} %`
  }
  const main = [
    [figure(whole, 'conversations', 'count'), 'conversas'], [share('botAlone'), 'só com o assistente'],
    [figure(whole, 'firstResponseOpenP50', 'duration'), 'até à primeira resposta, em horário (mediana)'], [figure(whole, 'score', 'score'), `satisfação, de 1 a 5 (${figure(whole, 'scores', 'count')} avaliações)`],
  ].map(([value, what]) => `<li><b>${html(value!)}</b><small>${html(what!)}</small></li>`).join('')
  const cells = (...values: string[]) => values.map((value) => `<td class="n">${value}</td>`).join('')
  const table = (title: string, head: string[], rows: string, look = '') => `<section${look && ` class="${look}"`}><h2>${html(title)}</h2><div class="scroll" tabindex="0" role="region" aria-label="${html(title)}"><table><thead><tr>${
    head.map((name, at) => `<th scope="col"${at === 0 ? '' : name === why ? ' class="why"' : ' class="n"'}>${html(name)}</th>`).join('')}</tr></thead><tbody>${rows}</tbody></table></div></section>`
  const rowsOf = (chosen: Definition[], valuesOf: (one: Definition) => string[]) => chosen.map((one) => (
    `<tr><th scope="row">${html(one.pt)}</th>${cells(...valuesOf(one))}<td class="why">${html(one.explainPt)}</td></tr>`)).join('')
  const counted = (section: Section) => table(sections[section], ['Indicador', 'Este mês', 'Anterior', 'Variação', why], rowsOf(
    definitions.filter((one) => one.section === section && one.unit !== 'duration'),
    ({ key, unit }) => [figure(whole, key, unit), figure(before, key, unit), change(number(whole, key), number(before, key))],
  ))
  const times = table('Tempos', ['Indicador', 'Mediana', 'Anterior', '90 % até', 'Mediana em horário', why], rowsOf(
    definitions.filter(({ unit }) => unit === 'duration'),
    ({ key, unit }) => [figure(whole, `${key}P50`, unit), figure(before, `${key}P50`, unit), figure(whole, `${key}P90`, unit), figure(whole, `${key}OpenP50`, unit)],
  ), 'times')
  const columns: [string, string, string][] = [['Conversas', 'conversations', 'count'], ['Com pessoas', 'handed', 'count'], ['Só assistente', 'botAlone', 'count'], ['Resposta em horário', 'firstResponseOpenP50', 'duration'], ['Vídeo', 'callsTaken', 'count'], ['Satisfação', 'score', 'score']]
  const grouped = groups.map(({ title, what, lines, labelOf }) => table(title, [what, ...columns.map(([name]) => name)], lines.map((line) => (
    `<tr><th scope="row">${html(labelOf(line.key))}</th>${cells(...columns.map(([, key, unit]) => figure(line, key, unit)))}</tr>`)).join(''), 'groups')).join('')
  const tables = `${counted('people')}${times}${(['quality', 'bot', 'video'] as const).map(counted).join('')}`
  return `<!doctype html><html lang="pt-PT"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Atendimento digital · ${html(month)}</title><style>${sheets(`${municipality} · Relatório do atendimento digital, ${month}`)}${style}</style></head>
<body><header><p>${html(municipality)}</p><h1>Relatório do atendimento digital<br>${html(month)}</h1>${isRunning ? `<p>Mês em curso, até ${html(printedAt)}. «Anterior» são os mesmos dias do mês passado.</p>` : ''}</header><main>${whole ? `<ul class="main">${main}</ul>${tables}${grouped}` : '<p>Não houve conversas neste mês.</p>'}</main>
<footer><p>Conta-se cada conversa no mês em que começou. A mediana divide as conversas ao meio: metade foi mais rápida, metade mais lenta; «90 % até» diz até quanto demoraram nove em cada dez. Em horário só se conta o tempo em que o serviço está aberto. «Resposta» é a mediana da primeira resposta de uma pessoa; «Vídeo», as videochamadas feitas. Feito em ${html(printedAt)}.</p></footer></body></html>`
}

function change(now: number | null, before: number | null): string {
  if (now === null || before === null || before === 0) return '—'
  const percent = Math.round(((now - before) / before) * 100)
  return percent === 0 ? '=' : `${percent > 0 ? '+' : '−'}${Math.abs(percent)} %`
}

function shown(value: number, unit: string): string {
  if (unit === 'duration') return duration(value)
  if (unit === 'score') return value.toLocaleString('pt-PT', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
  return Math.round(value).toLocaleString('pt-PT')
}

function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 1) return `${Math.round(ms / 1000)} s`
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours >= 48) return `${Math.round(hours / 24)} dias`
  if (hours >= 10) return `${Math.round(minutes / 60)} h`
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
}
