/** What an admin writes about one SMS number at Twilio. */

import { getCountries } from 'libphonenumber-js/max'
import { z } from 'zod'
import { secret } from '../../core/secret.ts'

const sid = (prefix: string, what: string) =>
  z.string().regex(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`), `expected ${what}: ${prefix} and 32 hexadecimal digits`)
const country = z.enum(getCountries(), { error: 'expected a country by its two letters, e.g. PT' })

export const config = z
  .strictObject({
    accountSid: sid('AC', 'the Account SID'),
    /** Checks Twilio's signatures, with an API key too; without one it also signs us in. */
    authToken: secret,
    /** The token before the last rotation, while Twilio changes over. */
    previousAuthToken: secret.optional(),
    apiKey: sid('SK', 'the SID of an API key').optional(),
    apiSecret: secret.optional(),
    from: z
      .string()
      .regex(
        /^(\+[1-9]\d{6,14}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/,
        'expected a number as +351…, or a name of up to 11 letters that nobody can answer',
      )
      .optional(),
    messagingServiceSid: sid('MG', 'the SID of a messaging service').optional(),
    /** Longer texts become several messages. Twilio takes no more than 1600 characters. */
    maxSegments: z.int().min(1).max(10).default(6),
    /** `gsm7` writes «Acao» for «Ação»: 160 characters a segment in place of 70. */
    transliterate: z.enum(['off', 'gsm7']).default('off'),
    /** Where a number without a country belongs. */
    country: country.default('PT'),
    /** Nobody is written to elsewhere: a premium number abroad is paid by the town. */
    allowedCountries: z.array(country).min(1).default(['PT']),
    /** How often Twilio's list is read for what never reached us. */
    catchUpEvery: z.number().min(0.05).max(86_400).default(300),
    /** No more than this from midnight to midnight (UTC), all processes together. */
    maxSegmentsPerDay: z.int().positive().optional(),
    /** Tell Twilio where to call. Turn it off where someone else does. */
    registerWebhook: z.boolean().default(true),
    baseUrl: z.url({ protocol: /^https?$/ }).optional(),
  })
  .superRefine((block, context) => {
    const wrong = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
    if (!block.from && !block.messagingServiceSid)
      wrong('from', 'expected a number of yours here, or messagingServiceSid')
    if (block.from && block.messagingServiceSid) wrong('from', 'expected either this or messagingServiceSid, not both')
    if (Boolean(block.apiKey) !== Boolean(block.apiSecret))
      wrong(block.apiKey ? 'apiSecret' : 'apiKey', 'expected apiKey and apiSecret together')
  })

export type SmsConfig = z.output<typeof config>
