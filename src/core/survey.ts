/** "How was it?", in words, and the understanding of the answer. Pure; the same on every channel. */

import type { Content, Language } from './model.ts'
import type { SurveyAnswer, SurveyTexts } from './town.ts'

interface Words { ask: string; askCall: string; scale: string[]; thanks: string; comment: string; noComment: string; thanksForComment: string }

const words: Record<Language, Words> = {
  pt: {
    ask: 'A conversa terminou. De 1 a 5, como avalia o atendimento?',
    askCall: 'A videochamada terminou. De 1 a 5, como avalia o atendimento?',
    scale: ['1 – Muito mau', '2 – Mau', '3 – Razoável', '4 – Bom', '5 – Muito bom'],
    thanks: 'Obrigado pela sua avaliação.',
    comment: 'Obrigado. Se quiser, deixe um comentário sobre o atendimento.',
    noComment: 'Não, obrigado',
    thanksForComment: 'Obrigado pelo seu comentário.',
  },
  en: {
    ask: 'The conversation has ended. From 1 to 5, how was it?',
    askCall: 'The video call has ended. From 1 to 5, how was it?',
    scale: ['1 – Very bad', '2 – Bad', '3 – Fair', '4 – Good', '5 – Very good'],
    thanks: 'Thank you for your rating.',
    comment: 'Thank you. If you like, leave a comment about it.',
    noComment: 'No, thanks',
    thanksForComment: 'Thank you for your comment.',
  },
  es: {
    ask: 'La conversación ha terminado. De 1 a 5, ¿cómo valora la atención?',
    askCall: 'La videollamada ha terminado. De 1 a 5, ¿cómo valora la atención?',
    scale: ['1 – Muy mala', '2 – Mala', '3 – Regular', '4 – Buena', '5 – Muy buena'],
    thanks: 'Gracias por su valoración.',
    comment: 'Gracias. Si lo desea, deje un comentario sobre la atención.',
    noComment: 'No, gracias',
    thanksForComment: 'Gracias por su comentario.',
  },
  fr: {
    ask: 'La conversation est terminée. De 1 à 5, comment évaluez-vous l’accueil ?',
    askCall: 'L’appel vidéo est terminé. De 1 à 5, comment évaluez-vous l’accueil ?',
    scale: ['1 – Très mauvais', '2 – Mauvais', '3 – Moyen', '4 – Bon', '5 – Très bon'],
    thanks: 'Merci de votre évaluation.',
    comment: 'Merci. Si vous le souhaitez, laissez un commentaire.',
    noComment: 'Non, merci',
    thanksForComment: 'Merci de votre commentaire.',
  },
}

/** Words after a score are its comment for ten minutes; later they are the beginning of something new. */
const commentWindowSeconds = 600
const maxComment = 2_000
/** Who wants to hear no more says so to whoever asked last. No comment, but the beginning of something new, which is obeyed. */
const stops = /^(?:stop|stopall|unsubscribe|parar|pare|sair|cancelar|remover|baja|arret|arreter)(?: sms)?$/
const spelled: Record<string, number> = {
  um: 1, dois: 2, tres: 3, quatro: 4, cinco: 5, one: 1, two: 2, three: 3, four: 4, five: 5, uno: 1, dos: 2, cuatro: 4, cinq: 5, deux: 2, trois: 3, quatre: 4, un: 1,
}

export const surveyTexts: SurveyTexts = {
  lifeMs: 24 * 3_600_000,

  ask(language, _departmentId, subject): Content {
    const { ask, askCall, scale } = words[language]
    return { text: subject === 'call' ? askCall : ask, choices: scale.map((label, n) => ({ id: `survey:${n + 1}`, label })) }
  },

  understand(content, { state, secondsSinceScore }, language): SurveyAnswer | undefined {
    const { thanks, comment, noComment, thanksForComment } = words[language]
    const text = content.text.trim()
    if (state === 'asked') {
      const score = scoreIn(content)
      if (score === undefined) return undefined
      return { type: 'score', score, reply: { text: comment, choices: [{ id: 'survey:no-comment', label: noComment }] } }
    }
    if (content.chosen === 'survey:no-comment' || fold(text) === fold(noComment) || /^(1|nao|no|non|n)$/.test(fold(text))) return { type: 'refused', reply: { text: thanks } }
    if (stops.test(fold(text).replace(/[^a-z ]/g, '').trim())) return undefined
    if (text === '' || secondsSinceScore > commentWindowSeconds || text.includes('?') || content.attachments?.length) return undefined
    return { type: 'comment', comment: text.slice(0, maxComment), reply: { text: thanksForComment } }
  },
}

function scoreIn({ text, chosen }: Content): number | undefined {
  const pressed = /^survey:([1-5])$/.exec(chosen ?? '')?.[1]
  if (pressed) return Number(pressed)
  const plain = fold(text).replace(/[^a-z0-9 ]/g, ' ').trim().replace(/\s+/g, ' ')
  const digit = /^(?:nota |dou |avalio |e |um |uma )?([1-5])(?: (?:estrelas?|stars?|valores|em 5|de 5|muito mau|mau|razoavel|bom|muito bom|very bad|bad|fair|good|very good|obrigad[oa]))*$/.exec(plain)?.[1]
  if (digit) return Number(digit)
  return spelled[plain]
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()
}
