/** Files into the citizen's OneDrive: asked, accepted, declined, twice, forged, late, and whatever OneDrive says. */

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Attachment } from '../../../src/core/model.ts'
import { Secret } from '../../../src/core/secret.ts'
import type { Json, Teams } from '../../vendors/teams.ts'
import type { Gateway } from '../host.ts'
import { gatewayOf, sayAs, started, to } from './start.ts'

let teams: Teams
let gateway: Gateway
let count = 0
beforeAll(async () => {
  ;({ teams, gateway } = await started({ tries: 1 }))
})
beforeEach(() => {
  teams.ledger.length = teams.drive.length = teams.uploadFaults.length = teams.faults.length = gateway.events.length = 0
  teams.uploads = 0
})
afterAll(async () => {
  await gateway.close()
  await teams.close()
})

const bytes = Buffer.from('%PDF-1.7 recibo')
const paper = (on: Gateway, name = 'recibo *1*.pdf', more: Partial<Attachment> = {}): Attachment => ({
  kind: 'file', source: on.keepFile(bytes, 'application/pdf'), mimeType: 'application/pdf', name, bytes: bytes.length, ...more,
})
/** A file offered to a citizen, and the card that they see. */
async function offered(citizen = 1, on = gateway) {
  count += 1
  const key = `key-${count}`
  await sayAs(on, key, { text: 'O seu recibo', attachments: [paper(on)] }, to(teams, citizen))
  return { key, shown: teams.ledger.at(-1)!, ana: teams.citizen(citizen) }
}
const link = (shown: { actions: Json[] } | undefined) => shown?.actions.find(({ type }) => type === 'Action.OpenUrl')?.url

test('an accepted file is in the OneDrive, byte for byte, with a card to open it', async () => {
  const { key, shown, ana } = await offered()
  expect(shown).toMatchObject({ text: 'O seu recibo', attachments: [{ contentType: 'application/vnd.microsoft.teams.card.file.consent', name: 'recibo *1*.pdf', content: { sizeInBytes: bytes.length } }] })
  expect((await ana.accepts()).statuses).toEqual([200])
  expect(teams.drive).toEqual([{ name: 'recibo *1*.pdf', bytes }])
  expect(teams.ledger[1]!.attachments).toMatchObject([{
    contentType: 'application/vnd.microsoft.teams.card.file.info', name: 'recibo *1*.pdf',
    contentUrl: expect.stringContaining('/Documents/Applications/recibo'), content: { fileType: 'pdf', uniqueId: expect.stringContaining('item-') },
  }])
  expect(gateway.events).toMatchObject([{ type: 'message.status', key, state: 'read' }])
})

test('accepted twice, also side by side, it is there once', async () => {
  const { ana, shown } = await offered()
  await Promise.all([ana.accepts(shown), ana.accepts(shown), ana.accepts(shown)])
  await ana.accepts(shown)
  expect(teams.drive).toHaveLength(1)
  expect(teams.ledger).toHaveLength(2)
})

test('a declined file goes as a link, and we are told', async () => {
  const { key, ana } = await offered()
  expect((await ana.declines()).statuses).toEqual([200])
  expect(link(teams.ledger[1])).toMatch(/^https:\/\/balcao\.example\/f\//)
  expect(teams.uploads).toBe(0)
  expect(gateway.events).toMatchObject([{ type: 'message.status', key, state: 'read', reason: 'declined' }])
})

test.each([403, 404, 409, 202, 302, 500, 'cut'] as const)('an upload that ends with %s becomes a link', async (fault) => {
  teams.uploadFaults.push(fault)
  const { ana } = await offered()
  expect((await ana.accepts()).statuses).toEqual([200])
  expect(teams.ledger[1]!.text).toBe('O ficheiro não ficou no OneDrive. Pode abri-lo aqui:')
  expect(link(teams.ledger[1])).toMatch(/^https:\/\/balcao\.example\/f\//)
  expect(teams.uploads).toBe(1)
  expect(gateway.log.join('')).not.toContain('/upload/')
})

test('a gateway that stops in the middle of an upload sends the link before it goes', async () => {
  const other = await gatewayOf(teams)
  const { ana } = await offered(2, other)
  teams.uploadFaults.push('hang')
  const pressed = ana.accepts()
  await other.until(() => teams.uploads === 1)
  await Promise.all([other.connection.close(), pressed])
  expect(link(teams.ledger[1])).toMatch(/^https:/)
  await other.close()
  teams.webhook = gateway.host.publicUrl
})

test('what could not be stored, or told, is not acknowledged: pressed again it is done', async () => {
  const { ana } = await offered()
  teams.faults.push({ kind: 'refuse', status: 500 })
  expect((await ana.accepts()).statuses).toEqual([503])
  expect((await ana.accepts()).statuses).toEqual([200])
  expect(teams.ledger[1]!.attachments).toMatchObject([{ contentType: 'application/vnd.microsoft.teams.card.file.info' }])
})

test('an address that is not one of Microsoft’s gets no byte', async () => {
  const { shown, ana } = await offered()
  const [card] = shown.attachments
  for (const [uploadUrl, contentUrl] of [
    ['http://127.0.0.1:9/upload', `${teams.origin}/x`],
    ['https://evil.example/sharepoint.com', `${teams.origin}/x`],
    ['http://camara.sharepoint.com/upload', `${teams.origin}/x`],
    ['https://camara.sharepoint.com.evil.example/upload', `${teams.origin}/x`],
    ['https://user:pass@camara.sharepoint.com/upload', `${teams.origin}/x`],
    ['file:///etc/passwd', `${teams.origin}/x`],
    [undefined, undefined],
    [`${teams.origin}/upload/none`, 'https://evil.example/phish'],
  ]) {
    count += 1
    await sayAs(gateway, `key-${count}`, { text: '', attachments: [paper(gateway)] }, to(teams, 1))
    const context = ((teams.ledger.at(-1)!.attachments[0] ?? card) as { content: Json }).content.acceptContext
    const uploadInfo = { uploadUrl, contentUrl, name: 'recibo.pdf', uniqueId: 'x', fileType: 'pdf' }
    const { statuses } = await ana.invokes('fileConsent/invoke', { type: 'fileUpload', action: 'accept', context, uploadInfo })
    expect(statuses).toEqual([200])
    expect(link(teams.ledger.at(-1))).toMatch(/^https:\/\/balcao/)
  }
  expect(teams.uploads).toBe(0)
})

test('a consent to what was not offered so is refused, and nothing is stored or sent', async () => {
  const { shown, ana } = await offered()
  const { acceptContext } = (shown.attachments[0] as { content: { acceptContext: { balcao: Json } } }).content
  const given = acceptContext.balcao
  const secret = gateway.keepFile(Buffer.from('de outra pessoa'), 'text/plain')
  const { received } = gateway
  const before = received.length
  const press = (context: unknown, citizen = ana) => citizen.invokes('fileConsent/invoke', { type: 'fileUpload', action: 'accept', context, uploadInfo: { uploadUrl: `${teams.origin}/upload/1`, contentUrl: `${teams.origin}/x` } })
  for (const context of [
    undefined, null, [], {}, { balcao: null }, { balcao: [] },
    { balcao: { ...given, file: secret } },
    { balcao: { ...given, key: 'key-999' } },
    { balcao: { ...given, name: 'fatura.exe' } },
    { balcao: { ...given, bytes: 1 } },
    { balcao: { ...given, seal: '' } },
    { balcao: { ...given, seal: undefined } },
    { balcao: { ...given, seal: { toString: 1 } } },
    { balcao: { ...given, seal: String(given.seal).replace(/^./, (one) => (one === 'A' ? 'B' : 'A')) } },
  ])
    expect((await press(context)).statuses).toEqual([403])
  // The press of another citizen on what was offered to the first.
  expect((await press(acceptContext, teams.citizen(7))).statuses).toEqual([403])
  expect(received).toHaveLength(before)
  expect(teams.ledger).toHaveLength(1)
  expect(teams.uploads).toBe(0)
})

test('where asking makes no sense the file is a link at once', async () => {
  const files: Attachment[] = [
    paper(gateway, 'grande.zip', { bytes: 26 * 1024 * 1024 }),
    paper(gateway, 'vazio.txt', { bytes: 0 }),
  ]
  for (const file of files) await sayAs(gateway, `key-${(count += 1)}`, { text: '', attachments: [file] }, to(teams, 1))
  expect(teams.ledger.map(link)).toEqual(files.map(() => expect.stringMatching(/^https:\/\/balcao/) as string))
  await sayAs(gateway, `key-${(count += 1)}`, { text: '', attachments: [paper(gateway, 'rua.png', { mimeType: 'image/png' })] }, to(teams, 1))
  expect(teams.ledger.at(-1)!.attachments).toMatchObject([{ contentType: 'image/png' }])
  const never = await gatewayOf(teams, { files: 'link' })
  await offered(3, never)
  expect(link(teams.ledger.at(-1))).toMatch(/^https:/)
  await never.close()
  teams.webhook = gateway.host.publicUrl
})

test('a file that is no longer kept here: its card is answered, and no other file is sent', async () => {
  const { ana } = await offered()
  const other = await gatewayOf(teams)
  expect((await ana.accepts()).statuses).toEqual([200])
  expect(teams.drive).toEqual([])
  expect(teams.ledger).toHaveLength(2)
  await other.close()
  // Another password is another secret: what was offered before it is no longer known.
  const renewed = await gatewayOf(teams, { appPassword: new Secret('renewed') })
  expect((await ana.accepts()).statuses).toEqual([403])
  await renewed.close()
  teams.webhook = gateway.host.publicUrl
})
