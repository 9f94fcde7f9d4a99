/** Which language a message is in. The prior stays unless another language gives two clear signals: nobody changes language with one word. */

import type { Language } from '../../core/model.ts'
import { fold } from './normalise.ts'

/** Words of one language that are not words of the others (or mean nothing there). With accents: «où» is a signal, «ou» is none. */
const signalsOf: Record<Language, ReadonlySet<string>> = {
  pt: set('não nao olá ola bom boa dia tarde noite obrigado obrigada quero queria preciso gostava gostaria posso onde quando como fica fazer pagar água lixo rua câmara camara você voce vocês sim muito também tambem até isso isto está estão são tenho tem uma um meu minha meus seu sua do da dos das no na nos nas ao aos à às pelo pela com sem mais já ainda qual quais quem porquê porque para em eu ele ela nós certidão licença escola cartão ajuda favor num numa tá ta fatura é'),
  en: set('the is are was i you he she we they my your his our their what when where why who how do does did can could would should will need want help please thanks thank hello hi good morning afternoon evening yes not have has with for from and this that there to of in on at it be get pay bill water street light garbage trash house town hall city license permit birth certificate school bus ticket parking opening hours'),
  es: set('el los las del al hola buenos buenas días dias tardes noches gracias quiero quisiera necesito puedo dónde cuándo cómo qué cuál quién hay calle agua basura ayuntamiento yo usted ustedes mi mis sus y pero muy también sí hacer tengo tiene partida nacimiento niño escuela'),
  fr: set("le les des est sont je j'ai vous nous il elle ils on où quand comment quel quelle bonjour bonsoir merci oui avec pour dans sur au aux du ce cette mon ma mes votre vos besoin veux voudrais puis peux faire payer rue eau l'eau poubelle mairie ne pas n'y qui quoi pourquoi aide d'aide bon après midi après-midi acte naissance d'un d'une y plaît s'il c'est et"),
}

function set(list: string): ReadonlySet<string> {
  return new Set(list.split(' '))
}

const marks: [Language, RegExp][] = [
  ['pt', /[ãõ]|ção|ções|nh|lh/],
  ['es', /[ñ¿¡]|ción\b/],
  ['fr', /[œùîûëï]|\b[jldnmtsc]['’](?=[aeiouhyéêà])/],
  ['en', /\b(?:i'm|don't|can't|it's|what's|i've|there's|isn't)\b|ght\b/],
]

const clear = 2
const longest = 600

export function detectLanguage(text: string, prior: Language, offered: readonly Language[] = ['pt', 'en', 'es', 'fr']): Language {
  const lower = text.slice(0, longest).normalize('NFC').toLowerCase().replace(/’/g, "'")
  const words = lower.match(/\p{L}+(?:['-]\p{L}+)*/gu) ?? []
  const counts = new Map<Language, number>()
  for (const language of offered) {
    let count = new Set(words.filter((word) => signalsOf[language].has(word))).size
    for (const [of, mark] of marks) if (of === language && mark.test(lower)) count += 1
    counts.set(language, count)
  }
  const own = counts.get(prior) ?? 0
  let best = prior
  let most = own
  for (const [language, count] of counts) {
    if (count >= clear && count > most) {
      best = language
      most = count
    }
  }
  return best
}

/** «English», «Español», «en français»: the citizen's own choice, which needs no second signal. */
export function namedLanguage(text: string): Language | undefined {
  const folded = fold(text.slice(0, 80)).trim().replace(/^(?:in|en|em|parle|speak|falar|falo|i speak|do you speak|prefiro|quero)\s+/, '').replace(/[.!?]+$/, '')
  return names.get(folded)
}

const names = new Map<string, Language>([
  ...['pt', 'portugues', 'portuguese', 'portugais'].map((name) => [name, 'pt'] as const),
  ...['english', 'ingles', 'anglais', 'inglese'].map((name) => [name, 'en'] as const),
  ...['espanol', 'espanhol', 'spanish', 'castellano', 'castelhano', 'espagnol'].map((name) => [name, 'es'] as const),
  ...['francais', 'frances', 'french'].map((name) => [name, 'fr'] as const),
])
