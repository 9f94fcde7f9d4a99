/** Reports as files: CSV that no spreadsheet takes for a formula, XLSX, a page to print for the council, and open data. */

import writeXlsx from 'write-excel-file/node'
import { escapeHtml as html } from '../core/escape-html.ts'
import { definitions, type Section } from './definitions.ts'
import type { Line } from './report.ts'

export type Cell = string | number | null

/** Columns in the order of the page; durations in seconds. */
export function tableOf(lines: Line[], labelOf: (key: string) => string, language: 'pt' | 'en'): { head: string[]; rows: Cell[][] } {
  const columns = definitions.flatMap(({ key, unit, [language]: name }) => (
    unit === 'duration'
      ? [['', ''], ['Open', language === 'pt' ? ', em horário' : ', in open hours']].flatMap(([kind, how]) => (
          [{ name: `${name} (${language === 'pt' ? 'mediana' : 'median'}${how}, s)`, key: `${key}${kind}P50` }, { name: `${name} (p90${how}, s)`, key: `${key}${kind}P90` }]))
      : [{ name, key }]))
  return {
    head: [language === 'pt' ? 'Grupo' : 'Group', ...columns.map(({ name }) => name)],
    rows: lines.map((line) => [labelOf(line.key), ...columns.map(({ key }): Cell => {
      const value = line[key as keyof Line]
      if (typeof value !== 'number') return value ?? null
      return /P(50|90)$/.test(key) ? Math.round(value / 1000) : Math.round(value * 100) / 100
    })]),
  }
}

/** RFC 4180, with a BOM for the spreadsheet of the town hall. */
export function toCsv(head: string[], rows: Cell[][]): string {
  return `\ufeff${[head, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`
}

/** A cell that begins like a formula would be run by whoever opens the file. */
function csvCell(value: Cell): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

export async function toXlsx(head: string[], rows: Cell[][]): Promise<Buffer> {
  const bold = head.map((value) => ({ value, fontWeight: 'bold' as const }))
  const body = rows.map((row) => row.map((value) => (value === null ? null : typeof value === 'number' ? { value, type: Number } : { value, type: String })))
  return writeXlsx([bold, ...body]).toBuffer()
}


export interface Monthly {
  municipality: string; month: string; printedAt: string
  /** Not over yet: `before` is as many days of the month before. */
  isRunning: boolean
  whole: Line | undefined; before: Line | undefined
  groups: { title: string; lines: Line[]; labelOf: (key: string) => string }[]
}

const sections: Record<Section, string> = { people: 'Atendimento', quality: 'Qualidade', bot: 'Assistente', video: 'Videochamadas' }
const style = `@page{size:A4;margin:18mm 16mm}*{box-sizing:border-box}
body{font:10.5pt/1.45 system-ui,"Segoe UI",sans-serif;max-width:52rem;margin:2rem auto;padding:0 1.25rem;color:#111;background:#fff}
header{border-bottom:2px solid #0b3d91;padding-bottom:.6rem}h1{font-size:19pt;line-height:1.2;margin:.2rem 0 0}h2{font-size:12.5pt;margin:1.6rem 0 .3rem;color:#0b3d91}p{margin:.2rem 0}
.main{display:grid;grid-template-columns:repeat(4,1fr);gap:.6rem;margin:1rem 0 0;padding:0;list-style:none}.main li{border:1px solid #c9d1dc;border-radius:.4rem;padding:.6rem .7rem}.main b{display:block;font-size:16pt;line-height:1.2}.main small{color:#444}
table{border-collapse:collapse;width:100%;table-layout:fixed}thead th:first-child{width:28%}thead th.n{width:12%}th,td{border-bottom:1px solid #d5dae1;padding:.3rem .4rem;text-align:left;vertical-align:top}th{font-weight:600}td{font-variant-numeric:tabular-nums}
th.n,td.n{text-align:right;white-space:nowrap}thead th{border-bottom:1.5px solid #333;font-size:9.5pt;vertical-align:bottom}thead th.n{white-space:normal}td.why{color:#444;font-size:9pt}footer{margin-top:1.5rem;color:#444;font-size:9pt}
@media(max-width:40rem){.main{grid-template-columns:1fr 1fr}td.why,th.why{display:none}table{table-layout:auto}}
@media print{body{margin:0;max-width:none;padding:0}h2{break-after:avoid}tr,.main li{break-inside:avoid}thead{display:table-header-group}}`

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
  const row = (label: string, key: string, unit: string, why: string) => (
    `<tr><th scope="row">${html(label)}</th><td class="n">${figure(whole, key, unit)}</td><td class="n">${figure(before, key, unit)}</td><td class="n">${change(number(whole, key), number(before, key))}</td><td class="why">${html(why)}</td></tr>`)
  const rows = (section: Section) => definitions.filter((one) => one.section === section).map(({ key, unit, pt, explainPt }) => (unit === 'duration'
    ? row(`${pt}, mediana`, `${key}P50`, unit, explainPt) + row(`${pt}, 90 % até`, `${key}P90`, unit, '') + row(`${pt} em horário, mediana`, `${key}OpenP50`, unit, 'Só se conta o tempo em que o serviço está aberto.')
    : row(pt, key, unit, explainPt))).join('')
  const tables = (Object.keys(sections) as Section[]).map((section) => (
    `<h2>${sections[section]}</h2><table><thead><tr><th scope="col">Indicador</th><th scope="col" class="n">Este mês</th><th scope="col" class="n">Anterior</th><th scope="col" class="n">Variação</th><th scope="col" class="why">O que é</th></tr></thead><tbody>${rows(section)}</tbody></table>`)).join('')
  const columns: [string, string, string][] = [['Conversas', 'conversations', 'count'], ['Com pessoas', 'handed', 'count'], ['Só assistente', 'botAlone', 'count'], ['1.ª resposta em horário', 'firstResponseOpenP50', 'duration'], ['Chamadas de vídeo', 'callsTaken', 'count'], ['Satisfação', 'score', 'score']]
  const grouped = groups.map(({ title, lines, labelOf }) => `<h2>${html(title)}</h2><table><thead><tr><th scope="col"></th>${columns.map(([name]) => `<th scope="col" class="n">${name}</th>`).join('')}</tr></thead><tbody>${
    lines.map((line) => `<tr><th scope="row">${html(labelOf(line.key))}</th>${columns.map(([, key, unit]) => `<td class="n">${figure(line, key, unit)}</td>`).join('')}</tr>`).join('')}</tbody></table>`).join('')
  return `<!doctype html><html lang="pt-PT"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Atendimento digital · ${html(month)}</title><style>${style}</style></head>
<body><header><p>${html(municipality)}</p><h1>Relatório do atendimento digital<br>${html(month)}</h1>${isRunning ? `<p>Mês em curso, até ${html(printedAt)}. «Anterior» são os mesmos dias do mês passado.</p>` : ''}</header>${whole ? `<ul class="main">${main}</ul>${tables}${grouped}` : '<p>Não houve conversas neste mês.</p>'}
<footer><p>Conta-se cada conversa no mês em que começou. As medianas dividem as conversas ao meio: metade foi mais rápida, metade mais lenta. Feito em ${html(printedAt)}.</p></footer></body></html>`
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
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
}
