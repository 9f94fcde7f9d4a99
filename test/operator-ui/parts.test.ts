import { expect, test } from 'vitest'
import { attributeKey } from '../../operator-ui/src/citizen/attribute-name.ts'
import { clientIdFor, draftName, nextDraft } from '../../operator-ui/src/client-id.ts'
import { looksSensitive, withCover } from '../../operator-ui/src/sensitive.ts'
import { distrustOf, senderNotes } from '../../operator-ui/src/conversation/distrust.ts'
import { threadRows } from '../../operator-ui/src/conversation/rows.ts'
import { belongs, readFilter, writeFilter } from '../../operator-ui/src/filter.ts'
import { patched } from '../../operator-ui/src/live/apply.ts'
import { parser } from '../../operator-ui/src/live/stream.ts'
import { clockFor } from '../../operator-ui/src/time.ts'
import { keyOf, withEarlier, withNewest } from '../../operator-ui/src/timeline.ts'
import { linkify } from '../../operator-ui/src/ui/linkify.ts'
import { en } from '../../operator-ui/src/words.en.ts'
import { pt } from '../../operator-ui/src/words.pt.ts'
import type { ConversationSummary, LiveEvent, Timeline, TimelineEntry } from '../../src/operator-api.types.ts'
import { messageOf, seedConversations } from './stand-in/seed.ts'

const now = Date.UTC(2026, 10, 23, 10)
const [first, second, third] = seedConversations({ seed: 1, conversations: 3, longMessages: 0, now }).map(({ summary }) => summary) as [ConversationSummary, ConversationSummary, ConversationSummary]
const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString()

test.each([
  ['Veja https://www.exemplo.pt/a(b).', ['https://www.exemplo.pt/a(b)']],
  ['(www.exemplo.pt)', ['https://www.exemplo.pt/']],
  ['Escreva a geral@exemplo.pt, por favor', ['mailto:geral@exemplo.pt']],
  ['Ligue 912 345 678 ou +351 276 300 000', ['tel:912345678', 'tel:+351276300000']],
  ['javascript:alert(1) data:text/html,x vbscript:x file:///etc/passwd', []],
  ['https://banco.pt@mau.example/', []],
  ['https://', []],
])('only what may be followed becomes a link: %s', (text, links) => {
  const parts = linkify(text)
  expect(parts.flatMap(({ href }) => href ?? [])).toEqual(links)
  expect(parts.map((part) => part.text).join('')).toBe(text)
})

test('an address that hides behind look-alike letters is marked', () => {
  expect(linkify('https://www.câmara.example/')[0]).toMatchObject({ suspicious: true, host: 'www.xn--cmara-3qa.example' })
})

test('NIF, IBAN, bank card and citizen card are noticed by their check digits; a phone number or a reference is not', () => {
  for (const text of ['NIF 123456789', '00000000 0ZZ4', 'PT50 0002 0123 1234 5678 9015 4', 'cartão 4111 1111 1111 1111']) expect(looksSensitive(text)).toBe(true)
  for (const text of ['912345678', 'VFM-2026-000123', '1284 m3', '123456780']) expect(looksSensitive(text)).toBe(false)
})

test.each([
  ['NIF 123 456 789, obrigada', 'NIF ••• ••• 789, obrigada'],
  ['o cartão é 00000000 0 ZZ4', 'o cartão é •••••••• • ZZ4'],
  ['IBAN PT50 0002 0123 1234 5678 9015 4.', 'IBAN •••• •••• •••• •••• •••• ••15 4.'],
  ['ligue 912345678, processo VFM-2026-000123, 123456780', 'ligue 912345678, processo VFM-2026-000123, 123456780'],
])('of a number that tells who somebody is, a list shows the end: %s', (text, shown) => {
  expect(withCover(text)).toBe(shown)
})

test.each([
  'o meu telefone é 213456788',
  'Tel. 253 345 677, à noite',
  'podem ligar para o 213 456 788?',
  'NIF ••• ••• 789, telef. 223456780',
  'telefone 213456788, NIF •••••• 789',
  'contacto: 303456787',
  'a landline: 213456788',
  '00351213456788',
  '+351 213 456 788',
])('a landline number that would do for a NIF stays as it is where words say so: %s', (shown) => {
  const written = shown.replace('••• ••• 789', '123 456 789').replace('•••••• 789', '123456 789')
  expect(withCover(written)).toBe(shown)
})

test.each([
  '213456788',
  'o meu é 213456788',
  'NIF 213456788',
  'telefone e NIF 213456788',
  'contribuinte 213456788, sem telefone',
  'NIF e telefone: 213456788 e 253345677',
  'tel. 213456788 (que é também o NIF)',
  'Não tenho telefone. O meu número é 213456788',
  'telefone: não tenho\n213456788',
  'ligue 123456789',
  'o número fiscal do telefone fixo é 213456788',
])('in doubt a number that would do for a NIF is covered: %s', (written) => {
  expect(withCover(written)).not.toContain('3456788')
  expect(withCover(written)).not.toContain('3345677')
  expect(withCover(written)).not.toContain('3456789')
})

test('the same words of one draft have one name in all tabs; of the next draft another', () => {
  const kept = new Map<string, string>()
  const names = { get: (key: string) => kept.get(key) ?? null, set: (key: string, value: string) => void kept.set(key, value) }
  const draft = draftName('7', names)
  expect(draftName('7', names)).toBe(draft)
  const sent = clientIdFor(draft, ['reply', 'Bom dia'])
  expect(sent).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(clientIdFor(draft, ['reply', 'Bom dia'])).toBe(sent)
  expect(clientIdFor(draft, ['reply', 'Bom dia!'])).not.toBe(sent)
  nextDraft('7', names)
  expect(clientIdFor(draftName('7', names), ['reply', 'Bom dia'])).not.toBe(sent)
})

test('a filter says the same after going through the URL, and what is not understood is left out', () => {
  const filter = { view: 'department', department: 'aguas', failed: true, q: 'água & luz' } as const
  expect(readFilter(writeFilter(filter))).toEqual(filter)
  expect(writeFilter({ q: 'x', tag: 'y', view: 'all' })).toBe(writeFilter({ view: 'all', tag: 'y', q: 'x' }))
  expect(readFilter('?view=nada&priority=máxima&failed=')).toEqual({ view: 'mine' })
})

test('who belongs to a view is what the gateway would say', () => {
  const mine = { ...first, state: 'assigned', operatorId: 'eu' } as const
  expect(belongs({ view: 'mine' }, mine, 'eu')).toBe(true)
  expect(belongs({ view: 'mine' }, mine, 'outra')).toBe(false)
  expect(belongs({ view: 'all', tag: 'x' }, { ...mine, tags: ['x'] }, 'eu')).toBe(true)
  expect(belongs({ view: 'all', q: 'água' }, mine, 'eu')).toBeUndefined()
})

test('a live change moves a row to its place, takes it out of a view that it has left, and leaves the others alone', () => {
  const rows = [first, second, third].map((row, index) => ({ ...row, state: 'assigned' as const, operatorId: 'eu', lastMessageAt: at(-index) }))
  const list = { pages: [{ rows, next: null }], pageParams: [null] }
  const newer = { ...rows[2]!, version: 9, lastMessageAt: at(5) }
  const moved = patched(list, 'view=mine', new Map([[newer.id, newer]]), new Set(), 'eu')
  expect(moved.pages[0]!.rows.map(({ id }) => id)).toEqual([third.id, first.id, second.id])
  const left = patched(list, 'view=mine', new Map([[newer.id, { ...newer, operatorId: 'outra' }]]), new Set([first.id]), 'eu')
  expect(left.pages[0]!.rows.map(({ id }) => id)).toEqual([second.id])
  expect(patched(list, 'view=mine', new Map([['99', { ...newer, id: '99', operatorId: 'outra' }]]), new Set(), 'eu')).toBe(list)
})

const part = (from: number, to: number, version: number, text = ''): Timeline => ({
  entries: Array.from({ length: to - from + 1 }, (_, index) => messageOf(first, from + index, now + (from + index) * 60_000, { text: text || `n.º ${from + index}` })),
  earlier: from > 1 ? String(from) : null, lastSeq: to, version,
})
const seqs = (entries: TimelineEntry[]) => entries.map((entry) => (entry.type === 'message' ? entry.seq : 0))

test('the newest part joins what was read before, without a hole and without a double', () => {
  const thread = withEarlier(withNewest(undefined, part(51, 100, 1)), '51', part(1, 50, 1))
  expect(seqs(thread.entries)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
  expect(thread.earlier).toBeNull()
  const joined = withNewest(thread, part(53, 102, 2))
  expect(seqs(joined.entries)).toEqual(Array.from({ length: 102 }, (_, index) => index + 1))
})

test('after a long gap the thread begins anew rather than with a hole', () => {
  const thread = withNewest(undefined, part(1, 50, 1))
  expect(seqs(withNewest(thread, part(151, 200, 9)).entries)[0]).toBe(151)
})

test('an older answer does not overwrite a newer one', () => {
  const thread = withNewest(undefined, part(51, 100, 5, 'novo'))
  expect(withNewest(thread, part(51, 100, 4, 'velho'))).toBe(thread)
})

test('an earlier stretch that changed is read again in its place', () => {
  const thread = withEarlier(withNewest(undefined, part(51, 100, 1)), '51', part(1, 50, 1))
  const later = withNewest(thread, part(51, 100, 2))
  const stale = later.stretches.find(({ before, version }) => before !== null && version < later.version)
  expect(stale?.ids).toHaveLength(50)
  const fresh = withEarlier(later, '51', part(1, 50, 2, 'editado'))
  expect(fresh.entries[0]).toMatchObject({ text: 'editado' })
  expect(fresh.entries).toHaveLength(100)
  expect(fresh.stretches.every(({ version }) => version === 2)).toBe(true)
})

test('events are read whole, however the line cuts them', () => {
  const heard: LiveEvent[] = []
  const take = parser((event) => heard.push(event))
  const text = ': \n\nid: 1\ndata: {"type":"hello","version":"1"}\n\nid: 2\r\ndata: {"type":"config","problems":["ç"]}\r\n\r\n'
  for (const letter of text) take(letter)
  expect(heard).toEqual([{ type: 'hello', version: '1' }, { type: 'config', problems: ['ç'] }])
})

test('days, unread messages and the assistant’s part are told from the entries alone', () => {
  const message = (seq: number, minutes: number, author: 'citizen' | 'bot' | 'operator') => messageOf(first, seq, now + minutes * 60_000, { author, direction: author === 'citizen' ? 'in' : 'out', text: `${seq}` })
  const entries: TimelineEntry[] = [
    message(1, -1500, 'citizen'), message(2, -1499, 'bot'), message(3, -1498, 'citizen'), message(4, -1497, 'bot'),
    { type: 'activity', id: '1', at: at(-1496), author: 'bot', operatorId: null, what: 'hand-off', data: {} },
    message(5, 0, 'operator'), message(6, 1, 'citizen'), message(7, 2, 'citizen'),
  ]
  const options = { dayKey: (iso: string) => iso.slice(0, 10), unreadAfter: 6, hasEarlier: false, isBotActive: false, opened: new Set<string>() }
  expect(threadRows(entries, options).map(({ type }) => type)).toEqual(['start', 'fold', 'day', 'activity', 'day', 'message', 'message', 'unread', 'message'])
  expect(threadRows(entries, { ...options, opened: new Set([keyOf(entries[0]!)]), unreadAfter: null }).map((row) => (row.type === 'message' ? row.isFollowing : row.type)))
    .toEqual(['start', 'fold', 'day', false, false, false, false, 'activity', 'day', false, false, true])
})

test('a day is the town’s day, in summer and in winter', () => {
  const clock = clockFor('pt-PT', 'Europe/Lisbon', pt.time)
  expect(clock.dayKey('2026-07-14T23:30:00Z')).toBe('2026-07-15')
  expect(clock.dayKey('2026-11-14T23:30:00Z')).toBe('2026-11-14')
})

test('what people call a fact becomes a name that the gateway takes', () => {
  expect(attributeKey('N.º de contador (água)')).toBe('n.o_de_contador_agua_')
  expect(attributeKey('Código')).toMatch(/^[\w.-]{1,60}$/)
})

test('no word is empty in either language, and both have the same ones', () => {
  const flat = (words: object, path = ''): [string, unknown][] => Object.entries(words).flatMap(([key, value]) => (value && typeof value === 'object' ? flat(value as object, `${path}${key}.`) : [[`${path}${key}`, value] as [string, unknown]]))
  const [inPt, inEn] = [flat(pt), flat(en)]
  expect(inEn.map(([key]) => key).sort()).toEqual(inPt.map(([key]) => key).sort())
  // No particle stands after a hand-off by a rule.
  for (const [key, value] of [...inPt, ...inEn]) if (key !== 'activity.handOff.rule') expect([key, value]).not.toEqual([key, ''])
})

test.each([
  [null, undefined],
  [{}, undefined],
  [{ sender: 'unverified' }, undefined],
  [{ spf: 'pass', dkim: 'pass', sender: 'verified' }, undefined],
  [{ spf: 'fail', dkim: 'pass', dmarc: 'pass', sender: 'verified' }, undefined],
  [{ dmarc: 'fail', sender: 'unverified' }, 'doubtful'],
  [{ spf: 'pass', dkim: 'fail' }, 'doubtful'],
  [{ spf: 'none', dkim: 'none', sender: 'unverified' }, 'unverified'],
  [{ spf: 'softfail', sender: 'unverified' }, 'unverified'],
  [{ spf: 'neutral' }, 'unverified'],
  [{ spf: 'pass', sender: 'unverified' }, 'unverified'],
])('what the mail server found, %o, is told as %s', (trust, told) => {
  expect(distrustOf(trust as Record<string, string> | null)).toBe(told)
})

test('an answer by somebody else, and one that is wanted elsewhere, are told beside what is found of the sender', () => {
  expect(senderNotes({ spf: 'none', sender: 'unverified', thread: 'another-sender', replyTo: 'casa@exemplo.pt' })).toEqual([
    { kind: 'unverified', detail: 'SPF: none' }, { kind: 'another', detail: '' }, { kind: 'elsewhere', detail: 'casa@exemplo.pt' },
  ])
  expect(senderNotes({ dmarc: 'pass', sender: 'verified' })).toEqual([])
})
