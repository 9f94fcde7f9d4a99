/** What Meta posts to the webhook, as far as we read it. Everything is optional: text from outside is hostile. */

export interface CloudPayload {
  provider: 'cloud'
  /** Ours. One app may carry many numbers; what belongs to another one is not for this channel. */
  phoneNumberId: string
  body: unknown
}
