import { expect, test } from 'vitest'
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
