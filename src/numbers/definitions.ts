/** What each figure means, said on the page itself and in every export. */

export type Section = 'people' | 'quality' | 'bot' | 'video'
export interface Definition { key: string; section: Section; unit: 'count' | 'duration' | 'score' | 'minutes'; pt: string; en: string; explainPt: string; explainEn: string }

export const definitions: Definition[] = [
  { key: 'conversations', section: 'people', unit: 'count', pt: 'Conversas', en: 'Conversations', explainPt: 'Conversas começadas no período.', explainEn: 'Conversations begun in the period.' },
  { key: 'handed', section: 'people', unit: 'count', pt: 'Com pessoas', en: 'With people', explainPt: 'Conversas em que foi pedida, ou entrou, uma pessoa.', explainEn: 'Conversations in which a person was asked for, or stepped in.' },
  { key: 'closed', section: 'people', unit: 'count', pt: 'Terminadas', en: 'Closed', explainPt: 'Das conversas do período, as que estão terminadas.', explainEn: 'Of these, those that are closed.' },
  { key: 'wait', section: 'people', unit: 'duration', pt: 'Espera', en: 'Wait', explainPt: 'Do pedido de uma pessoa até alguém ficar com a conversa.', explainEn: 'From asking for a person until somebody takes the conversation.' },
  { key: 'firstResponse', section: 'people', unit: 'duration', pt: 'Primeira resposta', en: 'First response', explainPt: 'Do pedido de uma pessoa até à primeira resposta de uma pessoa. O tempo do assistente não conta.', explainEn: 'From asking for a person to a person’s first reply. Bot time is not counted.' },
  { key: 'handling', section: 'people', unit: 'duration', pt: 'Tratamento', en: 'Handling', explainPt: 'De alguém ficar com a conversa até ao fim, sem o tempo em que esteve adiada.', explainEn: 'From being taken to the end, without the time asleep.' },
  { key: 'resolution', section: 'people', unit: 'duration', pt: 'Resolução', en: 'Resolution', explainPt: 'Da primeira mensagem ao fim da conversa.', explainEn: 'From the first message to the end.' },
  { key: 'score', section: 'quality', unit: 'score', pt: 'Satisfação', en: 'Satisfaction', explainPt: 'Média das avaliações de 1 a 5 do atendimento.', explainEn: 'Mean of the ratings from 1 to 5.' },
  { key: 'satisfied', section: 'quality', unit: 'count', pt: 'Satisfeitos', en: 'Satisfied', explainPt: 'Avaliações de 4 ou 5.', explainEn: 'Ratings of 4 or 5.' },
  { key: 'answeredInTime', section: 'quality', unit: 'count', pt: 'Respondidas no prazo', en: 'Answered in time', explainPt: 'Primeira resposta dentro do prazo do serviço, em horas de atendimento.', explainEn: 'First reply within what the department promises, in open hours.' },
  { key: 'answeredLate', section: 'quality', unit: 'count', pt: 'Respondidas fora do prazo', en: 'Answered late', explainPt: 'Primeira resposta depois do prazo do serviço.', explainEn: 'First reply later than what the department promises.' },
  { key: 'settledLate', section: 'quality', unit: 'count', pt: 'Resolvidas fora do prazo', en: 'Settled late', explainPt: 'Terminadas depois do prazo de resolução do serviço, contado em horas de atendimento desde que foi pedida uma pessoa, sem o tempo em que esteve adiada.', explainEn: 'Closed later than what the department promises, in open hours from asking for a person, without the time asleep.' },
  { key: 'reopened', section: 'quality', unit: 'count', pt: 'Reabertas', en: 'Reopened', explainPt: 'Vezes em que uma conversa terminada foi reaberta.', explainEn: 'Times a closed conversation was opened again.' },
  { key: 'moved', section: 'quality', unit: 'count', pt: 'Reencaminhadas', en: 'Moved', explainPt: 'Mudanças de serviço.', explainEn: 'Moves to another department.' },
  { key: 'failed', section: 'quality', unit: 'count', pt: 'Mensagens não entregues', en: 'Messages not delivered', explainPt: 'Mensagens nossas que falharam.', explainEn: 'Our messages that failed.' },
  { key: 'unknown', section: 'quality', unit: 'count', pt: 'Mensagens em dúvida', en: 'Messages in doubt', explainPt: 'Mensagens nossas de que não se sabe se chegaram.', explainEn: 'Our messages of which nobody knows whether they arrived.' },
  { key: 'botAlone', section: 'bot', unit: 'count', pt: 'Só com o assistente', en: 'Bot alone', explainPt: 'O assistente respondeu e não foi precisa uma pessoa.', explainEn: 'The bot answered and no person was needed.' },
  { key: 'noAnswer', section: 'bot', unit: 'count', pt: 'Sem resposta do assistente', en: 'No answer by the bot', explainPt: 'Conversas com pelo menos uma pergunta que o assistente não soube responder.', explainEn: 'Conversations with a question that the bot could not answer.' },
  { key: 'helpful', section: 'bot', unit: 'count', pt: 'Respostas úteis', en: 'Helpful answers', explainPt: 'Vezes em que o munícipe disse que a resposta do assistente ajudou.', explainEn: 'Times a citizen said that the bot’s answer helped.' },
  { key: 'unhelpful', section: 'bot', unit: 'count', pt: 'Respostas não úteis', en: 'Unhelpful answers', explainPt: 'Vezes em que o munícipe disse que não ajudou.', explainEn: 'Times a citizen said that it did not.' },
  { key: 'callsAsked', section: 'video', unit: 'count', pt: 'Videochamadas pedidas', en: 'Video calls asked for', explainPt: 'Pedidas por munícipes ou operadores.', explainEn: 'By citizens or operators.' },
  { key: 'callsTaken', section: 'video', unit: 'count', pt: 'Videochamadas feitas', en: 'Video calls held', explainPt: 'Em que as duas partes estiveram.', explainEn: 'In which both sides were there.' },
  { key: 'callsMissed', section: 'video', unit: 'count', pt: 'Videochamadas perdidas', en: 'Video calls missed', explainPt: 'Perdidas, recusadas ou expiradas.', explainEn: 'Missed, declined or expired.' },
  { key: 'callMinutes', section: 'video', unit: 'minutes', pt: 'Minutos de vídeo', en: 'Video minutes', explainPt: 'Duração somada das videochamadas.', explainEn: 'Length of all video calls.' },
  { key: 'callScore', section: 'video', unit: 'score', pt: 'Satisfação com o vídeo', en: 'Satisfaction with video', explainPt: 'Média das avaliações de 1 a 5 dadas depois de uma videochamada.', explainEn: 'Mean of the ratings from 1 to 5 given after a video call.' },
]
