/** Web chat in a storm: the page asks us, so what fails is the line between us, and the page tries again with the same id. */

import { setTimeout as pause } from 'node:timers/promises'
import type { Chance } from '../../../chaos/random.ts'
import { openLine } from '../webchat/line.ts'
import { message, Visitor } from '../webchat/setting.ts'
import { copiesBy, type Row } from './row.ts'

export async function webchatRow(chance: Chance): Promise<Row> {
  const line = await openLine()
  const copies = copiesBy(chance)
  const people = 50
  const visitors = Array.from({ length: people }, () => ({ visitor: new Visitor(line.url), cursor: undefined as string | undefined, shown: [] as string[] }))

  /** As the widget: on from where it was. */
  async function read(one: (typeof visitors)[number]): Promise<void> {
    for (;;) {
      const news = await one.visitor.read(one.cursor).catch(() => undefined)
      if (!news) return
      one.cursor = news.cursor
      one.shown.push(...news.entries.filter(({ by }) => by === 'bot').map(({ text }) => text))
      if (!news.more) return
    }
  }

  return {
    block: { kind: 'webchat', limits: { perVisitor: 3_000, perAddress: 30_000, newVisitorsPerAddress: 3_000 } },
    env: {},
    people, each: 10, answersOneIn: 1,
    listensAt: (url) => line.lead(url),
    async write(person, text) {
      const one = visitors[person]!
      const said = message(text)
      for (;;) {
        if (chance.is(0.1)) setTimeout(line.cut, 5)
        const answers = await Promise.all(Array.from({ length: copies() }, () => one.visitor.post('/messages', said).then(({ status }) => status, () => 0)))
        if (answers.includes(200)) break
        await pause(100)
      }
      await read(one)
      return true
    },
    async shown() {
      await Promise.all(visitors.map(read))
      return visitors.flatMap(({ shown }) => shown)
    },
    doubts: () => 0,
    close: line.close,
  }
}
