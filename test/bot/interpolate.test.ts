import { expect, test } from 'vitest'
import { holds, type Facts } from '../../src/bot/condition.ts'
import { interpolate, templateProblems } from '../../src/bot/interpolate.ts'
import { contextAt, department } from './town.ts'

const now = new Date('2026-10-24T10:00:00Z')
const manner = { language: 'pt' as const, timeZone: 'Europe/Lisbon', now }
const fill = (template: string, values = {}) => interpolate(template, values, manner)

test.each([
  ['{{ a.b }}', { a: { b: 'sim' } }, 'sim'],
  ['{{a.b}} e {{ c }}', { a: { b: 1 }, c: 2 }, '1 e 2'],
  ['{{ a | upper }}', { a: 'água' }, 'ÁGUA'],
  ['{{ a | first }}', { a: 'Maria João' }, 'Maria'],
  ["{{ a | default: 'ninguém' }}", {}, 'ninguém'],
  ["{{ a | moment | default: 'logo' }}", { a: null }, 'logo'],
  ['{{ a | moment }}', { a: new Date('2026-10-24T13:30:00Z') }, 'hoje às 14:30'],
  // The clocks change in the night.
  ['{{ a | moment }}', { a: new Date('2026-10-25T09:00:00Z') }, 'amanhã às 09:00'],
  ['{{ a | moment }}', { a: new Date('2027-01-04T09:00:00Z') }, 'segunda-feira, 4 de janeiro de 2027 às 09:00'],
  ['{{ a | date }}', { a: '2026-12-24' }, 'quinta-feira, 24 de dezembro'],
  ['{{ a | time }}', { a: new Date('2026-10-24T13:30:00Z') }, '14:30'],
  ['{{ a | euros }}', { a: '12.5' }, '12,50\u00a0€'],
])('%s becomes what it says', (template, values, text) => {
  expect(fill(template, values)).toBe(text)
})

test('what is not there is nothing, and nothing that was not given can be reached', () => {
  for (const path of ['constructor', 'a.constructor', 'a.__proto__', 'toString', 'a.length', 'a.b.c.d', 'missing']) {
    expect(fill(`[{{ ${path} }}]`, { a: { b: 'x' } })).toBe('[]')
  }
})

test('what a citizen wrote is not read as a template', () => {
  expect(fill('{{ a }}', { a: '{{ b }}', b: 'secret' })).toBe('{{ b }}')
})

test('every wrong placeholder is named', () => {
  const known = ['town.name', 'citizen.*']
  expect(templateProblems('{{ town.name | upper }} {{ citizen.phone }}', known)).toEqual([])
  expect(templateProblems('{{ town.nme }}', known)[0]).toContain('did you mean "town.name"?')
  expect(templateProblems('{{ town.name | uper }}', known)[0]).toContain('did you mean "upper"?')
  expect(templateProblems('{{ 1 + 1 }}', known)[0]).toContain('is not understood')
  expect(templateProblems('{{ town.name }', known)[0]).toContain('without its "}}"')
})

test('conditions are data, and every key of one must hold', () => {
  const facts: Facts = {
    context: contextAt(now, {
      departments: [department('geral', { takesCalls: true }), department('aguas', { open: false })],
    }),
    language: 'pt',
    department: 'geral',
    today: '2026-10-24',
    slots: { tipo: { value: 'luz' } },
  }
  const cases: [Parameters<typeof holds>[0], boolean][] = [
    [undefined, true],
    [{}, true],
    [{ hours: 'open' }, true],
    [{ hours: 'closed', department: 'aguas' }, true],
    [{ hours: 'open', department: 'nowhere' }, false],
    [{ calls: 'open' }, true],
    [{ calls: 'open', department: 'aguas' }, false],
    [{ channel: ['sms', 'webchat'] }, true],
    [{ channel: 'sms' }, false],
    [{ language: 'en' }, false],
    [{ citizen: 'new' }, true],
    [{ knows: 'nif' }, false],
    [{ knows: 'toString' }, false],
    [{ slot: { tipo: ['luz', 'agua'] } }, true],
    [{ slot: { outro: 'x' } }, false],
    [{ from: '2026-10-24', until: '2026-10-24' }, true],
    [{ from: '2026-10-25' }, false],
    [{ any: [{ channel: 'sms' }, { hours: 'open' }] }, true],
    [{ all: [{ channel: 'sms' }, { hours: 'open' }] }, false],
    [{ not: { channel: 'sms' } }, true],
    [{ hours: 'open', channel: 'sms' }, false],
  ]
  for (const [condition, expected] of cases) expect(holds(condition, facts), JSON.stringify(condition)).toBe(expected)
})
