/** The kinds of channel. A new one is a folder and a line here. SDKs are heavy, so each is loaded when configured. */

import type { AnyChannelKind } from '../core/channel.ts'

export const kinds: Record<string, () => Promise<AnyChannelKind>> = {
  webchat: async () => (await import('./webchat/index.ts')).webchat,
  telegram: async () => (await import('./telegram/index.ts')).telegram,
  email: async () => (await import('./email/index.ts')).email,
  sms: async () => (await import('./sms/index.ts')).sms,
  whatsapp: async () => (await import('./whatsapp/index.ts')).whatsapp,
  teams: async () => (await import('./teams/index.ts')).teams,
  file: async () => (await import('./file/index.ts')).file,
}
