/** A small picture and a small sound, made here. */

import { deflateSync } from 'node:zlib'

/** A water meter, roughly: a dial on a wall. */
export function picture(width = 320, height = 220): Buffer {
  const rows = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const far = Math.hypot(x - width / 2, y - height / 2)
      const isFigure = Math.abs(y - height / 2) < 14 && Math.abs(x - width / 2) < 56
      const [red, green, blue] = far > 92 ? [150 + (y % 24 < 2 ? -18 : 0), 138 + ((x + (y > 110 ? 30 : 0)) % 60 < 2 ? -18 : 0), 124] : far > 82 ? [44, 62, 92]
        : isFigure ? ((x - width / 2 + 56) % 22 < 3 ? [240, 240, 240] : [22, 26, 34]) : [232, 236, 240]
      rows.set([red!, green!, blue!], y * (width * 3 + 1) + 1 + x * 3)
    }
  }
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const head = Buffer.alloc(4)
    head.writeUInt32BE(data.length)
    const check = Buffer.alloc(4)
    check.writeUInt32BE(crc(body))
    return Buffer.concat([head, body, check])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

function crc(bytes: Buffer): number {
  let value = 0xffffffff
  for (const byte of bytes) {
    value ^= byte
    for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0)
  }
  return (value ^ 0xffffffff) >>> 0
}

export function sound(seconds = 3, rate = 8000): Buffer {
  const samples = seconds * rate
  const bytes = Buffer.alloc(44 + samples, 128)
  bytes.write('RIFF', 0)
  bytes.writeUInt32LE(36 + samples, 4)
  bytes.write('WAVEfmt ', 8)
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(1, 22)
  bytes.writeUInt32LE(rate, 24)
  bytes.writeUInt32LE(rate, 28)
  bytes.writeUInt16LE(1, 32)
  bytes.writeUInt16LE(8, 34)
  bytes.write('data', 36)
  bytes.writeUInt32LE(samples, 40)
  for (let n = 0; n < samples; n += 1) bytes[44 + n] = 128 + Math.round(40 * Math.sin((n / rate) * 2 * Math.PI * 440))
  return bytes
}
