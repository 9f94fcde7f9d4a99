/**
 * Blocks of config/gateway.yaml that each kind takes, one for each shape of its capabilities. A kind that needs no
 * settings needs none here.
 */

import type { AnyChannelKind } from '../../src/core/channel.ts'
import { Secret } from '../../src/core/secret.ts'

const secret = (name: string) => new Secret(`${name}-0123456789abcdef-0123456789abcdef`)

const blocks: Record<string, object[]> = {
  telegram: [
    { token: new Secret('1:a'), mode: 'polling' },
    { token: new Secret('1:a'), mode: 'webhook', secretToken: secret('telegram') },
  ],
  email: [
    {
      address: 'geral@cm-exemplo.pt',
      imap: { host: 'imap.cm-exemplo.pt', port: 993, user: 'geral', password: secret('imap') },
      smtp: { host: 'smtp.cm-exemplo.pt', port: 465, user: 'geral', password: secret('smtp') },
    },
  ],
  sms: [
    { accountSid: `AC${'0'.repeat(32)}`, authToken: secret('twilio'), from: '+351910000001' },
    {
      accountSid: `AC${'0'.repeat(32)}`,
      authToken: secret('twilio'),
      from: '+351910000001',
      maxSegments: 1,
      transliterate: 'gsm7',
    },
  ],
  whatsapp: [
    {
      phoneNumberId: '106540352242922',
      accessToken: secret('access'),
      appSecret: secret('app'),
      verifyToken: secret('verify'),
    },
    { provider: 'web', acceptRiskOfBan: true, encryptionKey: secret('key') },
  ],
  teams: [
    {
      appId: '00000000-0000-4000-8000-000000000001',
      appPassword: secret('teams'),
      tenantId: '00000000-0000-4000-8000-000000000002',
    },
  ],
}

export const configsOf = (kind: AnyChannelKind): unknown[] =>
  (blocks[kind.name] ?? [{}]).map((block) => kind.config.parse(block))
