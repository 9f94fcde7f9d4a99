/** What a text costs as SMS, for whoever writes it. Runs in the browser too. */

import { isGsm7, type SmsSize, smsSize } from '../../core/sms-segments.ts'
import { transliterate } from './transliterate.ts'

export interface SmsCost extends SmsSize {
  /** What is sent: the text itself, or what is left of it in GSM-7. */
  sent: string
  /** The characters, each once, that make the text cost double. */
  costly: string[]
}

export function smsCost(text: string, mode: 'off' | 'gsm7' = 'off'): SmsCost {
  const sent = mode === 'gsm7' ? transliterate(text) : text
  const size = smsSize(sent)
  const costly = size.encoding === 'GSM-7' ? [] : Array.from(new Set(sent)).filter((character) => !isGsm7(character))
  return { ...size, sent, costly }
}
