import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AnswerSource, buildIndex } from '../../../src/bot/understand/build.ts'
import { asAnswers, type EvaluationFaq } from '../../../src/bot/understand/evaluate.ts'
import { detectLanguage } from '../../../src/bot/understand/language.ts'
import { buildManners, findManner } from '../../../src/bot/understand/manners.ts'
import { fold, words } from '../../../src/bot/understand/normalise.ts'
import { matchChoice } from '../../../src/bot/understand/phrases.ts'
import { understand } from '../../../src/bot/understand/understand.ts'

const answers: AnswerSource[] = [
  {
    id: 'water-bill',
    phrases: {
      pt: { question: 'Como posso pagar a fatura da água?', keywords: ['fatura da água', 'pagar água'], examples: ['perdi a fatura da água'] },
      en: { question: 'How can I pay my water bill?', keywords: ['water bill', 'pay water'], examples: ['where do I pay for water'] },
    },
  },
  { id: 'street-light', phrases: { pt: { question: 'Como comunico um candeeiro de rua avariado?', keywords: ['candeeiro', 'iluminação pública'], examples: ['a luz da rua não acende'] } } },
  {
    id: 'pool',
    phrases: {
      pt: { question: 'Como me inscrevo na piscina municipal?', keywords: ['piscina', 'natação'], examples: ['preço da piscina'] },
      en: { question: 'How do I sign up for the swimming pool?', keywords: ['swimming pool'], examples: ['pool prices'] },
    },
  },
]
const index = buildIndex(answers)
/** The forty answers of the set, ten times each. */
const { faqs } = JSON.parse(readFileSync(new URL('../sets/faq.json', import.meta.url), 'utf8')) as { faqs: EvaluationFaq[] }
const crowded = buildIndex(asAnswers(Array.from({ length: 10 }, (_, copy) => faqs.map((faq) => ({ ...faq, id: `${faq.id}-${copy}` }))).flat()))
const first = (text: string, language: 'pt' | 'en' | 'es' | 'fr' = 'pt') => understand(index, text, language).candidates[0]?.id

describe('understanding', () => {
  test.each([
    ['queria pagar a conta da água', 'water-bill'],
    ['onde pago o boleto da água', 'water-bill'],
    ['kero pgr a fatra da agua', 'water-bill'],
    ['candieiro fundido', 'street-light'],
    ['está tudo às escuras cá na rua', 'street-light'],
    ['o meu filho queria aprender a nadar', 'pool'],
  ])('«%s» is about %s', (text, id) => expect(first(text)).toBe(id))

  test('the question is found in the story around it', () => {
    const letter = 'Exmos. Senhores, chamo-me Maria e moro na Rua das Flores há quarenta anos com o meu marido, que está doente. O meu filho trabalha em França e só vem no verão. Perdi o papel que me mandaram e queria saber como pago a conta da água. Agradecida, com os melhores cumprimentos.'
    expect(first(letter)).toBe('water-bill')
  })

  test('an answer in English answers in English', () => expect(first('how do I pay the water bills', 'en')).toBe('water-bill'))

  test('a language without answers of its own falls back to one that has', () => expect(understand(index, 'piscina', 'fr').language).toBe('pt'))

  test.each(['Como renovo a carta de condução?', 'asdfgh', '👍👍', '12345', 'Que tempo vai fazer amanhã?', ''])('«%s» is not answered', (text) => {
    expect(understand(index, text, 'pt').zone).not.toBe('answer')
  })

  test('a single word that is no keyword never answers at once', () => expect(understand(index, 'preço', 'pt').zone).not.toBe('answer'))

  test('a repair is told', () => expect(understand(index, 'candieiro apagado', 'pt').repairs).toEqual([{ from: 'candieiro', to: 'candeeiro' }]))

  test("the town's own synonyms count", () => {
    const own = buildIndex(answers, { synonyms: { pt: [['tanque grande', 'piscina']] } })
    expect(understand(own, 'horas do tanque grande', 'pt').candidates[0]?.id).toBe('pool')
  })

  test('no answers: nothing is understood, nothing is thrown', () => expect(understand(buildIndex([]), 'piscina', 'pt')).toMatchObject({ zone: 'none', candidates: [] }))
})

/** Milliseconds. No measure of speed: what grows with the square of a text takes many times as long, on any machine. */
const stuck = 400

describe('any text at all', () => {
  const manners = buildManners()
  const strange = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: 'grapheme', maxLength: 300 }), fc.lorem({ maxCount: 40 }), fc.constantFrom('\u202e', '\u200b'.repeat(500), '👨‍👩‍👧‍👦'.repeat(200), 'שלום עולם', 'مرحبا بكم', 'a'.repeat(10_240), 'á '.repeat(5_000), '.'.repeat(9_000), '\ud800', '-'.repeat(4_000), "'".repeat(4_000)))

  test('is understood without a throw, with scores between 0 and 1, best first', () => {
    fc.assert(
      fc.property(strange, fc.constantFrom('pt', 'en', 'es', 'fr'), (text, language) => {
        const { candidates, zone } = understand(index, text, language)
        expect(candidates.every(({ score }) => score >= 0 && score <= 1)).toBe(true)
        expect(candidates.map(({ score }) => score)).toEqual(candidates.map(({ score }) => score).sort((a, b) => b - a))
        if (zone !== 'none') expect(candidates.length).toBeGreaterThan(0)
        findManner(text, manners)
        detectLanguage(text, language)
        matchChoice(text, [{ id: 'a', label: 'Água' }, { id: 'b', label: text }])
      }),
      { numRuns: 500 },
    )
  })

  test('10 kB are read in less than a blink', () => {
    const story = 'A minha avó, que Deus tem, morava na rua de cima e contava-me sempre histórias. '.repeat(130)
    const start = performance.now()
    understand(index, story, 'pt')
    expect(performance.now() - start).toBeLessThan(stuck)
  })

  // A thousand times a word that forty answers know, each a sentence of its own; a word that grows eighteenfold when its letters are folded; slips everywhere.
  test.each(['agua? ', 'pagar agua\n', 'faturra ', 'rua da ', 'quero pagar a fatura da água? ', '\ufdfa', 'a\u0301\u0327', "d'agua'", 'ftr lcnc '])('10 kB of «%s» among 400 answers are, too', (piece) => {
    const text = piece.repeat(10_000 / piece.length)
    const took = [1, 2, 3].map(() => {
      const start = performance.now()
      understand(crowded, text, 'pt')
      return performance.now() - start
    })
    expect(Math.min(...took)).toBeLessThan(stuck)
  })
})

describe('normalising', () => {
  test('accents, case, zero-width marks and abbreviations go', () => {
    expect(words('Kero pagar a ÁGUA\u200b pf!').map(({ text }) => text)).toEqual(['quero', 'pagar', 'a', 'agua', 'por', 'favor'])
    expect(fold('Ação Nº')).toBe('acao no')
  })
  test('sentences are counted, abbreviations with a point end none', () => {
    expect(words('Sr. Silva mora cá. Onde pago?').map(({ sentence }) => sentence)).toEqual([0, 0, 0, 0, 1, 1])
  })
  test('links and addresses are not words', () => expect(words('veja https://exemplo.pt/agua e geral@exemplo.pt').map(({ text }) => text)).toEqual(['veja', 'e']))
})

describe('what a message is not about', () => {
  const town = buildIndex([
    ...answers,
    { id: 'market', phrases: { pt: { question: 'Como consigo uma banca na feira ou no mercado?', keywords: ['feira', 'mercado municipal'], examples: ['vender na feira'] } } },
    { id: 'pothole', phrases: { pt: { question: 'Como comunico um buraco na estrada?', keywords: ['buraco', 'passeio partido'], examples: ['passeio levantado'] } } },
  ])
  const answer = (text: string) => understand(town, text, 'pt').candidates[0]?.id

  test('a place is where it is, not what it is about', () => {
    expect(answer('buraco em frente ao mercado')).toBe('pothole')
    expect(answer('há um candeeiro apagado na rua do mercado')).toBe('street-light')
  })

  test('a weekday is no fair', () => expect(understand(town, 'pode ser na quinta-feira ou na sexta feira', 'pt').zone).toBe('none'))

  test('a thing that another body does is not answered, unless the rulebook speaks of it', () => {
    const passport = 'quanto custa o passaporte'
    expect(understand(town, passport, 'pt').zone).not.toBe('answer')
    const own = buildIndex([...answers, { id: 'passport', phrases: { pt: { question: 'Quanto custa o passaporte?', keywords: ['passaporte'], examples: [] } } }])
    const { zone, candidates } = understand(own, passport, 'pt')
    expect([zone, candidates[0]?.id]).toEqual(['answer', 'passport'])
  })
})

describe('what is wanted, beside the thing', () => {
  const town = buildIndex(asAnswers(faqs))
  const zone = (text: string) => understand(town, text, 'pt').zone

  test.each([
    ['quero fazer um contrato de água', 'quero rescindir o contrato de água'],
    ['queria pagar a fatura da água', 'queria reclamar da fatura da água'],
    ['quero inscrever-me na piscina', 'quero cancelar a inscrição na piscina'],
    ['quero uma banca na feira', 'quando é a feira do livro'],
  ])('«%s» is answered, «%s» is not', (own, other) => expect([zone(own), zone(other) === 'answer']).toEqual(['answer', false]))

  test('a rulebook that has the other wish as well tells them apart', () => {
    const both = buildIndex(asAnswers([...faqs, { id: 'end', question: 'Como cancelo o contrato de água?', keywords: ['cancelar contrato de água', 'rescindir contrato'], examples: ['já não quero a água'] }]))
    const { zone: said, candidates } = understand(both, 'quero rescindir o contrato de água', 'pt')
    expect([said, candidates[0]?.id]).toEqual(['answer', 'end'])
  })

  test.each([
    ['como peço uma licença de ruído para a festa', 'porque é que não me deram a licença de ruído para a festa'],
    ['quando se paga o IMI', 'quanto tempo dura a isenção do IMI'],
    ['como registo o meu cão', 'quando é a vacinação dos cães'],
    ['onde peço um atestado de residência', 'quanto tempo é válido o atestado de residência'],
    ['como inscrevo a minha filha no jardim de infância', 'quantas crianças há no jardim de infância'],
  ])('«%s» asks what the answer tells, «%s» asks something else', (own, other) => expect([zone(own), zone(other) === 'answer']).toEqual(['answer', false]))

  test('to marry is not about a house, and to move a meter is not to change its holder', () => {
    expect(zone('quero casar no salão nobre, fazem lá casamentos civis?')).not.toBe('answer')
    expect(zone('posso mudar o contador da água para fora de casa?')).not.toBe('answer')
  })

  test('what the answer tells beside its question may be asked for', () => {
    const told = (answer: string) => buildIndex(asAnswers([...faqs, { id: 'boat', question: 'Como alugo um barco a remos no lago?', keywords: ['barco a remos'], examples: [], answer }]))
    const price = 'quanto é alugar um barco a remos no lago'
    expect(understand(told('Alugue-o no cais.'), price, 'pt').zone).toBe('suggest')
    expect(understand(told('Alugue-o no cais, por 5 euros.'), price, 'pt').zone).toBe('answer')
  })

  test('words that every object has are words like others', () => expect(zone('constructor toString __proto__ quando hasOwnProperty')).toBe('none'))

  test('how things came about is no wish', () => expect(zone('aluguei uma casa e quero fazer um contrato de água')).toBe('answer'))
})
