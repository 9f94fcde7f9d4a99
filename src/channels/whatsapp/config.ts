/** What an admin writes about one WhatsApp number. Two providers: Meta's own API, or a linked device in a browser. */

import { z } from 'zod'
import { secret } from '../../core/secret.ts'

const digits = z.string().regex(/^\d{5,20}$/, 'expected the numeric id that Meta shows, digits only')

export const cloudConfig = z.strictObject({
  provider: z.literal('cloud').default('cloud'),
  phoneNumberId: digits,
  /** The WhatsApp Business Account. Without it templates cannot be listed, nor the subscription checked. */
  wabaId: digits.optional(),
  accessToken: secret,
  appSecret: secret,
  /** The secret before the last rotation: both are taken while Meta changes over. */
  previousAppSecret: secret.optional(),
  verifyToken: secret,
  graphBaseUrl: z.url({ protocol: /^https?$/ }).default('https://graph.facebook.com'),
  apiVersion: z
    .string()
    .regex(/^v\d+\.\d+$/, 'expected a version such as v24.0')
    .default('v24.0'),
  /** Names of the templates that operators may use; all approved ones when left out. */
  templates: z.array(z.string().min(1)).optional(),
  /** Point Meta's webhook for this number at us. Turn it off where someone else registers it. */
  registerWebhook: z.boolean().default(true),
  /** Does the citizen see that an operator has read? Meta shows that somebody writes only together with it. */
  readMarks: z.boolean().default(true),
})

export const webConfig = z.strictObject({
  provider: z.literal('web'),
  acceptRiskOfBan: z.literal(true, {
    error:
      'WhatsApp forbids unofficial clients and may ban this number for good: ' +
      'write true only if the town accepts that, or use provider: cloud',
  }),
  /** Seals the session on disk: who has the session has the account. */
  encryptionKey: secret,
  /** A Chromium or Chrome; looked for in the usual places when left out. */
  executablePath: z.string().min(1).optional(),
  browserArguments: z.array(z.string()).default([]),
  /** Slower is safer: bursts are what gets a number banned. */
  perSecond: z.number().positive().max(5).default(0.5),
  perDay: z.int().positive().max(10_000).default(500),
  /** Does the citizen see that an operator has read? */
  readMarks: z.boolean().default(true),
  /** How often the browser is asked whether it still lives. */
  watchdogSeconds: z.number().min(0.2).max(600).default(30),
  /** Pins WhatsApp's own page, e.g. after a release of theirs that breaks us: `<folder>/<version>.html`. */
  page: z.strictObject({ version: z.string().min(1), folder: z.string().min(1) }).optional(),
})

export const config = z.discriminatedUnion('provider', [cloudConfig, webConfig])

export type CloudConfig = z.output<typeof cloudConfig>
export type WebConfig = z.output<typeof webConfig>
export type WhatsappConfig = CloudConfig | WebConfig
