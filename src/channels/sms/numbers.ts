/** One person, one address, however the number is written: 912 345 678, 351912345678, +351912345678, 00351912345678. */

import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max'

export interface Party {
  address: string
  /** Missing for names and short codes: they cannot be answered. */
  phone?: string
}

export function partyOf(written: string, country: CountryCode): Party | undefined {
  const text = written.trim()
  if (text === '') return undefined
  const number = parsePhoneNumberFromString(text, country)
  if (number?.isValid()) return { address: number.number, phone: number.number }
  // Ranges are opened faster than lists of them: whole numbers are taken as they stand.
  const digits = /^(?:\+|00)([1-9]\d{6,14})$/.exec(text.replace(/[\s().-]/g, ''))?.[1]
  if (digits !== undefined) return { address: `+${digits}`, phone: `+${digits}` }
  return { address: text.slice(0, 64) }
}

export const isPhone = (address: unknown): address is string =>
  typeof address === 'string' && /^\+[1-9]\d{6,14}$/.test(address)

/** undefined: nobody's. A number that two countries share belongs to the first. */
export const countryOf = (phone: string): CountryCode | undefined => parsePhoneNumberFromString(phone)?.country
