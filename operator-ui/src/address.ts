/** An address as people write it: a Portuguese number in groups, any other as it is. */

export function shownAddress(address: string, kind: string): string {
  const digits = kind === 'whatsapp' || kind === 'sms' ? address.replace(/^\+?(?=\d{11,15}$)/, '+') : address
  return digits.replace(/^(\+351)(\d{3})(\d{3})(\d{3})$/, '$1 $2 $3 $4')
}
