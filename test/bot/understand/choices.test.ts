import { expect, test } from 'vitest'
import { words } from '../../../src/bot/understand/normalise.ts'
import { matchChoice } from '../../../src/bot/understand/phrases.ts'

const choices = [
  { id: 'water', label: 'Água' },
  { id: 'light', label: 'Iluminação pública' },
  { id: 'hole', label: 'Buracos na estrada' },
]

test.each([
  ['1', 'water'], ['2.', 'light'], ['opção 3', 'hole'], ['agua', 'water'], ['águas', 'water'], ['Agau', 'water'], ['quero água por favor', 'water'],
  ['iluminasao', 'light'], ['iluminação', 'light'], ['buraco na estrada', 'hole'], ['a primeira', 'water'],
])('«%s» chooses %s', (text, id) => expect(matchChoice(text, choices)).toBe(id))

test.each(['como pago a fatura da água?', '4', '0', 'luz', '🙂', '', 'na minha estrada há um candeeiro'])('«%s» chooses nothing', (text) => expect(matchChoice(text, choices)).toBeUndefined())

test('a label that is a number is meant before a position', () => {
  expect(matchChoice('2', [{ id: 'a', label: '5' }, { id: 'b', label: '3' }, { id: 'c', label: '2' }])).toBe('c')
})

/** Of the processor, in microseconds: what else the machine does is not counted. */
function cost(work: () => void): number {
  const took = Array.from({ length: 15 }, () => {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    return user + system
  })
  return Math.min(...took)
}

test('letters that grow eighteenfold when they are read cost no more to compare with thirty labels than to read', () => {
  const labels = Array.from({ length: 30 }, (_, at) => ({ id: `${at}`, label: `صلوات الله عليها وسلام النبي ${at}` }))
  const text = 'ﷺ'.repeat(200)
  const reading = cost(() => words(text, { expand: false }))
  expect(cost(() => matchChoice(text, labels))).toBeLessThan(5 * reading)
})
