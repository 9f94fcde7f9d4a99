/** Reports as files: CSV that no spreadsheet takes for a formula, and XLSX. */

import writeXlsx from 'write-excel-file/node'
import { definitions } from './definitions.ts'
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

/** Names and groups stay in view however far one goes, and every name is read whole. */
export async function toXlsx(head: string[], rows: Cell[][]): Promise<Buffer> {
  const bold = head.map((value) => ({ value, fontWeight: 'bold' as const, wrap: true, alignVertical: 'top' as const }))
  const body = rows.map((row) => row.map((value) => (value === null ? null : typeof value === 'number' ? { value, type: Number } : { value, type: String })))
  const columns = head.map((_, at) => ({ width: at === 0 ? 28 : 18 }))
  return writeXlsx([bold, ...body], { columns, stickyRowsCount: 1, stickyColumnsCount: 1 }).toBuffer()
}
