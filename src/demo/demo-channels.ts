/** Channels of the demo beside those of the config: one of each kind, that nobody has to register anywhere. */

import { kinds, usualCapabilities } from '../channels/index.ts'
import type { Config, ConfiguredChannel } from '../config.ts'
import type { AnyChannelKind } from '../core/channel.ts'
import { demoKind } from './demo-kind.ts'
import type { Story } from './stories.ts'

const kindOf: Record<Story['channel'], string> = { web: 'webchat', whatsapp: 'whatsapp', telegram: 'telegram', teams: 'teams', sms: 'sms', email: 'email' }

export const demoChannelOf = (channel: Story['channel']): string => `demo-${channel}`

export async function withDemo(config: Config): Promise<{ config: Config; kinds: Record<string, () => Promise<AnyChannelKind>> }> {
  const all: Record<string, () => Promise<AnyChannelKind>> = { ...kinds }
  const channels: ConfiguredChannel[] = []
  for (const [channel, kind] of Object.entries(kindOf) as [Story['channel'], string][]) {
    const { pull: _, ...pushed } = (await usualCapabilities(kind))!
    all[`demo:${kind}`] = async () => demoKind(kind, pushed)
    channels.push({
      id: demoChannelOf(channel), kind: `demo:${kind}`, enabled: true, department: config.defaultDepartment, config: {},
      label: { pt: `${names[kind]} (demonstração)`, en: `${names[kind]} (demo)` },
    })
  }
  return { config: { ...config, channels: [...config.channels, ...channels] }, kinds: all }
}

const names: Record<string, string> = { webchat: 'Página web', whatsapp: 'WhatsApp', telegram: 'Telegram', teams: 'Teams', sms: 'SMS', email: 'E-mail' }
