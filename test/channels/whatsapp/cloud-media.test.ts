/** Files that citizens send, fetched from Meta. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { citizen, cloudSetup, type CloudSetup } from './cloud-setup.ts'
import { bytesOf } from './host.ts'

let setup: CloudSetup
beforeEach(async () => {
  setup = await cloudSetup()
})
afterEach(() => setup.close())

const fetchFile = async (source: string) => {
  const file = await setup.connection.fetch?.(source, AbortSignal.timeout(15_000))
  if (!file) throw new Error('this connection cannot fetch')
  return { bytes: await bytesOf(file.body), mimeType: file.mimeType, declared: file.bytes }
}

test.each([
  ['image', 'image/jpeg', {}, { kind: 'image' }],
  ['video', 'video/mp4', { caption: 'A fuga de água' }, { kind: 'video' }],
  ['audio', 'audio/ogg; codecs=opus', { voice: true }, { kind: 'audio', role: 'voice' }],
  ['document', 'application/pdf', { filename: 'recibo.pdf' }, { kind: 'file', name: 'recibo.pdf' }],
  ['sticker', 'image/webp', { animated: false }, { kind: 'image', role: 'sticker' }],
])('a citizen sends: %s', async (type, mimeType, extra, expected) => {
  const bytes = Buffer.from(`what is in the ${type}`)
  const id = setup.vendor.keepMedia(bytes, mimeType)
  await setup.vendor.citizenWrites(citizen, { type, [type]: { id, mime_type: mimeType, sha256: 'x', ...extra } })
  const [event] = setup.memory.events
  if (event?.type !== 'message.received') throw new Error('nothing arrived')
  expect(event.content.attachments).toMatchObject([{ ...expected, mimeType }])
  const file = await fetchFile(event.content.attachments?.[0]?.source ?? '')
  expect(file).toEqual({ bytes, mimeType, declared: bytes.length })
})

test.each([
  ['an address inside the town', 'http://169.254.169.254/latest/meta-data'],
  ['a host that only looks like Meta', 'https://lookaside.fbsbx.com.evil.example/x'],
  ['Meta, but not encrypted', 'http://lookaside.fbsbx.com/x'],
  ['another port', 'https://lookaside.fbsbx.com:8443/x'],
  ['a file of this machine', 'file:///etc/passwd'],
  ['no address', 'nonsense'],
])('the token is not sent to %s', async (_, url) => {
  setup.vendor.mediaAnswer = (answer) => ({ ...answer, url })
  await expect(fetchFile(`media:${setup.vendor.keepMedia(Buffer.from('x'), 'image/jpeg')}`)).rejects.toThrow(
    /media host|Invalid URL/,
  )
})

test('a file that says it is larger than WhatsApp allows is left', async () => {
  setup.vendor.mediaAnswer = (answer) => ({ ...answer, file_size: 2 ** 31 })
  await expect(fetchFile(`media:${setup.vendor.keepMedia(Buffer.from('x'), 'video/mp4')}`)).rejects.toThrow('larger')
})

test('a file that is larger than it said is cut off at the limit', async () => {
  setup.vendor.mediaAnswer = (answer) => ({ ...answer, file_size: 10 })
  const id = setup.vendor.keepMedia(Buffer.alloc(101 * 1024 * 1024), 'application/pdf')
  await expect(fetchFile(`media:${id}`)).rejects.toThrow('larger')
})

test.each(['media:../me', 'media:1/2', 'media:', 'file:abc', ''])('%j is not a reference of ours', async (source) => {
  await expect(fetchFile(source)).rejects.toThrow('not a WhatsApp media reference')
})

test('a file that Meta has deleted says so', async () => {
  await expect(fetchFile('media:42')).rejects.toThrow('(100)')
})
