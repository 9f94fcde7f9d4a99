/** Content → one SMS. */

import type { Content, Route } from '../../core/model.ts'
import type { SmsConfig } from './config.ts'
import { smsCost } from './segments.ts'

export interface SmsRequest {
  to: string
  body: string
  segments: number
}

export function render({ text }: Content, route: Route, { transliterate }: SmsConfig): SmsRequest {
  const { sent, segments } = smsCost(text, transliterate)
  return { to: typeof route.to === 'string' ? route.to : '', body: sent, segments }
}
