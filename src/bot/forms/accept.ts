/** Does this message answer this step? What was understood, or what to say about it. */

import parsePhone from 'libphonenumber-js/min'
import type { Content } from '../../core/model.ts'
import type { Step } from '../shape/form.ts'
import type { TextName } from '../words/index.ts'
import { readDate } from './dates.ts'
import { readIban, readNif, readNumber, readPostalCode } from './numbers.ts'

/** `value` goes to whoever handles the request, `shown` is what the citizen reads again. */
export interface Accepted {
  value: string
  shown: string
}
export interface Refused {
  reason: TextName
  limit?: string | number
}
export interface Surrounding {
  /** Local day, `2026-12-24`. */
  today: string
  /** «ficheiro recebido» */
  attached: string
}

export function accept(step: Step, content: Content, around: Surrounding): Accepted | Refused {
  const text = clean(content.text)
  switch (step.type) {
    case 'text': {
      if (text.length > step.max) return { reason: 'invalid-long' }
      return [...text].length >= step.min && /[\p{L}\p{N}]/u.test(text) ? same(text) : { reason: 'invalid-text' }
    }
    case 'nif':
      return sameOr(readNif(text), 'invalid-nif')
    case 'postal-code':
      return sameOr(readPostalCode(text), 'invalid-postal-code')
    case 'iban':
      return sameOr(readIban(text), 'invalid-iban')
    case 'email':
      return sameOr(
        /[\w.%+-]{1,64}@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z]{2,24}/i.exec(text)?.[0].toLowerCase(),
        'invalid-email',
      )
    case 'phone':
      return phone(step.mobile, content, text)
    case 'date':
      return date(step, text, around.today)
    case 'number':
      return number(step, text)
    // These are matched as choices, before it comes to this.
    case 'choice':
      return { reason: 'invalid-choice' }
    case 'yes-no':
      return { reason: 'invalid-yes-no' }
    case 'file': {
      const files = (content.attachments ?? []).filter(({ kind }) => !step.kinds || step.kinds.includes(kind))
      if (files.length === 0) return { reason: 'invalid-file' }
      // By the names that people gave: where we keep them is nobody's business.
      return same(files.map(({ name }) => name ?? around.attached).join(', '))
    }
    case 'location': {
      const { location } = content
      if (location) {
        const place = `${location.latitude.toFixed(5)},${location.longitude.toFixed(5)}`
        const named = location.address ?? location.name
        return { value: named ? `${place} (${named})` : place, shown: named ?? place }
      }
      return /\p{L}{3}/u.test(text) && text.length >= 6 && text.length <= 500
        ? same(text)
        : { reason: 'invalid-location' }
    }
  }
}

function phone(mobile: boolean, { contact }: Content, text: string): Accepted | Refused {
  const found = parsePhone(contact?.phones[0] ?? text.slice(0, 200), 'PT')
  if (!found?.isValid()) return { reason: 'invalid-phone' }
  if (mobile && found.country === 'PT' && !found.nationalNumber.startsWith('9')) return { reason: 'invalid-mobile' }
  return { value: found.number, shown: found.country === 'PT' ? found.formatNational() : found.formatInternational() }
}

function date(step: Step & { type: 'date' }, text: string, today: string): Accepted | Refused {
  const earliest = step.earliest && resolveDay(step.earliest, today)
  const latest = step.latest && resolveDay(step.latest, today)
  const found = readDate(text, today, { past: latest !== undefined && latest <= today })
  if (found === undefined) return { reason: 'invalid-date' }
  if (earliest && found < earliest) return { reason: 'invalid-early', limit: earliest }
  if (latest && found > latest) return { reason: 'invalid-late', limit: latest }
  return { value: found, shown: `${found.slice(8)}/${found.slice(5, 7)}/${found.slice(0, 4)}` }
}

/** `today`, `+30d`, `-5d` or a day. */
export function resolveDay(written: string, today: string): string {
  if (written === 'today') return today
  const days = /^([+-]\d+)d$/.exec(written)?.[1]
  return days
    ? new Date(Date.parse(`${today}T00:00:00Z`) + Number(days) * 86_400_000).toISOString().slice(0, 10)
    : written
}

function number(step: Step & { type: 'number' }, text: string): Accepted | Refused {
  const found = readNumber(text)
  if (found === undefined) return { reason: 'invalid-number' }
  if (step.whole && !Number.isInteger(found)) return { reason: 'invalid-whole' }
  if (step.min !== undefined && found < step.min) return { reason: 'invalid-small', limit: step.min }
  if (step.max !== undefined && found > step.max) return { reason: 'invalid-large', limit: step.max }
  return { value: String(found), shown: String(found).replace('.', ',') }
}

/** Without what cannot be seen: it hides other text, or turns it round. */
export function clean(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .trim()
}

const same = (value: string): Accepted => ({ value, shown: value })
const sameOr = (value: string | undefined, reason: TextName): Accepted | Refused =>
  value === undefined ? { reason } : same(value)
