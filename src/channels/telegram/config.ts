/** What an admin writes about one Telegram bot. */

import { z } from 'zod'
import { type Secret, secret } from '../../core/secret.ts'

/** Reactions are told only to those who ask for them by name; and what is left out here, Telegram drops. */
const updates = ['message', 'edited_message', 'callback_query', 'my_chat_member', 'message_reaction'] as const

const shared = {
  token: secret,
  /** Another Bot API server, with or without a path. */
  apiRoot: z.url({ protocol: /^https?$/ }).default('https://api.telegram.org'),
  allowedUpdates: z
    .array(z.enum(updates))
    .min(1)
    .default([...updates]),
}

const polling = z.strictObject({
  ...shared,
  mode: z.literal('polling').default('polling'),
  /** How long Telegram holds one request open while nobody writes. */
  pollSeconds: z.int().min(0).max(50).default(50),
})

const webhook = z.strictObject({
  ...shared,
  mode: z.literal('webhook'),
  /** Comes back in the header of every call: what makes it Telegram's. */
  secretToken: secret,
  /** Turn it off where someone else calls setWebhook. */
  registerWebhook: z.boolean().default(true),
})

export const config = z.discriminatedUnion('mode', [polling, webhook]).superRefine((block, context) => {
  const wrong = (key: string, value: Secret, shape: RegExp, message: string) => {
    if (!shape.test(value.reveal())) context.addIssue({ code: 'custom', path: [key], message })
  }
  wrong(
    'token',
    block.token,
    /^\d{1,20}:[\w-]{1,100}$/,
    'expected the token as @BotFather gives it: digits, a colon, letters',
  )
  if (block.mode === 'webhook') {
    wrong(
      'secretToken',
      block.secretToken,
      /^[\w-]{16,256}$/,
      'expected 16 to 256 of A-Z, a-z, 0-9, _ and -; for example from `openssl rand -hex 32`',
    )
  }
})

export type TelegramConfig = z.output<typeof config>
export type PollingConfig = z.output<typeof polling>
export type WebhookConfig = z.output<typeof webhook>
