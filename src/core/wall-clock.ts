/** Where the clock on the wall stands against UTC, by Intl; kept, because asking it a million times is slow. */

export const minute = 60_000
export const day = 1440 * minute

/** Where local time stands against UTC, from when until when: one stretch, or three where clocks change twice. */
export interface Offset {
  from: number
  to: number
  millis: number
}
const offsetsKept = new Map<string, Map<number, Offset[]>>()

export function offsetsOf(timeZone: string, year: number): Offset[] {
  let years = offsetsKept.get(timeZone)
  if (!years) offsetsKept.set(timeZone, (years = new Map()))
  let offsets = years.get(year)
  if (!offsets) years.set(year, (offsets = findOffsets(timeZone, year)))
  return offsets
}

function findOffsets(timeZone: string, year: number): Offset[] {
  const [first, last] = [Date.UTC(year, 0, 1) - day, Date.UTC(year + 1, 0, 1) + day]
  const offsets: Offset[] = [{ from: first, to: last, millis: offsetAt(timeZone, first) }]
  for (let time = first; time < last; time += day) {
    const now = offsets.at(-1)!
    const millis = offsetAt(timeZone, time + day)
    if (millis === now.millis) continue
    let [low, high] = [time, time + day]
    while (high - low > 1000) {
      const middle = Math.floor((low + high) / 2000) * 1000
      if (offsetAt(timeZone, middle) === now.millis) low = middle
      else high = middle
    }
    now.to = high
    offsets.push({ from: high, to: last, millis })
  }
  return offsets
}

const formats = new Map<string, Intl.DateTimeFormat>()

function offsetAt(timeZone: string, time: number): number {
  let format = formats.get(timeZone)
  if (!format) {
    const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const
    format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', second: 'numeric', ...numeric })
    formats.set(timeZone, format)
  }
  const part: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(time)) part[type] = Number(value)
  const wall = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!)
  return wall - Math.floor(time / 1000) * 1000
}

/** As `offsetAt`, from the list of the year: this is asked a million times. */
export function offsetOf(timeZone: string, time: number): number {
  const offsets = offsetsOf(timeZone, new Date(time).getUTCFullYear())
  let index = 0
  while (index < offsets.length - 1 && time >= offsets[index]!.to) index++
  return offsets[index]!.millis
}
