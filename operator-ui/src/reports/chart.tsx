/** One figure over the groups, as bars with names or, over time, as columns. The table below says the same in numbers. */

import { type Definition, type Grouping, type Line, mainOf, numberOf, written } from './figures.ts'

interface Given {
  lines: Line[]
  definition: Definition
  title: string
  locale: string
}

export function Chart({ by, ...given }: Given & { by: Grouping }) {
  return by === 'day' || by === 'hour' ? <Columns {...given} /> : <Bars {...given} />
}

const barHeight = 28
const labelWidth = 190
const width = 760
const mostBars = 40

function Bars({ lines, definition, title, locale }: Given) {
  const value = (line: Line) => numberOf(line, mainOf(definition)) ?? 0
  const most = Math.max(1, ...lines.map(value))
  const shown = lines.toSorted((a, b) => value(b) - value(a)).slice(0, mostBars)
  return (
    <svg className="chart" role="img" aria-label={title} viewBox={`0 0 ${width} ${shown.length * barHeight}`}>
      {shown.map((line, at) => {
        const long = (value(line) / most) * (width - labelWidth - 110)
        return (
          <g key={line.key} transform={`translate(0 ${at * barHeight})`}>
            <text x={labelWidth - 10} y={18} textAnchor="end">
              {line.label.length > 26 ? `${line.label.slice(0, 25)}…` : line.label}
            </text>
            <rect x={labelWidth} y={5} width={Math.max(long, 1)} height={barHeight - 10} rx={3} />
            <text x={labelWidth + long + 8} y={18}>
              {written(numberOf(line, mainOf(definition)), definition.unit, locale)}
            </text>
          </g>
        )
      })}
    </svg>
  )
}

const height = 240
const [left, bottom, top] = [64, 24, 10]

function Columns({ lines, definition, title, locale }: Given) {
  const value = (line: Line) => numberOf(line, mainOf(definition)) ?? 0
  const most = Math.max(1, ...lines.map(value))
  const step = (width - left) / Math.max(1, lines.length)
  const every = Math.ceil(lines.length / 12)
  const y = (amount: number) => top + (1 - amount / most) * (height - bottom - top)
  return (
    <svg className="chart" role="img" aria-label={title} viewBox={`0 0 ${width} ${height}`}>
      {[0, most / 2, most].map((amount) => (
        <g key={amount}>
          <line x1={left} x2={width} y1={y(amount)} y2={y(amount)} />
          <text x={left - 8} y={y(amount) + 4} textAnchor="end">
            {written(amount, definition.unit, locale)}
          </text>
        </g>
      ))}
      {lines.map((line, at) => (
        <g key={line.key}>
          <rect
            x={left + at * step + step * 0.15}
            y={y(value(line))}
            width={Math.max(step * 0.7, 1)}
            height={height - bottom - y(value(line))}
            rx={2}
          >
            <title>{`${line.label}: ${written(numberOf(line, mainOf(definition)), definition.unit, locale)}`}</title>
          </rect>
          {at % every === 0 && (
            <text x={left + (at + 0.5) * step} y={height - 6} textAnchor="middle">
              {line.key.length === 10 ? `${Number(line.key.slice(8))}/${Number(line.key.slice(5, 7))}` : `${line.label} h`}
            </text>
          )}
        </g>
      ))}
    </svg>
  )
}
