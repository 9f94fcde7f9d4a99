/**
 * How many SMS a text is paid as: GSM-7 (160, or 153 each) or, from the first other character on, UCS-2 (70, or 67
 * each).
 */

/** https://www.etsi.org/deliver/etsi_ts/123000_123099/123038 §6.2.1. Note what is missing: ç ã õ á â ê í ó ô ú. */
const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
/** Sent as two: an escape and the character. */
const extended = '\f^{}\\[~]|€'

/** Septets of each UTF-16 unit; 0 where GSM-7 has no such character. */
const septets = new Uint8Array(65_536)
for (const character of basic) septets[character.charCodeAt(0)] = 1
for (const character of extended) septets[character.charCodeAt(0)] = 2

export interface SmsSize {
  encoding: 'GSM-7' | 'UCS-2'
  segments: number
  /** Septets (GSM-7) or UTF-16 units (UCS-2) that still fit into the last segment. */
  left: number
}

export const isGsm7 = (character: string): boolean => septets[character.charCodeAt(0)]! > 0 && character.length === 1

export function smsSize(text: string): SmsSize {
  let total = 0
  for (let i = 0; i < text.length; i++) {
    const cost = septets[text.charCodeAt(i)]!
    if (cost === 0) return ucs2(text)
    total += cost
  }
  if (total <= 160) return { encoding: 'GSM-7', segments: total === 0 ? 0 : 1, left: 160 - total }
  return packed('GSM-7', 153, text.length, (i) => septets[text.charCodeAt(i)]!)
}

function ucs2(text: string): SmsSize {
  if (text.length <= 70) return { encoding: 'UCS-2', segments: 1, left: 70 - text.length }
  return packed('UCS-2', 67, text.length, (i) => {
    const unit = text.charCodeAt(i)
    if (unit >= 0xd800 && unit < 0xdc00 && isLow(text.charCodeAt(i + 1))) return 2
    return isLow(unit) && isHigh(text.charCodeAt(i - 1)) ? 0 : 1
  })
}

/** A character of two units or septets never straddles two segments; so each may end one short. */
function packed(encoding: SmsSize['encoding'], room: number, length: number, costAt: (i: number) => number): SmsSize {
  let segments = 1
  let used = 0
  for (let i = 0; i < length; i++) {
    const cost = costAt(i)
    if (used + cost > room) {
      segments += 1
      used = 0
    }
    used += cost
  }
  return { encoding, segments, left: room - used }
}

const isHigh = (unit: number) => unit >= 0xd800 && unit < 0xdc00
const isLow = (unit: number) => unit >= 0xdc00 && unit < 0xe000
