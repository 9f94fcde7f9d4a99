/** What the town says, through the stand-in for Meta, and how it fails. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import type { Content } from '../../../src/core/model.ts'
import { SendError } from '../../../src/core/channel.ts'
import type { Fault } from '../../vendors/whatsapp-cloud.ts'
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

describe('a failed send names its reason', () => {
  test.each<[string, Fault, SendError['reason'], number | undefined]>([
    ['429 with retry-after', { kind: 'refuse', status: 429, retryAfter: 7 }, 'throttled', 7000],
    ['too many messages a second', { kind: 'refuse', status: 400, code: 130429 }, 'throttled', 5000],
    ['too many to one person', { kind: 'refuse', status: 400, code: 131056 }, 'throttled', 6000],
    ['the limit of the account', { kind: 'refuse', status: 400, code: 80007, retryAfter: 30 }, 'throttled', 30_000],
    ['outside the window', { kind: 'refuse', status: 400, code: 131047 }, 'rejected', undefined],
    ['no WhatsApp', { kind: 'refuse', status: 400, code: 131026 }, 'rejected', undefined],
    ['an expired token', { kind: 'refuse', status: 401, code: 190 }, 'misconfigured', undefined],
    ['a locked account', { kind: 'refuse', status: 403, code: 131031 }, 'misconfigured', undefined],
    ['a missing permission', { kind: 'refuse', status: 403, code: 294 }, 'misconfigured', undefined],
    ['opted out of promotion', { kind: 'refuse', status: 400, code: 131050 }, 'blocked', undefined],
    ['Meta away, by its own word', { kind: 'refuse', status: 500, code: 131016 }, 'unreachable', undefined],
    ['a code not known yet', { kind: 'refuse', status: 400, code: 139999 }, 'rejected', undefined],
    ['503 of a proxy', { kind: 'refuse', status: 503, retryAfter: 2 }, 'unreachable', 2000],
    [
      '502 of a proxy, behind which anything may have happened',
      { kind: 'refuse', status: 502 },
      'ambiguous',
      undefined,
    ],
    ['cut after it was taken', { kind: 'cut-after' }, 'ambiguous', undefined],
    ['cut before it was taken, which looks the same', { kind: 'cut-before' }, 'ambiguous', undefined],
  ])('%s', async (_, fault, reason, retryAfterMs) => {
    setup.vendor.faults = [fault]
    const error = await setup.say({ text: 'segredo do cidadão' }, route).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(SendError)
    expect(error).toMatchObject({ reason, retryAfterMs })
    expect((error as SendError).message).not.toMatch(/segredo|the-access-token/)
  })

  test('nobody listening: it never left', async () => {
    const address = setup.vendor.baseUrl
    await setup.vendor.close()
    const error = await setup.say({ text: 'Olá' }, route).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ reason: 'unreachable' })
    expect(address).toContain('127.0.0.1')
  })

  test('given up by us while Meta thinks: nobody knows', async () => {
    setup.vendor.faults = [{ kind: 'slow', ms: 2000 }]
    const error = await setup
      .say({ text: 'Olá' }, route, 'd-slow', AbortSignal.timeout(50))
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ reason: 'ambiguous' })
  })

  test('an upload that is cut can be done again, for nothing was said', async () => {
    const source = setup.memory.addFile(Buffer.from('jpeg'), 'image/jpeg')
    const config = setup.config as { graphBaseUrl: string }
    const { startWhatsappCloud } = await import('../../vendors/whatsapp-cloud.ts')
    const gone = await startWhatsappCloud()
    await gone.close()
    config.graphBaseUrl = gone.baseUrl
    await setup.reconnect()
    const error = await setup
      .say({ text: '', attachments: [{ kind: 'image', source, mimeType: 'image/jpeg' }] }, route)
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ reason: 'unreachable' })
  })

  test('what only an admin can put right is shown to them', async () => {
    setup.vendor.faults = [{ kind: 'refuse', status: 401, code: 190 }]
    await setup.say({ text: 'Olá' }, route).catch(() => undefined)
    expect(setup.memory.states.at(-1)).toMatchObject({
      status: 'needs-attention',
      reason: { pt: expect.stringContaining('token') as string },
    })
  })
})

test('a message whose answer was lost is known by our key, which comes back in its statuses', async () => {
  setup.vendor.faults = [{ kind: 'cut-after' }]
  await setup.say({ text: 'Olá' }, route, 'chave-7').catch(() => undefined)
  const echo = await until('the status', () => setup.memory.events.find((event) => event.type === 'message.status'))
  expect(echo).toMatchObject({ key: 'chave-7', externalId: setup.vendor.ledger[0]?.id, state: 'sent' })
  expect(setup.vendor.ledger).toHaveLength(1)
})

test('statuses out of order keep their names, and a failure says why in words', async () => {
  const sent = { id: 'wamid.1', to: '351912345678', key: 'k' }
  await setup.vendor.status(sent, 'read')
  await setup.vendor.status(sent, 'sent')
  await setup.vendor.status(sent, 'delivered')
  await setup.vendor.status(sent, 'failed', { errors: [{ code: 131026, title: 'Message undeliverable' }] })
  expect(setup.memory.events).toMatchObject([
    { state: 'read' },
    { state: 'sent' },
    { state: 'delivered' },
    { state: 'failed', reason: expect.stringMatching(/^não pôde ser entregue.*\(131026\)$/) as string },
  ])
  expect(JSON.stringify(setup.memory.payloads)).toContain('free_customer_service')
})

test('free text after 24 hours fails with the reason', async () => {
  await setup.close()
  let now = new Date('2026-03-01T10:00:00Z')
  setup = await cloudSetup({ enforceWindow: true, now: () => now })
  await setup.vendor.citizenWrites(citizen, { type: 'text', text: { body: 'Olá' } })
  now = new Date('2026-03-02T10:00:01Z')
  await setup.say({ text: 'Já está pronto' }, { to: citizen.phone })
  const failed = await until('the failure', () => setup.memory.events.find((event) => event.type === 'message.status'))
  expect(failed).toMatchObject({ state: 'failed', reason: expect.stringMatching(/24 horas/) as string })
})

test('200 messages with every tenth request failing: each is taken once, or is known to be unsure', async () => {
  const faults: Fault[] = [
    { kind: 'refuse', status: 429, retryAfter: 1 },
    { kind: 'cut-after' },
    { kind: 'refuse', status: 500, code: 131000 },
    { kind: 'slow', ms: 20 },
    { kind: 'cut-before' },
  ]
  setup.vendor.faults = Array.from({ length: 400 }, (_, i) =>
    i % 10 === 3 ? faults[Math.floor(i / 10) % faults.length] : undefined,
  )
  const unsure = new Set<string>()
  for (let i = 0; i < 200; i++) {
    const key = `d-${i}`
    for (let attempt = 0; attempt < 5; attempt++) {
      if (i === 100 && attempt === 0) await setup.reconnect()
      const outcome = await setup.say({ text: `mensagem ${i}` }, route, key).catch((error: unknown) => error)
      if (!(outcome instanceof SendError)) break
      if (outcome.reason === 'ambiguous') {
        unsure.add(key)
        break
      }
      expect(['throttled', 'unreachable']).toContain(outcome.reason)
    }
  }
  await setup.vendor.webhooks.idle()
  const taken = setup.vendor.ledger.map(({ key }) => key)
  expect(new Set(taken).size).toBe(taken.length)
  const echoed = new Set(setup.memory.events.flatMap((event) => (event.type === 'message.status' ? [event.key] : [])))
  for (let i = 0; i < 200; i++) {
    if (taken.includes(`d-${i}`)) expect(echoed).toContain(`d-${i}`)
    else expect(unsure).toContain(`d-${i}`)
  }
  expect(taken).toEqual([...taken].sort((a, b) => Number(a?.slice(2)) - Number(b?.slice(2))))
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
    { name: 'templates', ok: false },
  ])
})

test('a check says what is wrong and what to do', async () => {
  await setup.close()
  setup = await cloudSetup({ quiet: true, config: { accessToken: new Secret('expired') } })
  const checks = (await setup.connection.check?.()) ?? []
  expect(checks.map(({ ok }) => ok)).toEqual([false, false, false, false])
  expect(checks[0]).toMatchObject({
    detail: expect.stringMatching(/token.*\(190\)/) as string,
    fix: expect.stringContaining('system user') as string,
  })
})
