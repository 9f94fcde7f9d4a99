/** What comes in: only what Microsoft signed, for us, from whom we let; stored before it is acknowledged. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Json, startTeams, type Teams } from '../../vendors/teams.ts'
import { type Gateway, newDisk } from '../host.ts'
import { gatewayOf, say, started, to } from './start.ts'

const minute = 60_000
let clock = Date.parse('2026-05-28T10:00:00Z')
const now = () => new Date(clock)
let teams: Teams
let gateway: Gateway
beforeAll(async () => {
  ;({ teams, gateway } = await started({ now }, { now }))
})
beforeEach(() => {
  gateway.received.length = 0
  gateway.corrupt.length = 0
  gateway.log.length = 0
})
afterAll(async () => {
  await gateway.close()
  await teams.close()
})

const sign = (more: Partial<Parameters<Teams['signer']['sign']>[0]> = {}) =>
  teams.signer.sign({ audience: teams.appId, serviceUrl: teams.serviceUrl, now: now(), ...more })
const message = (more: Json = {}) => teams.citizen(1).activity({ type: 'message', text: 'a palavra secreta', ...more })

async function post(authorization: string | undefined, body: unknown, path = ''): Promise<{ status: number; body: string }> {
  const response = await fetch(teams.webhook + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, body: await response.text() }
}

test('a key that is not endorsed for Teams', async () => {
  const key = teams.signer.jwks.keys[0]!
  key.endorsements = ['skype']
  clock += 25 * 60 * minute
  expect((await post(`Bearer ${await sign()}`, message())).status).toBe(401)
  key.endorsements = ['msteams']
  clock += 25 * 60 * minute
  expect((await post(`Bearer ${await sign()}`, message())).status).toBe(200)
})

test('another method, another path', async () => {
  expect((await fetch(teams.webhook)).status).toBe(405)
  expect((await post(`Bearer ${await sign()}`, message(), '/other')).status).toBe(404)
})

test('keys are read once; rotated keys are taken; invented key ids do not make us ask each time', async () => {
  await post(`Bearer ${await sign()}`, message())
  const before = teams.metadataReads
  await teams.signer.rotate()
  clock += minute
  expect((await post(`Bearer ${await sign()}`, message())).status).toBe(200)
  expect(teams.metadataReads).toBe(before + 1)
  for (let i = 0; i < 20; i++) expect((await post(`Bearer ${await sign({ kid: `invented-${i}` })}`, message())).status).toBe(401)
  expect(teams.metadataReads).toBe(before + 1)
})

test('while nobody can say whose signature it is, Teams is asked to come again', async () => {
  const vendor = await startTeams({ now, pauseMs: 10 })
  vendor.metadataFails = true
  const other = { teams: vendor, gateway: await gatewayOf(vendor, {}, { now }) }
  const ana = other.teams.citizen(1)
  const delivered = ana.writes('olá')
  await other.gateway.until(() => other.gateway.log.some((line) => line.includes('could not be taken')))
  await other.gateway.until(() => other.gateway.states.at(-1)?.status === 'degraded')
  expect(other.gateway.states.at(-1)?.reason?.pt).toMatch(/chaves da Microsoft/)
  other.teams.metadataFails = false
  const { statuses } = await delivered
  expect(statuses[0]).toBe(503)
  expect(statuses.at(-1)).toBe(200)
  expect(other.gateway.messages().map(({ content }) => content.text)).toEqual(['olá'])
  await other.gateway.until(() => other.gateway.states.at(-1)?.status === 'connected')
  await other.gateway.close()
  await other.teams.close()
})

test('everything that citizens do is understood', async () => {
  const ana = teams.citizen(7)
  gateway.events.length = 0
  const { activityId } = await ana.writes('<at>Balcão</at> há uma fuga ⛲', {
    entities: [{ type: 'mention', text: '<at>Balcão</at>', mentioned: { id: `28:${teams.appId}`, name: 'Balcão' } }],
  })
  await ana.edits(activityId, 'há uma fuga grande')
  await ana.types()
  const { externalId } = await say(gateway, { text: 'Já vamos' }, to(teams, 7))
  const shown = externalId!.split(';')[1]!
  await ana.reacts(shown, 'heart')
  await ana.reacts(shown, null)
  await ana.reads(shown)
  await ana.deletes(activityId)
  await ana.removes()
  await ana.installs()
  expect(gateway.events.map((event) => ({ ...event, from: undefined, at: undefined }))).toEqual([
    { type: 'message.received', externalId: `a:chat-7;${activityId}`, content: { text: 'há uma fuga ⛲' } },
    { type: 'message.edited', externalId: `a:chat-7;${activityId}`, content: { text: 'há uma fuga grande' } },
    { type: 'typing' },
    { type: 'reaction.changed', externalId, emoji: '❤️' },
    { type: 'reaction.changed', externalId, emoji: null },
    { type: 'message.status', externalId, state: 'read' },
    { type: 'message.deleted', externalId: `a:chat-7;${activityId}` },
    { type: 'contact.blocked' },
    { type: 'contact.unblocked' },
  ])
})

test('a call of a card of ours is answered with 200, any other with 501, and that is all', async () => {
  const ana = teams.citizen(8)
  const executed = await ana.invokes('adaptiveCard/action', {
    action: { type: 'Action.Execute', data: { balcao: { chosen: 'agua', label: 'Água' } } },
  })
  expect(executed.statuses).toEqual([200])
  expect(JSON.parse(executed.body)).toMatchObject({ statusCode: 200 })
  expect(gateway.messages().at(-1)!.content).toEqual({ text: 'Água', chosen: 'agua' })
  const before = gateway.received.length
  for (const name of ['task/fetch', 'composeExtension/query', 'signin/verifyState'])
    expect(await ana.invokes(name, {})).toMatchObject({ statuses: [501], body: '' })
  expect(await ana.invokes('fileConsent/invoke', {})).toMatchObject({ statuses: [403], body: '' })
  expect(gateway.received).toHaveLength(before)
})

test('what cannot be read is kept and acknowledged, but only if Microsoft signed for it', async () => {
  const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`
  for (const body of ['{', '[]', '"x"', '{"text":"no type"}', '', deep]) {
    expect(await post(`Bearer ${await sign()}`, body)).toEqual({ status: 200, body: '' })
    expect((await post('Bearer a.b.c', body)).status).toBe(401)
  }
  expect(gateway.corrupt.map(({ raw }) => raw)).toEqual(['{', '[]', '"x"', '{"text":"no type"}', '', deep])
  expect(gateway.received).toEqual([])
})

test('what is stored is what came, byte for byte', async () => {
  const activity = message({ channelData: { tenant: { id: teams.tenantId }, odd: [1, null, { 'é': '🙂' }] } })
  await post(`Bearer ${await sign()}`, activity)
  expect(gateway.received).toEqual([JSON.parse(JSON.stringify(activity))])
})

test('guests of an allowed tenant are heard; with ‘any’, everybody', async () => {
  const guest = '33333333-3333-4333-8333-333333333333'
  const activity = message({ conversation: { id: 'a:chat-1', conversationType: 'personal', tenantId: guest }, channelData: {} })
  for (const [allowedTenants, status] of [[[], 403], [[guest.toUpperCase()], 200], ['any', 200]] as const) {
    const own = await gatewayOf(teams, { allowedTenants }, { now })
    expect((await post(`Bearer ${await sign()}`, activity)).status).toBe(status)
    await own.close()
  }
  teams.webhook = gateway.host.publicUrl
})

describe('nothing is lost, and nothing is doubled', () => {
  let open: { teams: Teams; gateway: Gateway } | undefined
  afterEach(async () => {
    await open?.gateway.close()
    await open?.teams.close()
    open = undefined
  })

  test('acknowledged only once it is stored; what could not be is repeated by Teams and kept once', async () => {
    let failures = 2
    open = await started({}, {
      beforeStore() {
        failures -= 1
        if (failures >= 0) throw new Error('segredo da base de dados')
      },
    })
    const { statuses, body } = await open.teams.citizen(1).writes('olá')
    expect([statuses, body]).toEqual([[503, 503, 200], ''])
    expect(open.gateway.messages()).toHaveLength(1)
    expect(open.gateway.log.join('')).not.toMatch(/olá|segredo/)
  })

  test('an answer too slow for Teams makes it call again: the message is kept once', async () => {
    let first: (() => void) | undefined
    let calls = 0
    open = await started({ answerMs: 1_000 }, {
      beforeStore: () => {
        calls += 1
        return calls === 1 ? new Promise<void>((resolve) => { first = resolve }) : undefined
      },
    })
    const { statuses } = await open.teams.citizen(1).writes('olá')
    expect(statuses).toEqual([0, 200])
    first!()
    await open.gateway.until(() => open!.gateway.received.length === 2)
    expect(open.gateway.messages()).toHaveLength(1)
  })

  test('a restart in the middle of 60 messages loses none and doubles none', async () => {
    const disk = newDisk()
    open = await started({ tries: 200 }, { disk })
    const { teams: vendor } = open
    const port = Number(new URL(open.gateway.host.publicUrl).port)
    const all = Array.from({ length: 60 }, (_, i) => vendor.citizen(i % 6).writes(`m${i}`))
    await open.gateway.until(() => disk.seen.size > 5)
    await open.gateway.close()
    open = { teams: vendor, gateway: await gatewayOf(vendor, {}, { disk, port }) }
    expect((await Promise.all(all)).map(({ statuses }) => statuses.at(-1))).toEqual(all.map(() => 200))
    const texts = disk.events.flatMap((event) => (event.type === 'message.received' ? [event.content.text] : []))
    expect(texts.toSorted()).toEqual(all.map((_, i) => `m${i}`).toSorted())
  })

  test('away for longer than Teams repeats, the gap is told', async () => {
    const disk = newDisk()
    open = await started({}, { disk, now: () => new Date('2026-05-28T10:00:00Z') })
    await open.gateway.close()
    open.gateway = await gatewayOf(open.teams, {}, { disk, now: () => new Date('2026-05-28T10:05:00Z') })
    expect(open.gateway.states[0]!.gapSince).toEqual(new Date('2026-05-28T10:00:00Z'))
    await open.gateway.close()
    open.gateway = await gatewayOf(open.teams, {}, { disk, now: () => new Date('2026-05-28T10:05:40Z') })
    expect(open.gateway.states[0]!.gapSince).toBeUndefined()
  })
})
