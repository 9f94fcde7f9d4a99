/** STOP and START: a whole message of one such word, in Portuguese or English, decides whether we may write at all. */

/**
 * https://help.twilio.com/articles/223134027 names the English ones; Twilio knows no Portuguese. Not CANCELAR: that is
 * what the assistant says to write to leave a form.
 */
const stop = new Set([
  'STOP',
  'STOPALL',
  'UNSUBSCRIBE',
  'CANCEL',
  'END',
  'QUIT',
  'REVOKE',
  'OPTOUT',
  'OPT OUT',
  'PARAR',
  'PARE',
  'SAIR',
  'REMOVER',
  'STOP SMS',
  'PARAR SMS',
])
const start = new Set(['START', 'UNSTOP', 'YES', 'INICIAR', 'COMECAR', 'RECOMECAR', 'ATIVAR', 'VOLTAR A RECEBER'])

export type Consent = 'out' | 'in' | 'help'

/** `optOutType` is there with Twilio's Advanced Opt-Out, which answers by itself. */
export function consentOf(body: string, optOutType: string | undefined): Consent | undefined {
  switch (optOutType?.toUpperCase()) {
    case 'STOP':
      return 'out'
    case 'START':
      return 'in'
    case 'HELP':
      return 'help'
  }
  if (body.length > 40) return undefined
  const words = body
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toUpperCase()
  return stop.has(words) ? 'out' : start.has(words) ? 'in' : undefined
}
