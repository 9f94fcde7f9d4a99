/** What `balcao doctor` asks about a mailbox: can we sign in, and will other servers believe our mail? */

import { promises as dns } from 'node:dns'
import type { ChannelCheck } from '../../core/channel.ts'
import { checksOf } from '../checks.ts'
import { mailDomain, type Config } from './config.ts'

/** The part of node:dns that is asked; tests bring their own. */
export interface Resolver {
  resolveMx(domain: string): Promise<{ exchange: string; priority: number }[]>
  resolveTxt(domain: string): Promise<string[][]>
}

export const tried = checksOf((error) => (error instanceof Error ? error : new Error('failed')))

const attempt = (name: string, fix: string, ask: () => Promise<string>): Promise<ChannelCheck> =>
  tried(name, fix, async () => ({ ok: true, detail: await ask() }))

export async function checkDns(config: Config, resolver: Resolver = dns): Promise<ChannelCheck[]> {
  const domain = mailDomain(config)
  const selector = config.dkimSelector
  return Promise.all([
    attempt('MX', `Publish an MX record for ${domain}, or no mail can arrive.`, async () => {
      const servers = (await resolver.resolveMx(domain)).filter(({ exchange }) => exchange !== '' && exchange !== '.')
      if (servers.length === 0) throw new Error(`${domain} has no MX record`)
      return servers
        .sort((a, b) => a.priority - b.priority)
        .map(({ exchange }) => exchange)
        .join(', ')
    }),
    attempt(
      'SPF',
      `Publish one TXT record on ${domain}, e.g. "v=spf1 mx -all", that names the server which sends.`,
      async () => {
        const found = (await records(resolver, domain)).filter((text) => /^v=spf1(\s|$)/i.test(text))
        if (found.length !== 1)
          throw new Error(
            found.length === 0
              ? `${domain} has no SPF record`
              : `${domain} has ${found.length} SPF records; one is allowed`,
          )
        if (/\s\+?all\s*$/i.test(found[0] ?? '')) throw new Error('the SPF record lets everybody send (+all)')
        return found[0] ?? ''
      },
    ),
    ...(selector === undefined
      ? []
      : [
          attempt(
            'DKIM',
            `Publish the key at ${selector}._domainkey.${domain}, and let the mail server sign.`,
            async () => {
              const key = (await records(resolver, `${selector}._domainkey.${domain}`)).find((text) =>
                /\bp=/.test(text),
              )
              if (key === undefined) throw new Error(`no key at ${selector}._domainkey.${domain}`)
              if (/\bp=\s*(;|$)/.test(key)) throw new Error(`the key at ${selector}._domainkey.${domain} is withdrawn`)
              return `key at ${selector}._domainkey.${domain}`
            },
          ),
        ]),
    attempt(
      'DMARC',
      `Publish a TXT record on _dmarc.${domain}, e.g. "v=DMARC1; p=quarantine; rua=mailto:…".`,
      async () => {
        const policy = (await records(resolver, `_dmarc.${domain}`)).find((text) => /^v=DMARC1\b/i.test(text))
        if (policy === undefined) throw new Error(`${domain} has no DMARC record`)
        return policy
      },
    ),
  ])
}

async function records(resolver: Resolver, name: string): Promise<string[]> {
  try {
    return (await resolver.resolveTxt(name)).map((pieces) => pieces.join(''))
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'ENOTFOUND' || code === 'ENODATA') return []
    throw new Error(`DNS does not answer for ${name} (${code ?? 'unknown'})`)
  }
}
