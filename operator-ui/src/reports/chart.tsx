/** One figure over the groups, as bars with names or, over time, as columns. The table below says the same in numbers. */

import { useLayoutEffect, useRef, useState } from 'react'
import { type Definition, type Grouping, type Line, mainOf, numberOf, written } from './figures.ts'

interface Given {
  lines: Line[]
  definition: Definition
  title: string
  locale: string
}

interface Drawn extends Given {
  width: number
}

const [narrowest, widest] = [280, 760]

/** Drawn as wide as there is room: drawn for a laptop and made small, its words cannot be read on a phone. */
export function Chart({ by, ...given }: Given & { by: Grouping }) {
  const around = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(widest)
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([room]) => {
      if (room) setWidth(Math.min(widest, Math.max(narrowest, Math.round(room.contentRect.width))))
    })
    if (around.current) observer.observe(around.current)
    return () => observer.disconnect()
  }, [])
  return (
    <div ref={around}>
      {by === 'day' || by === 'hour' ? <Columns width={width} {...given} /> : <Bars width={width} {...given} />}
    </div>
  )
}

const barHeight = 28
const mostBars = 40
const [valueWidth, letter] = [110, 7.8]

function Bars({ lines, definition, title, locale, width }: Drawn) {
  const labelWidth = Math.max(110, Math.round(width / 4))
  const letters = Math.floor((labelWidth - 10) / letter)
  const value = (line: Line) => numberOf(line, mainOf(definition)) ?? 0
  const most = Math.max(1, ...lines.map(value))
  const shown = lines.toSorted((a, b) => value(b) - value(a)).slice(0, mostBars)
  return (
    <svg className="chart" role="img" aria-label={title} viewBox={`0 0 ${width} ${shown.length * barHeight}`}>
      {shown.map((line, at) => {
        const long = (value(line) / most) * (width - labelWidth - valueWidth)
        return (
          <g key={line.key} transform={`translate(0 ${at * barHeight})`}>
            <text x={labelWidth - 10} y={18} textAnchor="end">
              {line.label.length > letters ? `${line.label.slice(0, letters - 1)}…` : line.label}
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
/** Of a date below the columns. */
const dateWidth = 58

function Columns({ lines, definition, title, locale, width }: Drawn) {
  const value = (line: Line) => numberOf(line, mainOf(definition)) ?? 0
  const most = Math.max(1, ...lines.map(value))
  const step = (width - left) / Math.max(1, lines.length)
  const every = Math.ceil(lines.length / Math.floor((width - left) / dateWidth))
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
