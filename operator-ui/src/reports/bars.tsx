/** Bars that can be read: each with its name and its number; the table below says the same. */

import type { Line } from './figures.ts'
import { numberOf } from './figures.ts'

const barHeight = 26
const labelWidth = 150

export function Bars({ lines, figure, title }: { lines: Line[]; figure: string; title: string }) {
  const most = Math.max(1, ...lines.map((line) => numberOf(line, figure) ?? 0))
  const shown = lines.slice(0, 40)
  return (
    <svg
      className="bars"
      role="img"
      aria-label={title}
      viewBox={`0 0 640 ${shown.length * barHeight}`}
      preserveAspectRatio="xMinYMin meet"
    >
      {shown.map((line, at) => {
        const value = numberOf(line, figure) ?? 0
        const width = (value / most) * (640 - labelWidth - 60)
        return (
          <g key={line.key} transform={`translate(0 ${at * barHeight})`}>
            <text x={labelWidth - 8} y={17} textAnchor="end">
              {line.label.length > 22 ? `${line.label.slice(0, 21)}…` : line.label}
            </text>
            <rect x={labelWidth} y={4} width={Math.max(width, 1)} height={barHeight - 9} rx={3} />
            <text x={labelWidth + width + 8} y={17}>
              {value}
            </text>
          </g>
        )
      })}
    </svg>
  )
}
