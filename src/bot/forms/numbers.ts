/** Numbers that carry a check: NIF, IBAN, postal code. Each gives the number as it is written, or undefined. */

/** Nine digits; the last one is worked out from the others. People write spaces, points, «PT» and words around it. */
export function readNif(text: string): string | undefined {
  for (const [, digits] of text.replace(/(?<=\d)[\s.\-–](?=\d)/g, '').matchAll(/(?<![\d])(\d{9})(?!\d)/g)) {
    if (isNif(digits!)) return digits
  }
  return undefined
}

function isNif(digits: string): boolean {
  if (!/^(?:[1235689]|45|7\d)/.test(digits)) return false
  let sum = 0
  for (let index = 0; index < 8; index++) sum += Number(digits[index]) * (9 - index)
  const rest = sum % 11
  return Number(digits[8]) === (rest < 2 ? 0 : 11 - rest)
}

/** 4900-123. Four digits alone name a whole town: asked again. */
export function readPostalCode(text: string): string | undefined {
  const match = /(?<!\d)([1-9]\d{3})\s*[-–— ]?\s*(\d{3})(?!\d)/.exec(text)
  return match ? `${match[1]}-${match[2]}` : undefined
}

/** ISO 13616: letters become numbers, the first four go last, and the rest of 97 is 1. */
export function readIban(text: string): string | undefined {
  const whole = /[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]){11,30}/i
    .exec(text)?.[0]
    .replace(/[^A-Za-z0-9]/g, '')
    .toUpperCase()
  if (whole === undefined) return undefined
  const iban = whole.startsWith('PT') ? whole.slice(0, 25) : whole
  if (iban.startsWith('PT') && !/^PT\d{23}$/.test(iban)) return undefined
  let rest = 0
  for (const letter of iban.slice(4) + iban.slice(0, 4)) {
    const digits = /\d/.test(letter) ? letter : String(letter.charCodeAt(0) - 55)
    for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97
  }
  return rest === 1 ? iban.replace(/(.{4})(?=.)/g, '$1 ') : undefined
}

/** «12», «12,5», «1.234,50», «12 m3»; one number only. */
export function readNumber(text: string): number | undefined {
  const all = [...text.matchAll(/(?<![\p{L}\d])-?\d[\d.,\u00a0]*/gu)].map(([each]) => each.replace(/[.,\u00a0]+$/, ''))
  const [first] = all
  if (first === undefined || all.length > 1 || first.length > 15) return undefined
  const plain = first.replaceAll('\u00a0', '')
  const isGrouped = /^-?\d{1,3}(?:\.\d{3})+(?:,\d+)?$/.test(plain)
  const value = Number(isGrouped ? plain.replaceAll('.', '').replace(',', '.') : plain.replace(',', '.'))
  return Number.isFinite(value) ? value : undefined
}
