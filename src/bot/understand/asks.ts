/** What a message asks to be told of its thing: how one goes about it, when, for how much, how long, how many, why. «Quando é a feira?» asks another thing of the fair than «como vendo na feira?». */

import type { Word } from './normalise.ts'

export type Ask = 'way' | 'day' | 'hour' | 'price' | 'duration' | 'count' | 'reason'

const set = (list: string) => new Set(list.split(' '))

/** A word that asks by itself; in the other languages only how one goes about it is heard. */
const plain: readonly [Ask, ReadonlySet<string>][] = [
  ['way', set('como onde aonde pedir marcar comunicar avisar how where want need cual donde quiero necesito quisiera comment ou voudrais veux')],
  ['duration', set('demora demoram demorar dura duram durar prescreve prescrevem')],
  ['price', set('preco precos custo custos')],
  ['day', set('horario horarios prazo prazos calendario')],
  ['hour', set('horario horarios prazo prazos calendario')],
]
const wanting = set('quero queria queriamos queremos gostava gostaria gostavamos pretendo pretendia desejo desejava preciso precisava precisamos necessito venho vinha posso podia podemos podiamos')
/** To be told, not to be done. */
const toBeTold = set('saber perguntar informacao informacoes informar esclarecer esclarecimento duvida entender perceber compreender')
const telling = set('saber dizer dizem diga digam diz perceber entender explicar explicam explique expliquem sei')
const periods = set('dias dia anos ano meses mes semanas semana horas')
const papers = set('papeis papel documentos documento licenca licencas passos impressos formulario')
const dates = set('dias dia data')
const doing = set('devo faco preciso fazer levo')
const needed = set('preciso necessario que')
const toward = set('a com para')
const handling = set('trata tratar contacto contactar falo falar ligo ligar dirijo digo diz avisar aviso telefono escrevo peco pedir faz arranja conserta resolve recolhe apanha limpa tapa')
const notPrice = set('a ao antes mais')
/** Shorter ones only ask; in what is longer, «quando» mostly tells. */
const shortest = 18

export function asksOf(words: readonly Word[]): ReadonlySet<Ask> {
  const asks = new Set<Ask>()
  for (const [at, { text }] of words.entries()) {
    const ask = asking.get(text)?.(words, at)
    if (ask) asks.add(ask)
    else if (wanting.has(text) && !toBeTold.has(said(words, at + 1)) && !toBeTold.has(said(words, at + 2))) asks.add('way')
    for (const [kind, own] of plain) if (own.has(text)) asks.add(kind)
  }
  return asks
}

const said = (words: readonly Word[], at: number) => words[at]?.text ?? ''
const opens = (words: readonly Word[], at: number) => words[at - 1]?.sentence !== words[at]?.sentence
const closes = (words: readonly Word[], at: number) => words[at + 1]?.sentence !== words[at]?.sentence
const isThat = (words: readonly Word[], at: number) => said(words, at + 1) === 'e' && said(words, at + 2) === 'que'

type Hears = (words: readonly Word[], at: number) => Ask | undefined

const which: Hears = (words, at) => {
  const next = said(words, at + 1)
  if (papers.has(next)) return 'way'
  if (next === 'horas') return 'hour'
  return dates.has(next) ? 'day' : undefined
}

/** Words that ask in some company, and in other company do not. */
const asking = new Map<string, Hears>(Object.entries({
  quem: (words, at) => (toward.has(said(words, at - 1)) || handling.has(said(words, at + 1)) || handling.has(said(words, at + 3)) ? 'way' : undefined),
  qual: which,
  quais: which,
  que: (words, at) => {
    if (said(words, at - 1) !== 'o' && !opens(words, at)) return which(words, at)
    if (doing.has(said(words, at + 1))) return 'way'
    return said(words, at + 1) === 'e' ? (needed.has(said(words, at + 2)) ? 'way' : 'count') : which(words, at)
  },
  quando: (words, at) => {
    const before = said(words, at - 1)
    return words.length < shortest || words[at]?.question || before === 'ate' || before === 'desde' || telling.has(before) || isThat(words, at) ? 'day' : undefined
  },
  quanto: (words, at) => (said(words, at + 1) === 'tempo' ? 'duration' : notPrice.has(said(words, at + 1)) ? undefined : 'price'),
  quantos: (words, at) => (periods.has(said(words, at + 1)) ? 'duration' : 'count'),
  quantas: (words, at) => (periods.has(said(words, at + 1)) ? 'duration' : 'count'),
  porque: (words, at) => (opens(words, at) || closes(words, at) || telling.has(said(words, at - 1)) || isThat(words, at) ? 'reason' : undefined),
  por: (words, at) => (said(words, at + 1) === 'que' && (opens(words, at) || said(words, at + 2) === 'razao' || said(words, at + 2) === 'motivo') ? 'reason' : undefined),
}))

const money = set('gratuito gratuita gratuitos gratuitas gratis taxa taxas preco precos euro euros € custa custam valor tarifa')
const calendar = set('janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro segunda segundas terca tercas quarta quartas quinta quintas sexta sextas sabado sabados domingo domingos')

/** What the words of an answer tell beside what it was written for. */
export function tellsOf(words: readonly Word[]): ReadonlySet<Ask> {
  const tells = new Set<Ask>()
  for (const [at, { text }] of words.entries()) {
    if (money.has(text)) tells.add('price')
    else if (/^\d{1,2}h/.test(text)) tells.add('hour')
    else if (calendar.has(text)) tells.add('day')
    else if (text === 'dias' && /^\d+$/.test(said(words, at - 1))) tells.add('duration').add('day')
  }
  return tells
}
