/** Names and secrets that nobody can guess. crypto.randomUUID is missing on pages without https. */

const bytes = (count: number) => crypto.getRandomValues(new Uint8Array(count))

export function newToken(): string {
  return btoa(String.fromCharCode(...bytes(32))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

export function newId(): string {
  const all = bytes(16)
  all[6] = (all[6]! & 0x0f) | 0x40
  all[8] = (all[8]! & 0x3f) | 0x80
  const hex = [...all].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
