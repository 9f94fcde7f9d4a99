/** A quick answer with its variables filled in; what is not known stays as it is, so that it is seen before sending. */

import type { ConversationSummary, Session } from '../../../src/operator-api.types.ts'

export function filled(text: string, conversation: ConversationSummary, session: Session): string {
  const values: Record<string, string | null> = {
    nome: conversation.citizen.name,
    name: conversation.citizen.name,
    referencia: conversation.reference,
    reference: conversation.reference,
    assunto: conversation.topic ?? conversation.subject,
    topic: conversation.topic ?? conversation.subject,
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
