/** A quick answer with its variables filled in; what is not known stays as it is, so that it is seen before sending. */

import type { ConversationSummary, Session } from '../../../src/operator-api.types.ts'

export function filled(text: string, conversation: ConversationSummary, session: Session): string {
  const values: Record<string, string | null> = {
    nome: conversation.citizen.name,
    name: conversation.citizen.name,
    referencia: conversation.reference,
    reference: conversation.reference,
    assunto: topicOf(conversation, session),
    topic: topicOf(conversation, session),
    operador: session.operator.name,
    operator: session.operator.name,
    municipio: session.municipality.name,
    municipality: session.municipality.name,
  }
  return text.replace(/\{\{\s*([\p{L}]+)\s*\}\}/gu, (whole, name: string) => {
    const key = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
    return (Object.hasOwn(values, key) ? values[key] : null) ?? whole
  })
}

function topicOf({ topic, subject, language }: ConversationSummary, { topics }: Session): string | null {
  const known = topic !== null && Object.hasOwn(topics, topic) ? topics[topic] : undefined
  return known ? known[language === 'pt' ? 'pt' : 'en'] : (topic ?? subject)
}
