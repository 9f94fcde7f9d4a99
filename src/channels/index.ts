/** The kinds of channel. A new one is a folder and a line here. SDKs are heavy, so each is loaded when configured. */

import type { AnyChannelKind, Capabilities } from '../core/channel.ts'

export const kinds: Record<string, () => Promise<AnyChannelKind>> = {
  webchat: async () => (await import('./webchat/index.ts')).webchat,
  telegram: async () => (await import('./telegram/index.ts')).telegram,
  email: async () => (await import('./email/index.ts')).email,
  sms: async () => (await import('./sms/index.ts')).sms,
  whatsapp: async () => (await import('./whatsapp/index.ts')).whatsapp,
  teams: async () => (await import('./teams/index.ts')).teams,
  file: async () => (await import('./file/index.ts')).file,
}

/** What a kind can carry in the first of its forms: to show how something looks where the town has no such channel. */
export async function usualCapabilities(kind: string): Promise<Capabilities | undefined> {
  const real = Object.hasOwn(kinds, kind) ? await kinds[kind]!() : undefined
  return real?.capabilities(Object.values(real.forms ?? {})[0] ?? {})
}
