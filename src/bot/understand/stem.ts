/** Two shorter forms of a word: `singular`, which is still the same word, and `stem`, which is its family. */

import snowball from 'snowball-stemmers'
import type { Language } from '../../core/model.ts'
import { remembering } from './remembering.ts'

export interface Morphology {
  singular(word: string): string
  stem(word: string): string
}

const endings = sortedByLength(`
ariamos eriamos iriamos assemos essemos issemos assem essem issem avamos aramos aremos eremos iremos armos ermos irmos
ando endo indo aram eram iram aria eria iria asse esse isse arao erao irao arem erem irem avam
ada ado ida ido ava iam amos emos imos ara era ira ares eres ires astes estes istes
ar er ir ou ei eu iu am em ia a e o`)

const nominal = sortedByLength('amento imento izacao izado acao icao agem avel ivel mente issimo issima zinho zinha inho inha')

function sortedByLength(list: string): string[] {
  return list.split(/\s+/).filter((ending) => ending !== '').sort((a, b) => b.length - a.length)
}

/** Plural → singular. The result need not be a word: it must be the same for both. */
function portugueseSingular(word: string): string {
  let form = word
  if (form.length > 3 && form.endsWith('s')) {
    if (/[oa]es$|aos$/.test(form)) form = `${form.slice(0, -3)}ao`
    else if (form.length > 4 && /[aeou]is$/.test(form)) form = `${form.slice(0, -2)}l`
    else if (form.length > 3 && form.endsWith('ns')) form = `${form.slice(0, -2)}m`
    else if (form.length > 4 && /[^ius]s$/.test(form)) form = form.slice(0, -1)
    else if (/[aeo]s$/.test(form)) form = form.slice(0, -1)
  }
  return form.length > 4 && /[rzs]e$/.test(form) ? form.slice(0, -1) : form
}

/** To marry is not about a house. */
const marrying = /^cas(?:ar|amento|ad[oa]|ei|ou|amos|arem|armos)$/

function portugueseStem(word: string): string {
  const form = portugueseSingular(word)
  if (marrying.test(form)) return 'casar'
  if (form.length <= 3 || /(?:[^c]|^.{0,3}c)ao$/.test(form)) return spelling(form)
  for (const ending of nominal) if (form.endsWith(ending) && form.length - ending.length >= (ending === 'agem' ? 5 : 3)) return spelling(restore(form.slice(0, -ending.length)))
  for (const ending of endings) {
    if (!form.endsWith(ending) || form.length - ending.length < (/^[aei]ria$/.test(ending) ? 4 : 3)) continue
    if (ending === 'ira' && form.at(-4) === 'e') continue
    const root = form.slice(0, -ending.length)
    return spelling(/^[ei]/.test(ending) ? restore(root) : root)
  }
  return spelling(form)
}

/** «marquei» and «marcar», «paguei» and «pagar». */
function restore(root: string): string {
  if (root.endsWith('qu')) return `${root.slice(0, -2)}c`
  return root.endsWith('gu') && root.length > 3 ? root.slice(0, -1) : root
}

/** Spelling before and after the reform, and in Brazil: factura, contacto, óptimo, acção, objectos. */
function spelling(stem: string): string {
  return stem.replace(/([aeiou])[cp]([tc])/g, '$1$2').replace(/([bcdfghjklmnpqrtvxz])\1/g, '$1')
}

function other(algorithm: string, articles: RegExp): Morphology {
  const stemmer = snowball.newStemmer(algorithm)
  return { singular: (word) => word.replace(articles, ''), stem: (word) => stemmer.stem(word) }
}

const remembered = ({ singular, stem }: Morphology): Morphology => ({ singular: remembering(singular), stem: remembering(stem) })

export const morphology: Record<Language, Morphology> = {
  pt: remembered({ singular: portugueseSingular, stem: portugueseStem }),
  en: remembered(other('english', /^$/)),
  es: remembered(other('spanish', /^$/)),
  fr: remembered(other('french', /^[dlnjstcm]'/)),
}
