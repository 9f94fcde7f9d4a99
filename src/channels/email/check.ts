/** What `balcao doctor` asks about a mailbox: can we sign in, and will other servers believe our mail? */

import { promises as dns } from 'node:dns'
import { type ChannelCheck, SendError } from '../../core/channel.ts'
import { checksOf } from '../checks.ts'
import { mailDomain, type Config } from './config.ts'

/** The part of node:dns that is asked; tests bring their own. */
export interface Resolver {
  resolveMx(domain: string): Promise<{ exchange: string; priority: number }[]>
  resolveTxt(domain: string): Promise<string[][]>
}

export const tried = checksOf((error) => (error instanceof Error ? error : new Error('failed')))

const found = (detail: string) => ({ ok: true, detail })
const lacks = (pt: string, en: string) => ({ ok: false, detail: { pt, en } })

export async function checkDns(config: Config, resolver: Resolver = dns): Promise<ChannelCheck[]> {
  const domain = mailDomain(config)
  const at = `${config.dkimSelector}._domainkey.${domain}`
  return Promise.all([
    tried('MX', { pt: `Publique um registo MX para ${domain}; sem ele não chega correio.`, en: `Publish an MX record for ${domain}, or no mail can arrive.` }, async () => {
      const servers = (await resolver.resolveMx(domain)).filter(({ exchange }) => exchange !== '' && exchange !== '.')
      if (servers.length === 0) return lacks(`${domain} não tem registo MX`, `${domain} has no MX record`)
      return found(servers.toSorted((a, b) => a.priority - b.priority).map(({ exchange }) => exchange).join(', '))
    }),
    tried('SPF', {
      pt: `Publique em ${domain} um só registo TXT, por exemplo «v=spf1 mx -all», com o servidor que envia.`,
      en: `Publish one TXT record on ${domain}, e.g. "v=spf1 mx -all", that names the server which sends.`,
    }, async () => {
      const [spf, ...others] = (await records(resolver, domain)).filter((text) => /^v=spf1(\s|$)/i.test(text))
      if (spf === undefined) return lacks(`${domain} não tem registo SPF`, `${domain} has no SPF record`)
      if (others.length > 0) return lacks(`${domain} tem ${others.length + 1} registos SPF; só pode ter um`, `${domain} has ${others.length + 1} SPF records; one is allowed`)
      if (/\s\+?all\s*$/i.test(spf)) return lacks('o registo SPF deixa qualquer um enviar (+all)', 'the SPF record lets everybody send (+all)')
      return found(spf)
    }),
    ...(config.dkimSelector === undefined ? [] : [
      tried('DKIM', { pt: `Publique a chave em ${at}, e deixe o servidor de correio assinar.`, en: `Publish the key at ${at}, and let the mail server sign.` }, async () => {
        const key = (await records(resolver, at)).find((text) => /\bp=/.test(text))
        if (key === undefined) return lacks(`não há chave em ${at}`, `no key at ${at}`)
        if (/\bp=\s*(;|$)/.test(key)) return lacks(`a chave em ${at} foi retirada`, `the key at ${at} is withdrawn`)
        return { ok: true, detail: { pt: `chave em ${at}`, en: `key at ${at}` } }
      }),
    ]),
    tried('DMARC', {
      pt: `Publique um registo TXT em _dmarc.${domain}, por exemplo «v=DMARC1; p=quarantine; rua=mailto:…».`,
      en: `Publish a TXT record on _dmarc.${domain}, e.g. "v=DMARC1; p=quarantine; rua=mailto:…".`,
    }, async () => {
      const policy = (await records(resolver, `_dmarc.${domain}`)).find((text) => /^v=DMARC1\b/i.test(text))
      return policy === undefined ? lacks(`${domain} não tem registo DMARC`, `${domain} has no DMARC record`) : found(policy)
    }),
  ])
}

async function records(resolver: Resolver, name: string): Promise<string[]> {
  try {
    return (await resolver.resolveTxt(name)).map((pieces) => pieces.join(''))
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'ENOTFOUND' || code === 'ENODATA') return []
    throw new SendError('unreachable', { pt: `o DNS não responde por ${name} (${code ?? '?'})`, en: `DNS does not answer for ${name} (${code ?? '?'})` })
  }
}
