/** Reports as files: CSV that no spreadsheet takes for a formula, XLSX, a page to print for the council, and open data. */

import writeXlsx from 'write-excel-file/node'
import { definitions } from './definitions.ts'
import type { Line } from './report.ts'

export type Cell = string | number | null

/** Columns in the order of the page; durations in seconds. */
export function tableOf(lines: Line[], labelOf: (key: string) => string, language: 'pt' | 'en'): { head: string[]; rows: Cell[][] } {
  const columns = definitions.flatMap(({ key, unit, [language]: name }) => (
    unit === 'duration'
      ? [{ name: `${name} (mediana, s)`, key: `${key}P50` }, { name: `${name} (p90, s)`, key: `${key}P90` }]
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

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const html = (text: string) => text.replace(/[&<>"']/g, (one) => escapes[one]!)

export interface Monthly { municipality: string; month: string; whole: Line | undefined; before: Line | undefined; groups: { title: string; lines: Line[]; labelOf: (key: string) => string }[] }

/** One page for the council, in Portuguese, made to be printed. */
export function toMonthlyPage({ municipality, month, whole, before, groups }: Monthly): string {
  const row = (label: string, now: string, then: string, why: string) => `<tr><th scope="row">${html(label)}</th><td>${html(now)}</td><td>${html(then)}</td><td>${html(why)}</td></tr>`
  const figure = (line: Line | undefined, key: string, unit: string) => {
    const value = line?.[(unit === 'duration' ? `${key}P50` : key) as keyof Line]
    return typeof value === 'number' ? shown(value, unit) : '—'
  }
  const main = definitions.map(({ key, unit, pt, explainPt }) => row(unit === 'duration' ? `${pt} (mediana)` : pt, figure(whole, key, unit), figure(before, key, unit), explainPt)).join('')
  const tables = groups.map(({ title, lines, labelOf }) => `<h2>${html(title)}</h2><table><thead><tr><th scope="col"></th><th scope="col">Conversas</th><th scope="col">Com pessoas</th><th scope="col">Primeira resposta (mediana)</th><th scope="col">Satisfação</th></tr></thead><tbody>${
    lines.map((line) => `<tr><th scope="row">${html(labelOf(line.key))}</th><td>${line.conversations}</td><td>${line.handed}</td><td>${line.firstResponseP50 === null ? '—' : shown(line.firstResponseP50, 'duration')}</td><td>${line.score === null ? '—' : shown(line.score, 'score')}</td></tr>`).join('')}</tbody></table>`).join('')
  return `<!doctype html><html lang="pt-PT"><head><meta charset="utf-8"><title>Atendimento digital · ${html(month)}</title><style>
body{font:11pt/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#111}h1{font-size:20pt;margin:0}table{border-collapse:collapse;width:100%;margin:1rem 0}
th,td{border-bottom:1px solid #bbb;padding:.35rem .5rem;text-align:left;vertical-align:top}td{font-variant-numeric:tabular-nums}thead th{border-bottom:2px solid #333}@media print{body{margin:0}h2{break-after:avoid}tr{break-inside:avoid}}</style></head>
<body><p>${html(municipality)}</p><h1>Relatório do atendimento digital · ${html(month)}</h1><table><thead><tr><th scope="col">Indicador</th><th scope="col">Este mês</th><th scope="col">Mês anterior</th><th scope="col">O que é</th></tr></thead><tbody>${main}</tbody></table>${tables}</body></html>`
}

export function shown(value: number, unit: string): string {
  if (unit === 'duration') return duration(value)
  if (unit === 'score') return value.toLocaleString('pt-PT', { maximumFractionDigits: 1 })
  return Math.round(value).toLocaleString('pt-PT')
}

function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 1) return `${Math.round(ms / 1000)} s`
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.round(hours / 24)} dias`
}
