/** What the town says, through the stand-in for Meta; and what an admin sets up there. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import type { Content } from '../../../src/core/model.ts'
import { citizen, cloudSetup, type CloudSetup } from './cloud-setup.ts'
import { until } from './host.ts'

let setup: CloudSetup
beforeEach(async () => {
  setup = await cloudSetup()
})
afterEach(() => setup.close())

const route = { to: '351912345678', recipient: 'PT.1349120865530274', message: 'wamid.last' }
const last = () => setup.vendor.ledger.at(-1)?.body ?? {}
const choices = (count: number, label = 'Opção') =>
  Array.from({ length: count }, (_, i) => ({ id: `c${i}`, label: `${label} ${i}` }))

describe('each kind of content is taken by Meta', () => {
  test('text, with our key and to the phone number where it is known', async () => {
    const { externalId } = await setup.say({ text: 'Bom dia 🌞' }, route, 'chave-1')
    expect(externalId).toBe(setup.vendor.ledger[0]?.id)
    expect(last()).toMatchObject({
      to: '351912345678',
      type: 'text',
      text: { body: 'Bom dia 🌞' },
      biz_opaque_callback_data: 'chave-1',
    })
    expect(last()).not.toHaveProperty('recipient')
  })

  test('text to somebody who hides their number', async () => {
    await setup.say({ text: 'Bom dia' }, { recipient: 'PT.1349120865530274' })
    expect(last()).toMatchObject({ recipient: 'PT.1349120865530274' })
  })

  test('three choices are buttons', async () => {
    await setup.say({ text: 'Em que podemos ajudar?', choices: choices(3) }, route)
    expect(last()).toMatchObject({
      interactive: { type: 'button', action: { buttons: [{ reply: { id: 'c0', title: 'Opção 0' } }, {}, {}] } },
    })
  })

  test('ten choices are a list', async () => {
    await setup.say({ text: 'Escolha', choices: choices(10) }, route)
    expect(last()).toMatchObject({ interactive: { type: 'list', action: { sections: [{ rows: { length: 10 } }] } } })
  })

  test('two choices with longer labels are a list', async () => {
    await setup.say({ text: 'Escolha', choices: choices(2, 'Licença de obras mais') }, route)
    expect(last()).toMatchObject({ interactive: { type: 'list' } })
  })

  test.each<[string, Content]>([
    ['eleven choices', { text: 'Escolha', choices: choices(11) }],
    [
      'a label that is too long',
      { text: 'Escolha', choices: choices(2, 'Pedido de licenciamento de obras particulares') },
    ],
    ['a text too long for buttons', { text: 'x'.repeat(2000), choices: choices(2) }],
    [
      'an empty label',
      {
        text: 'Escolha',
        choices: [
          { id: 'a', label: ' ' },
          { id: 'b', label: 'Sim' },
        ],
      },
    ],
    [
      'two choices with one id',
      {
        text: 'Escolha',
        choices: [
          { id: 'a', label: 'Sim' },
          { id: 'a', label: 'Não' },
        ],
      },
    ],
  ])('%s: written as numbers, with every label', async (_, content) => {
    await setup.say(content, route)
    const { text } = last() as { text: { body: string } }
    for (const [i, { label }] of (content.choices ?? []).entries()) expect(text.body).toContain(`${i + 1}. ${label}`)
    expect(text.body).toContain(content.text)
  })

  test.each<[string, string, Content['attachments'] & object, object]>([
    [
      'a photo with words',
      'Eis a planta',
      [{ kind: 'image', source: '', mimeType: 'image/jpeg' }],
      { type: 'image', image: { caption: 'Eis a planta' } },
    ],
    [
      'a document with its name',
      'Formulário',
      [{ kind: 'file', source: '', mimeType: 'application/pdf', name: 'requerimento "1".pdf' }],
      { type: 'document', document: { filename: 'requerimento "1".pdf', caption: 'Formulário' } },
    ],
    ['a video', '', [{ kind: 'video', source: '', mimeType: 'video/mp4' }], { type: 'video' }],
    [
      'a voice note',
      '',
      [{ kind: 'audio', source: '', mimeType: 'audio/ogg; codecs=opus', role: 'voice' }],
      { type: 'audio' },
    ],
    [
      'sound with words, as a document, for sound carries none',
      'Oiça',
      [{ kind: 'audio', source: '', mimeType: 'audio/mpeg', name: 'a.mp3' }],
      { type: 'document', document: { caption: 'Oiça', filename: 'a.mp3' } },
    ],
    ['a sticker', '', [{ kind: 'image', source: '', mimeType: 'image/webp', role: 'sticker' }], { type: 'sticker' }],
  ])('%s', async (_, text, [attachment], expected) => {
    if (!attachment) throw new Error('a case without its file')
    const bytes = Buffer.from(`bytes of ${attachment.mimeType}`)
    attachment.source = setup.memory.addFile(bytes, attachment.mimeType)
    await setup.say({ text, attachments: [attachment] }, route)
    expect(last()).toMatchObject(expected)
    const media = last()[String(last().type)] as { id: string }
    expect(setup.vendor.uploads.get(media.id)?.bytes).toEqual(bytes)
  })

  test('a photo above buttons', async () => {
    const source = setup.memory.addFile(Buffer.from('jpeg'), 'image/jpeg')
    await setup.say(
      { text: 'É esta a rua?', choices: choices(2), attachments: [{ kind: 'image', source, mimeType: 'image/jpeg' }] },
      route,
    )
    expect(last()).toMatchObject({
      interactive: { type: 'button', header: { type: 'image', image: { id: expect.any(String) as string } } },
    })
  })

  test('a file of a type that Meta does not keep goes as a link of ours', async () => {
    const source = setup.memory.addFile(Buffer.from('zip'), 'application/zip')
    await setup.say(
      { text: '', attachments: [{ kind: 'file', source, mimeType: 'application/zip', name: 'p.zip' }] },
      route,
    )
    expect(last()).toMatchObject({
      document: { link: `https://balcao.example/files/${source}?signed`, filename: 'p.zip' },
    })
  })

  test('a place; and a place with words, in words', async () => {
    const location = { latitude: 41.74, longitude: -7.47, name: 'Câmara Municipal', address: 'Praça de Camões' }
    await setup.say({ text: '', location }, route)
    expect(last()).toMatchObject({ type: 'location', location })
    await setup.say({ text: 'Estamos aqui:', location }, route)
    expect(last()).toMatchObject({
      text: { body: expect.stringMatching(/Estamos aqui:.*Praça de Camões.*q=41\.74,-7\.47/s) as string },
    })
  })

  test('a contact card', async () => {
    await setup.say({ text: '', contact: { name: 'Proteção Civil', phones: ['+351276000112'] } }, route)
    expect(last()).toMatchObject({
      contacts: [{ name: { formatted_name: 'Proteção Civil' }, phones: [{ phone: '+351276000112' }] }],
    })
  })

  test('a template with its values', async () => {
    setup.vendor.templates = [
      {
        name: 'resposta_pronta',
        language: 'pt_PT',
        status: 'APPROVED',
        components: [{ type: 'BODY', text: 'Olá {{1}}, o processo {{2}} tem resposta.' }],
      },
    ]
    await setup.say(
      { text: 'Olá Ana, …', template: { name: 'resposta_pronta', language: 'pt_PT', parameters: ['Ana', 'BAL-1'] } },
      route,
    )
    expect(last()).toMatchObject({
      template: { name: 'resposta_pronta', components: [{ parameters: [{ text: 'Ana' }, { text: 'BAL-1' }] }] },
    })
  })
})

test('typing, read mark and reaction are told', async () => {
  const message = await setup.vendor.citizenWrites(citizen, { type: 'text', text: { body: 'Olá' } })
  await setup.connection.typing?.({ ...route, message })
  await setup.connection.markRead?.(route, message)
  await setup.connection.react?.(route, message, '👍')
  await setup.connection.react?.(route, message, null)
  expect(setup.vendor.readMarks).toMatchObject([
    { message_id: message, typing_indicator: { type: 'text' } },
    { message_id: message },
  ])
  expect(setup.vendor.ledger.map(({ body }) => body.reaction)).toEqual([
    { message_id: message, emoji: '👍' },
    { message_id: message, emoji: '' },
  ])
})

test('templates that operators can fill in are listed, over all pages', async () => {
  const body = { type: 'BODY', text: 'Olá {{1}}: {{2}}. {{1}}!' }
  const one = (name: string, extra: object = {}) => ({
    name,
    language: 'pt_PT',
    status: 'APPROVED',
    category: 'UTILITY',
    parameter_format: 'POSITIONAL',
    components: [body],
    ...extra,
  })
  setup.vendor.templates = [
    one('aviso'),
    one('recusado', { status: 'REJECTED' }),
    one('com_imagem', { components: [{ type: 'HEADER', format: 'IMAGE' }, body] }),
    one('com_nomes', { parameter_format: 'NAMED' }),
    one('com_ligacao', {
      components: [body, { type: 'BUTTONS', buttons: [{ type: 'URL', url: 'https://x.pt/{{1}}' }] }],
    }),
    one('com_titulo', {
      components: [{ type: 'HEADER', format: 'TEXT', text: 'Município' }, body, { type: 'FOOTER', text: 'Câmara' }],
    }),
  ]
  expect(await setup.connection.templates?.()).toEqual([
    { name: 'aviso', language: 'pt_PT', category: 'UTILITY', text: 'Olá {{1}}: {{2}}. {{1}}!', parameters: 2 },
    {
      name: 'com_titulo',
      language: 'pt_PT',
      category: 'UTILITY',
      text: 'Município\n\nOlá {{1}}: {{2}}. {{1}}!\n\nCâmara',
      parameters: 2,
    },
  ])
})

test('the webhook and the subscription are registered for the admin', async () => {
  await setup.close()
  setup = await cloudSetup({ quiet: true, config: { registerWebhook: true } })
  expect(setup.vendor.webhooks.url).toBeUndefined()
  await until('registration', () => setup.memory.states.some(({ status }) => status === 'connected'))
  expect([setup.vendor.webhooks.url, setup.vendor.subscribed]).toEqual([setup.url, true])
  expect(await setup.connection.check?.()).toMatchObject([
    { ok: true, detail: '+351 276 000 000, Câmara Municipal, GREEN' },
    { ok: true },
    { ok: true },
    { ok: true },
    { ok: true },
    { name: { pt: 'modelos', en: 'templates' }, ok: false },
  ])
})

test('a check says what is wrong and what to do', async () => {
  await setup.close()
  setup = await cloudSetup({ quiet: true, config: { accessToken: new Secret('expired') } })
  const checks = (await setup.connection.check?.()) ?? []
  expect(checks.map(({ ok }) => ok)).toEqual([false, false, false, false, false, false])
  expect(checks[0]).toMatchObject({
    detail: { pt: expect.stringMatching(/token de acesso expirou.*\(190\)/) as string, en: expect.stringMatching(/token has expired.*\(190\)/) as string },
    fix: { pt: expect.stringContaining('utilizador do sistema') as string, en: expect.stringContaining('system user') as string },
  })
})
