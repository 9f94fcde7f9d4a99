/** The words of the reports. What each figure means comes with the figures, so that page and exports never differ. */

const pt = {
  title: 'Números', back: 'Caixa de entrada', period: 'Período', last7: 'Últimos 7 dias', last30: 'Últimos 30 dias', thisMonth: 'Este mês', lastMonth: 'Mês anterior',
  by: 'Agrupar por', groups: { channel: 'Canal', department: 'Serviço', operator: 'Operador', topic: 'Assunto', hour: 'Hora do dia', day: 'Dia', language: 'Língua' },
  now: 'Neste momento', waiting: 'À espera', assigned: 'Com operador', snoozed: 'Adiadas', oldest: 'Espera mais longa', overdue: 'Fora do prazo',
  before: 'antes', open: 'em horário de atendimento', median: 'mediana', p90: '90 % até', nothing: 'Ainda não há conversas neste período.',
  conversations: 'Conversas', csv: 'CSV', xlsx: 'Folha de cálculo', print: 'Relatório do mês', openData: 'Dados abertos', wall: 'Painel de parede',
  behind: 'Conversas por trás deste número', none: 'Nenhuma.', close: 'Fechar', department: 'Serviço', group: 'Grupo', firstResponse: 'Primeira resposta', satisfaction: 'Satisfação', chart: 'Conversas por grupo',
  bot: 'Assistente', people: 'Pessoas', video: 'Vídeo', quality: 'Qualidade', updated: 'Atualizado a cada 10 segundos',
}
const en: typeof pt = {
  title: 'Numbers', back: 'Inbox', period: 'Period', last7: 'Last 7 days', last30: 'Last 30 days', thisMonth: 'This month', lastMonth: 'Last month',
  by: 'Group by', groups: { channel: 'Channel', department: 'Department', operator: 'Operator', topic: 'Topic', hour: 'Hour of day', day: 'Day', language: 'Language' },
  now: 'Right now', waiting: 'Waiting', assigned: 'With an operator', snoozed: 'Snoozed', oldest: 'Longest wait', overdue: 'Overdue',
  before: 'before', open: 'in open hours', median: 'median', p90: '90 % within', nothing: 'No conversations in this period yet.',
  conversations: 'Conversations', csv: 'CSV', xlsx: 'Spreadsheet', print: 'Monthly report', openData: 'Open data', wall: 'Wall board',
  behind: 'Conversations behind this figure', none: 'None.', close: 'Close', department: 'Department', group: 'Group', firstResponse: 'First response', satisfaction: 'Satisfaction', chart: 'Conversations by group',
  bot: 'Bot', people: 'People', video: 'Video', quality: 'Quality', updated: 'Refreshed every 10 seconds',
}
export type ReportWords = typeof pt
export const reportWords: Record<'pt' | 'en', ReportWords> = { pt, en }
