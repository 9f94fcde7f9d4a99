/** A certificate that we refuse looks like a server that is away; what to do about it is another matter, and said here. */

import { SendError, type Words } from '../core/channel.ts'
import { label, short } from './fields.ts'

export class BadCertificate extends SendError {
  /** What is wrong and what to do, for admins. */
  readonly words: Words
  /** In the words of the one who refused it. */
  readonly said: string

  constructor(short: Words, words: Words, said: string) {
    super('misconfigured', short)
    this.words = words
    this.said = said
  }
}

interface Fault {
  seen: RegExp
  /** For whoever wrote the message that did not go. */
  short: Words
  words(detail: string): Words
}

/** By their code, or by their message where a library has put its own code in place of it. */
const faults: Fault[] = [
  {
    seen: /CERT_HAS_EXPIRED|certificate has expired/i,
    short: { pt: 'expirou', en: 'has expired' },
    words: () => ({
      pt: 'expirou: quem gere esse servidor tem de o renovar. Veja também se o relógio desta máquina está certo',
      en: "has expired: whoever runs that server must have it renewed. Also see that this machine's clock is right",
    }),
  },
  {
    seen: /CERT_NOT_YET_VALID|certificate is not yet valid/i,
    short: { pt: 'ainda não é válido', en: 'is not valid yet' },
    words: () => ({
      pt: 'ainda não é válido: acerte o relógio desta máquina; se estiver certo, o servidor é que tem de o trocar',
      en: "is not valid yet: set this machine's clock right; if it is, that server must get another",
    }),
  },
  {
    seen: /ERR_TLS_CERT_ALTNAME_INVALID|certificate's altnames/i,
    short: { pt: 'é para outro nome', en: 'is for another name' },
    words: (names) => ({
      pt: `é para outro nome${names}: ponha esse nome na configuração, ou peça a quem gere o servidor um certificado para este`,
      en: `is for another name${names}: write that name in the config, or have whoever runs the server get one for this name`,
    }),
  },
  {
    seen: /SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)_|self[- ]signed certificate|unable to (get|verify) /i,
    short: { pt: 'não é de confiança', en: 'is not trusted' },
    words: () => ({
      pt: 'não foi assinado por ninguém em quem esta máquina confie. Se o servidor é vosso, dê-lhe um de uma autoridade pública, ou indique a vossa ' +
        '(caFile no correio; NODE_EXTRA_CA_CERTS nos outros canais); se não é, alguém na rede abre esta ligação: fale com quem a gere',
      en: 'was signed by nobody whom this machine trusts. If the server is yours, give it one of a public authority, or name your own authority ' +
        '(caFile for mail, NODE_EXTRA_CA_CERTS for the other channels); if it is not, somebody in the network opens this line: ask who runs it',
    }),
  },
  {
    seen: /^(CERT_|ERR_TLS_CERT)/,
    short: { pt: 'não foi aceite', en: 'was not accepted' },
    words: () => ({ pt: 'não foi aceite', en: 'was not accepted' }),
  },
]

/** «ao Telegram» → «Telegram». */
export const nameIn = (to: string): string => to.replace(/^(à|ao|a) /, '')

/** `to`: «ao Telegram», or «a mail.cm-exemplo.pt:993». undefined: it is something else. */
export function badCertificate(error: unknown, to: string): BadCertificate | undefined {
  for (const { code, message } of chain(error)) {
    const fault = faults.find(({ seen }) => seen.test(code) || seen.test(message))
    if (!fault) continue
    const names = /altnames: (DNS:.+)$/.exec(message)?.[1]
    const { pt, en } = fault.words(names ? ` (${short(label(names) ?? '?', 200)})` : '')
    const name = nameIn(to)
    return new BadCertificate(
      { pt: `o certificado do servidor ${fault.short.pt}, na ligação ${to}`, en: `the server's certificate ${fault.short.en}, on the line to ${name}` },
      { pt: `O certificado que responde na ligação ${to} ${pt} (${code}).`, en: `The certificate on the line to ${name} ${en} (${code}).` },
      short(label(message) ?? code, 200),
    )
  }
  return undefined
}

/** fetch hides it in a cause; a host with two addresses fails with one error for each. */
function chain(error: unknown, depth = 0): { code: string; message: string }[] {
  if (typeof error !== 'object' || error === null || depth > 4) return []
  const { code, message, cause, errors } = error as { code?: unknown; message?: unknown; cause?: unknown; errors?: unknown }
  const inside = Array.isArray(errors) ? errors : [cause]
  const own = { code: typeof code === 'string' ? code : '', message: typeof message === 'string' ? message : '' }
  return [own, ...inside.flatMap((one) => chain(one, depth + 1))]
}
