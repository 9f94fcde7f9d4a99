/** A linked device, once paired: what it hears and what it says. */

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { maria, rui } from '../../vendors/whatsapp-page/server.ts'
import { bytesOf, until } from './host.ts'
import { generous, webSetup, type WebSetup } from './web-setup.ts'

let setup: WebSetup
beforeAll(async () => {
  setup = await webSetup()
  await setup.pair()
}, generous)
afterAll(() => setup.close(), generous)
beforeEach(() => {
  setup.memory.events.length = 0
  setup.phone.ledger.length = 0
})

const route = { chat: maria.phone }

test('a message comes in with both names of its sender, and the answer goes out', async () => {
  const said = setup.phone.says(maria, { body: 'Boa tarde 🌧️ a rua está alagada' })
  const [event] = await setup.event('message.received')
  expect(event).toMatchObject({
    externalId: `in:${said.stanza}`,
    from: {
      address: '351912345678',
      aliases: ['81234567890123@lid'],
      phone: '+351912345678',
      name: 'Maria Amélia',
      route,
    },
    content: { text: 'Boa tarde 🌧️ a rua está alagada' },
  })
  expect(event).not.toHaveProperty('recovered')
  const { externalId } = await setup.say({ text: 'Já enviámos os bombeiros.' }, event?.from.route ?? {})
  expect(setup.phone.ledger).toMatchObject([{ chat: maria.phone, body: 'Já enviámos os bombeiros.' }])
  expect(externalId).toBe(`out:${setup.phone.ledger[0]?.stanza}`)
})

test('somebody known by their privacy id only is the same person as by their number', async () => {
  setup.phone.says(rui, { chat: rui.lid, body: 'sou o Rui' })
  setup.phone.says(rui, { chat: rui.phone, body: 'ainda o Rui' })
  const [first, second] = await setup.event('message.received', 2)
  expect(first?.from).toMatchObject({
    address: '351933222111',
    aliases: ['80000000000022@lid'],
    route: { chat: rui.lid },
  })
  expect(second?.from).toMatchObject({
    address: '351933222111',
    aliases: ['80000000000022@lid'],
    route: { chat: rui.phone },
  })
})

test('groups, status and broadcasts are left out, and their words are not kept', async () => {
  setup.phone.says('120363025246125888@g.us', { body: 'conversa do grupo' })
  setup.phone.says('status@broadcast', { body: 'um estado' })
  setup.phone.says(maria, { body: 'e uma mensagem' })
  await setup.event('message.received')
  const ignored = await setup.event('ignored', 2)
  expect(ignored.map(({ reason }) => reason)).toEqual(['group', 'status'])
  expect(JSON.stringify(setup.memory.payloads)).not.toMatch(/conversa do grupo|um estado/)
})

test("what is typed on the town's phone appears once; what we send does not appear again", async () => {
  await setup.say({ text: 'Do Balcão' }, route)
  const typed = setup.phone.typesOnPhone(maria, 'Do telemóvel')
  setup.phone.says(maria, { body: 'Obrigada' })
  await setup.event('message.received')
  const echoes = await setup.event('message.echoed')
  expect(echoes).toMatchObject([
    { externalId: `out:${typed.stanza}`, to: { address: '351912345678' }, content: { text: 'Do telemóvel' } },
  ])
})

test('sent, delivered, read, in the order in which WhatsApp tells', async () => {
  const { externalId } = await setup.say({ text: 'Chegou?' }, route)
  const id = setup.phone.fullId({ stanza: externalId?.slice('out:'.length) ?? '', chat: maria.phone })
  setup.phone.news({ do: 'ack', id, ack: 3 })
  setup.phone.news({ do: 'ack', id, ack: 2 })
  const statuses = await setup.event('message.status', 3)
  expect(statuses).toMatchObject([
    { externalId, state: 'sent' },
    { externalId, state: 'read' },
    { externalId, state: 'delivered' },
  ])
})

test('an edit, a deletion and a reaction', async () => {
  const said = setup.phone.says(maria, { body: 'Rua do Olival 21' })
  await setup.event('message.received')
  const id = setup.phone.fullId({ ...said, fromMe: false })
  setup.phone.news({ do: 'edit', id, body: 'Rua do Olival 12' })
  expect(await setup.event('message.edited')).toMatchObject([
    { externalId: `in:${said.stanza}`, content: { text: 'Rua do Olival 12' } },
  ])
  setup.phone.news({ do: 'react', id, by: maria.lid, emoji: '😢' })
  setup.phone.news({ do: 'react', id, by: maria.phone, emoji: '' })
  expect(await setup.event('reaction.changed', 2)).toMatchObject([
    { externalId: `in:${said.stanza}`, emoji: '😢', from: { address: '351912345678', route: { chat: maria.phone } } },
    { emoji: null },
  ])
  setup.phone.news({ do: 'revoke', id })
  expect(await setup.event('message.deleted')).toEqual([{ type: 'message.deleted', externalId: `in:${said.stanza}` }])
})

test.each([
  ['image', 'image/jpeg', 'A fuga', {}],
  ['ptt', 'audio/ogg; codecs=opus', '', { role: 'voice', kind: 'audio' }],
  ['document', 'application/pdf', '', { name: 'fatura.pdf', kind: 'file' }],
  ['video', 'video/mp4', 'Veja', {}],
  ['sticker', 'image/webp', '', { role: 'sticker' }],
])('a citizen sends: %s', async (type, mimetype, caption, expected) => {
  const bytes = Buffer.from(`bytes of ${type} \0\xff`, 'latin1')
  setup.phone.says(maria, {
    type,
    mimetype,
    caption,
    filename: 'fatura.pdf',
    size: bytes.length,
    body: 'AAAA',
    directPath: setup.phone.keepMedia(bytes),
    mediaKey: 'secret-key',
  })
  const [event] = await setup.event('message.received')
  const [attachment] = event?.content.attachments ?? []
  expect(event?.content.text).toBe(caption)
  expect(attachment).toMatchObject({ mimeType: mimetype, bytes: bytes.length, ...expected })
  const file = await setup.connection.fetch?.(attachment?.source ?? '', AbortSignal.timeout(30_000))
  expect(file?.mimeType).toBe(mimetype)
  if (file) expect(await bytesOf(file.body)).toEqual(bytes)
  expect(JSON.stringify(setup.memory.payloads)).not.toContain('secret-key')
})

test('a file that WhatsApp no longer has says so', async () => {
  setup.phone.says(maria, { type: 'image', mimetype: 'image/jpeg', directPath: '/media?hash=gone' })
  const [event] = await setup.event('message.received')
  const source = event?.content.attachments?.[0]?.source ?? ''
  await expect(setup.connection.fetch?.(source, AbortSignal.timeout(30_000))).rejects.toThrow('no longer has')
  await expect(setup.connection.fetch?.('web:../../etc', AbortSignal.timeout(30_000))).rejects.toThrow(
    'not a WhatsApp media reference',
  )
})

test.each([
  ['image', 'image/png', undefined, 'Planta', { type: 'image', caption: 'Planta' }],
  [
    'file',
    'application/pdf',
    undefined,
    'Requerimento',
    { type: 'document', caption: 'Requerimento', filename: 'a "b".pdf' },
  ],
  ['audio', 'audio/ogg', 'voice', '', { type: 'ptt' }],
  ['audio', 'audio/mpeg', undefined, 'Oiça', { type: 'document', caption: 'Oiça' }],
  ['video', 'video/mp4', undefined, '', { type: 'video' }],
] as const)('the town sends: %s %s %s', async (kind, mimeType, role, text, expected) => {
  const bytes = Buffer.from(`bytes of ${mimeType}`)
  const source = setup.memory.addFile(bytes, mimeType)
  await setup.say({ text, attachments: [{ kind, source, mimeType, name: 'a "b".pdf', ...(role && { role }) }] }, route)
  expect(setup.phone.ledger).toMatchObject([expected])
  expect(setup.phone.ledger[0]?.bytes).toEqual(bytes)
})

test('a place, a card, and choices as numbers', async () => {
  await setup.say(
    { text: '', location: { latitude: 41.74, longitude: -7.47, name: 'Câmara', address: 'Praça de Camões' } },
    route,
  )
  await setup.say({ text: '', contact: { name: 'Proteção Civil', phones: ['+351276000112'] } }, route)
  await setup.say(
    {
      text: 'Escolha:',
      choices: [
        { id: 'a', label: 'Águas' },
        { id: 'b', label: 'Obras' },
      ],
    },
    route,
  )
  await setup.say({ text: 'BEGIN:VCARD só a fingir' }, route)
  expect(setup.phone.ledger).toMatchObject([
    { type: 'location', lat: 41.74, lng: -7.47, loc: 'Câmara\nPraça de Camões' },
    { type: 'vcard', body: expect.stringContaining('TEL;type=CELL:+351276000112') as string },
    { type: 'chat', body: 'Escolha:\n\n1. Águas\n2. Obras' },
    { type: 'chat', body: 'BEGIN:VCARD só a fingir' },
  ])
})

test('a place, a card and a quoted answer come in', async () => {
  const { externalId } = await setup.say({ text: 'Onde?' }, route)
  setup.phone.says(maria, {
    body: 'Aqui',
    quotedStanzaID: externalId?.slice(4),
    quotedParticipant: setup.phone.me.phone,
  })
  setup.phone.says(maria, { type: 'location', lat: 41.7, lng: -7.4, loc: 'Ponte\nRua da Madalena', body: '/9j/4AAQ' })
  setup.phone.says(maria, {
    type: 'vcard',
    body: 'BEGIN:VCARD\nFN:João Barros\nTEL;waid=351936111222:+351 936 111 222\nEND:VCARD',
  })
  const [reply, place, card] = await setup.event('message.received', 3)
  expect(reply).toMatchObject({ inReplyTo: externalId, content: { text: 'Aqui' } })
  expect(place?.content).toEqual({
    text: '',
    location: { latitude: 41.7, longitude: -7.4, name: 'Ponte', address: 'Rua da Madalena' },
  })
  expect(card?.content).toEqual({ text: '', contact: { name: 'João Barros', phones: ['+351 936 111 222'] } })
})

test('typing, read mark and reaction are told', async () => {
  const said = setup.phone.says(maria, { body: 'Olá' })
  await setup.event('message.received')
  await setup.connection.typing?.(route)
  await setup.connection.markRead?.(route, `in:${said.stanza}`)
  await setup.connection.react?.(route, `in:${said.stanza}`, '👍')
  await until('typing', () => setup.phone.typing.includes(maria.phone))
  expect(setup.phone.seen).toContain(maria.phone)
  expect(setup.phone.reactions.at(-1)).toEqual({ id: `false_${maria.phone}_${said.stanza}`, emoji: '👍' })
})

test('a number without WhatsApp is refused', async () => {
  await expect(setup.say({ text: 'Olá' }, { chat: '351900000000@c.us' })).rejects.toMatchObject({ reason: 'rejected' })
  expect(setup.phone.ledger).toEqual([])
})

test('given up while it was under way: looked up by its key, and sent again without being sent twice', async () => {
  const source = setup.memory.addFile(Buffer.from('jpeg'), 'image/jpeg')
  const content = { text: 'Só uma vez', attachments: [{ kind: 'image' as const, source, mimeType: 'image/jpeg' }] }
  const look = () =>
    setup.connection.lookup?.(setup.render(content, route), { key: 'chave-9', signal: AbortSignal.timeout(15_000) })
  setup.phone.holdUploads()
  await expect(setup.say(content, route, 'chave-9', 1500)).rejects.toMatchObject({ reason: 'ambiguous' })
  expect(await look()).toBeUndefined()
  const again = setup.say(content, route, 'chave-9')
  setup.phone.release()
  const { externalId } = await again
  expect(await look()).toEqual({ externalId })
  expect(setup.phone.ledger).toMatchObject([{ stanza: externalId?.slice('out:'.length), caption: 'Só uma vez' }])
  const id = externalId?.slice('out:'.length)
  expect(setup.phone.sends.filter((one) => one === id)).toHaveLength(1)
})
