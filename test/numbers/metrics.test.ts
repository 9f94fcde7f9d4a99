/** What Prometheus reads from a gateway that has something to tell, and whether the dashboard of docs/ asks for what there is. */

import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CallTown, callTown } from '../call/town.ts'

let town: CallTown
let scraped: string
beforeAll(async () => {
  town = await callTown(undefined, { config: { departments: { geral: { name: { pt: 'Geral', en: 'General' } }, aguas: { name: { pt: 'Águas', en: 'Water' }, sla: { firstResponse: '10m' } } } } })
  town.vendor.behave = ({ text }) => (/isto falha/.test(text) ? 400 : 'accept')
  const maria = await town.ask('maria')
  await maria.post('enter')
  const rui = await town.ask('rui')
  const act = (id: string, n: string, ...actions: object[]) => town.ana.call('POST', `/api/conversations/${id}/act`, { clientId: `metrics-${n}`, actions })
  await act(rui.conversationId, '1', { do: 'take' }, { do: 'reply', text: 'isto falha' })
  await town.until('the failure', () => town.gateway.pool.db.selectFrom('delivery').select('state').where('state', '=', 'failed').executeTakeFirst())
  await town.ana.call('POST', `/api/calls/${rui.callId}/end`, {})
  const eva = await town.ask('eva')
  await act(eva.conversationId, '2', { do: 'take' }, { do: 'close' })
  await town.until('the question', () => town.vendor.ledger.some(({ to, text }) => to === 'eva' && /De 1 a 5/.test(text)))
  await town.write('eva', '4')
  town.pass(700)
  await town.until('the facts', async () => /balcao_first_response_seconds\{/.test(await scrape()))
  scraped = await scrape()
}, 60_000)
afterAll(() => town.close())

const scrape = async () => (await fetch(`${town.url}/metrics`)).text()
const sampled = (sample: string) => Number(new RegExp(`^${sample.replace(/[{}.|]/g, '\\$&')} (\\S+)$`, 'm').exec(scraped)?.[1])

test('the field is told in its own names', () => {
  expect(sampled('balcao_conversations{department="aguas",state="waiting"}')).toBe(1)
  expect(sampled('balcao_conversations{department="aguas",state="assigned"}')).toBe(1)
  expect(sampled('balcao_overdue{department="aguas"}')).toBe(1)
  expect(sampled('balcao_waiting_oldest_seconds{department="aguas"}')).toBeGreaterThanOrEqual(700)
  expect(sampled('balcao_operators_online{department="aguas"}')).toBe(1)
  expect(sampled('balcao_deliveries_in_trouble{channel="linha",state="failed"}')).toBe(1)
  expect(sampled('balcao_channel_up{channel="linha"}')).toBe(1)
  expect(sampled('balcao_calls{state="ended"}')).toBeGreaterThanOrEqual(1)
  expect(sampled('balcao_satisfaction{subject="conversation"}')).toBe(4)
  expect(sampled('balcao_outbound_total{outcome="failed",channel="linha"}')).toBe(1)
})

test('nobody’s name, address, words or id is in it', () => {
  for (const private_ of ['maria', 'rui', 'eva', 'ana@', 'isto falha', town.ana.id]) expect(scraped).not.toContain(private_)
  const routes = [...scraped.matchAll(/http_server_request_duration_seconds_count\{[^}]*route="([^"]*)"/g)].map(([, route]) => route!)
  expect(routes).toContain('/api/conversations/:id/act')
  expect(routes.filter((route) => /\d/.test(route))).toEqual([])
})

test('every metric of ours is explained', async () => {
  const explained = await readFile('docs/metrics.md', 'utf8')
  const ours = [...scraped.matchAll(/^# TYPE ((?:balcao|http)_\w+) /gm)].map(([, name]) => name!)
  expect(ours.length).toBeGreaterThan(12)
  for (const name of ours) expect(explained).toContain(`\`${name}\``)
})

test('every metric and every label that the dashboard names is in a real scrape', async () => {
  const board = JSON.parse(await readFile('docs/grafana.json', 'utf8')) as { panels: { title: string; targets?: { expr: string }[] }[] }
  const asked = board.panels.flatMap(({ targets }) => (targets ?? []).map(({ expr }) => expr))
  expect(asked.length).toBeGreaterThan(15)
  // Nothing has gone wrong in this town: these two say nothing until it does.
  const silent = new Set(['balcao_signature_failures_total', 'balcao_outbox_waiting', 'balcao_outbox_oldest_seconds'])
  for (const expr of asked) {
    const names = [...expr.matchAll(/\b(?:balcao|http|process|nodejs)_\w+/g)].map(([name]) => name)
    expect(names.length, expr).toBeGreaterThan(0)
    for (const name of names) {
      const family = name.replace(/_(bucket|count|sum)$/, '')
      expect(scraped, `${family} of «${expr}»`).toMatch(new RegExp(`^# TYPE ${family} `, 'm'))
      if (silent.has(family)) continue
      const sample = new RegExp(`^${name}(?:\\{([^}]*)\\})? `, 'm').exec(scraped)
      expect(sample, `${name} has a value`).not.toBeNull()
      const labels = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(',').map((label) => label.trim()))
      for (const label of labels) expect(sample![1], `${label} of ${name}`).toContain(`${label}="`)
    }
  }
})
