/** Which channels storm, and how much: `STORM_CHANNELS=telegram,sms STORM_MESSAGES=1000 STORM_SEED=n`; by themselves all, in the size of each row. */

import { type Chance, chanceOf } from '../../../chaos/random.ts'
import type { Row } from './row.ts'

export const seed = Number(process.env.STORM_SEED ?? 20_261_126)
const names = process.env.STORM_CHANNELS?.split(',').map((name) => name.trim())
const messages = Number(process.env.STORM_MESSAGES ?? 0)

export interface Offered { id: string; kind: string; open(chance: Chance): Promise<Row> }

/** Those whose id or kind was named. Each keeps its place, and so its troubles, when others stay away. */
export async function opened(offered: Offered[], firstPlace: number): Promise<Record<string, Row>> {
  const rows = await Promise.all(offered.map(async ({ id, kind, open }, n) => (isChosen(id, kind) ? [[id, sized(await open(chanceOf(seed + firstPlace + n)))] as const] : [])))
  return Object.fromEntries(rows.flat())
}

const isChosen = (...is: string[]) => names === undefined || is.some((name) => names.includes(name))
/** As many as are asked for, written by as many people as ever. */
const sized = (row: Row): Row => (messages > 0 ? { ...row, each: Math.ceil(messages / row.people) } : row)
