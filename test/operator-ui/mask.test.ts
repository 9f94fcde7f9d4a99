import { expect, test } from 'vitest'
import { masked } from '../../operator-ui/src/settings/mask.ts'

test.each([
  ['Chamo-me Maria da Luz Antunes e queria saber quando recolhem as folhas', 'e queria saber quando recolhem as folhas', ['name']],
  ['chamo-me joana silva e perdi o cão', 'e perdi o cão', ['name']],
  ['O meu nome é Rui, NIF 123456789, tel. 912 345 678: a água sabe a lixívia', 'a água sabe a lixívia', ['name', 'nif', 'phone']],
  ['fale com o Sr. João Pires sobre a luz', 'fale com o Sr. … sobre a luz', ['name']],
  ['respondam para ze.pires+casa@mail.example por favor', 'respondam para … por favor', ['email']],
  ['+351 253 111 222 ninguém atende', '… ninguém atende', ['phone']],
  ['paguei pelo PT50 0002 0123 1234 5678 9015 4 e nada', 'paguei pelo … e nada', ['iban']],
  ['o meu processo é o 2025/1234567', 'o meu processo é o 2025/…', ['number']],
  ['12 345 678 9 ZZ4', '… ZZ4', ['nif']],
])('«%s» becomes «%s»', (written, kept, found) => {
  const { text, found: what } = masked(written)
  expect(text).toBe(kept)
  expect(what.toSorted()).toEqual(found.toSorted())
})

test.each(['a piscina abre ao domingo às 9h30?', 'onde fica a Câmara Municipal de Vale Formoso', 'quanto custa o passe de 2026', 'vivo no nº 12 da Rua Nova', 'sou de fora, posso ir à biblioteca?'])('«%s» stays as it is', (text) => {
  expect(masked(text)).toEqual({ text, found: [] })
})

test('a text made to be slow is not', () => {
  for (const text of ['A '.repeat(5_000), '1 '.repeat(5_000), `Sr. ${'Da '.repeat(3_000)}`, 'a@'.repeat(3_000), 'chamo-me '.repeat(2_000)]) {
    const began = performance.now()
    masked(text)
    expect(performance.now() - began).toBeLessThan(500)
  }
})
