/** A Portuguese tax number, by its check digit. */

export function isNif(digits: string): boolean {
  if (!/^[1-35689]\d{8}$/.test(digits)) return false
  const sum = [...digits].slice(0, 8).reduce((total, digit, index) => total + Number(digit) * (9 - index), 0)
  const check = 11 - (sum % 11)
  return Number(digits[8]) === (check >= 10 ? 0 : check)
}
