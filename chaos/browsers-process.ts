/** So many pages write until the input ends, then wait until nothing is on its way, and say what stands on them. */

import { setTimeout as pause } from 'node:timers/promises'

const [base, count] = [process.argv[2]!, Number(process.argv[3])]
const silent = () => undefined
// As much of a browser as the chat asks for; what it keeps, it keeps in memory.
Object.assign(globalThis, { window: globalThis, document: { hidden: false, addEventListener: silent }, addEventListener: silent })
if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: { onLine: true } })
else Object.defineProperty(globalThis, 'navigator', { value: { onLine: true } })
const { openConversation } = await import('../src/channels/webchat/widget/conversation.ts')

const pages = Array.from({ length: count }, (_, n) => ({
  n, said: [] as string[], conversation: openConversation({ base, storage: `page-${n}-`, changed: silent, heard: silent }),
}))
let writing = true
process.stdin.on('end', () => { writing = false }).resume()
for (let words = 1; writing; words += 1) {
  for (const { n, said, conversation } of pages) {
    const text = `janela ${n} mensagem ${words}`
    said.push(text)
    conversation.say({ text, language: 'pt' })
  }
  await pause(700)
}

const isAnswered = ({ said, conversation }: (typeof pages)[number]) => {
  const { outbox, entries } = conversation.state()
  return outbox.length === 0 && entries.filter(({ by }) => by === 'bot').length >= said.length
}
for (let wait = 0; wait < 300 && !pages.every(isAnswered); wait += 1) await pause(100)
await pause(1_000)
const shown = pages.map(({ said, conversation }) => ({ said, screen: conversation.state().entries.map(({ text }) => text) }))
process.stdout.write(JSON.stringify(shown), () => process.exit(0))
