/** What to say, as a request of the Bot API. */

import { expect, test } from 'vitest'
import { render } from '../../../src/channels/telegram/render.ts'
import type { Attachment } from '../../../src/core/model.ts'

const to = { chatId: '7' }
const file = (change: Partial<Attachment> = {}): Attachment => ({
  kind: 'file',
  source: 'file:ab',
  mimeType: 'application/pdf',
  name: 'a.pdf',
  bytes: 10,
  ...change,
})
const nameOf = (name: string) => render({ text: '', attachments: [file({ name })] }, to).upload!.name

test('text goes without parse_mode: what looks like markup stays as it was written', () => {
  expect(render({ text: '<b>*a* & _b_</b>' }, to)).toEqual({
    method: 'sendMessage',
    payload: { chat_id: '7', text: '<b>*a* & _b_</b>' },
  })
})
test('choices are buttons that send their id; short ones share a row', () => {
  const { payload } = render(
    {
      text: 'Sim?',
      choices: [
        { id: 's', label: 'Sim' },
        { id: 'n', label: 'Não' },
        { id: 't', label: 'Talvez' },
        { id: 'x', label: 'Outra' },
      ],
    },
    to,
  )
  expect(payload.reply_markup).toEqual({
    inline_keyboard: [
      [
        { text: 'Sim', callback_data: 's' },
        { text: 'Não', callback_data: 'n' },
        { text: 'Talvez', callback_data: 't' },
      ],
      [{ text: 'Outra', callback_data: 'x' }],
    ],
  })
  const long = render(
    {
      text: 'Qual?',
      choices: [
        { id: 'a', label: 'Licenças e autorizações' },
        { id: 'b', label: 'B' },
      ],
    },
    to,
  )
  expect((long.payload.reply_markup as { inline_keyboard: unknown[] }).inline_keyboard).toHaveLength(2)
})
test('a choice that asks for the phone number is the button only the phone can answer', () => {
  const { payload } = render(
    {
      text: 'O seu número?',
      choices: [
        { id: 'ask:phone', label: 'Partilhar' },
        { id: 'no', label: 'Agora não' },
      ],
    },
    to,
  )
  expect(payload.reply_markup).toEqual({
    keyboard: [[{ text: 'Partilhar', request_contact: true }], [{ text: 'Agora não' }]],
    resize_keyboard: true,
    one_time_keyboard: true,
  })
})
test.each<[Partial<Attachment>, string, string]>([
  [{ kind: 'image', mimeType: 'image/jpeg' }, 'sendPhoto', 'photo'],
  [{ kind: 'image', mimeType: 'image/jpeg', bytes: 11 * 1024 * 1024 }, 'sendDocument', 'document'],
  [{ kind: 'image', mimeType: 'image/tiff' }, 'sendDocument', 'document'],
  [{ kind: 'image', mimeType: 'image/gif' }, 'sendAnimation', 'animation'],
  [{ kind: 'video', mimeType: 'video/mp4' }, 'sendVideo', 'video'],
  [{ kind: 'video', mimeType: 'video/webm' }, 'sendDocument', 'document'],
  [{ kind: 'audio', mimeType: 'audio/ogg; codecs=opus', role: 'voice' }, 'sendVoice', 'voice'],
  [{ kind: 'audio', mimeType: 'audio/mpeg' }, 'sendAudio', 'audio'],
  [{ kind: 'audio', mimeType: 'audio/wav' }, 'sendDocument', 'document'],
  [{}, 'sendDocument', 'document'],
])('%j goes by %s', (change, method, field) => {
  const request = render({ text: 'legenda', attachments: [file(change)] }, to)
  expect(request).toMatchObject({
    method,
    upload: { field, source: 'file:ab' },
    payload: { chat_id: '7', caption: 'legenda' },
  })
})
test('a place has a name where it has one', () => {
  expect(render({ text: '', location: { latitude: 1, longitude: 2 } }, to)).toEqual({
    method: 'sendLocation',
    payload: { chat_id: '7', latitude: 1, longitude: 2 },
  })
  expect(render({ text: '', location: { latitude: 1, longitude: 2, name: 'Mercado' } }, to).payload).toMatchObject({
    title: 'Mercado',
    address: 'Mercado',
  })
})
test('a file name cannot leave its header, nor hide its ending', () => {
  expect(nameOf('a".pdf\r\nX-Evil: 1')).toBe('a.pdfX-Evil: 1')
  expect(nameOf('../../etc/passwd')).toBe('passwd')
  expect(nameOf('C:\\temp\\a.pdf')).toBe('a.pdf')
  expect(nameOf('foto\u202egpj.exe')).toBe('fotogpj.exe')
  expect(nameOf(`${'ç'.repeat(300)}.pdf`)).toBe(`${'ç'.repeat(116)}.pdf`)
  expect(nameOf('\0\r\n')).toBe('ficheiro')
})
