/** The shape of config/gateway.yaml. What each key means is said here once: editors show it, and the checker knows it. */

import { z } from 'zod'
import type { ChannelId, DepartmentId } from '../core/model.ts'
import { secret } from '../core/secret.ts'
import { duration, id, size, text, words } from './values.ts'

const language = z.enum(['pt', 'en', 'es', 'fr'])

const municipality = z.strictObject({
  name: text.describe('As citizens read it, e.g. Município de Vila Nova.'),
  referencePrefix: z.string().regex(/^[A-Z]{2,6}$/, 'expected 2 to 6 capital letters').default('BAL').describe('Begins the public reference of a conversation: BAL-2026-000123.'),
  timezone: z.string().refine(isTimezone, 'unknown time zone; for example Europe/Lisbon or Atlantic/Azores').default('Europe/Lisbon'),
  language: language.default('pt').describe('Spoken first, until the citizen chooses another.'),
  languages: z.array(language).min(1).default(['pt', 'en']),
  contact: z.strictObject({
    phone: text.optional(),
    email: z.email().optional(),
    address: text.optional(),
  }).prefault({}),
  privacy: z.strictObject({
    dpo: text.optional().describe('How to reach the data protection officer.'),
    noticeUrl: z.url().optional(),
    noticeVersion: text.default('1').describe('Recorded with each first message; change it with the text of the notice.'),
  }).prefault({}),
})

const server = z.strictObject({
  publicUrl: z.url({ protocol: /^https?$/ }).transform(withoutSlash).optional().describe('How citizens, operators and vendors reach this gateway; http://localhost:<port> when left out.'),
  listen: text.default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for all.'),
  port: z.int().min(0).max(65_535).default(8080).describe('PORT in the environment wins.'),
  trustProxy: z.union([z.boolean(), z.int().min(0), text]).default(false).describe('How many proxies stand in front, or their addresses; decides whose address is believed.'),
})

const department = z.strictObject({
  name: words,
  calendar: id.optional().describe('The hours in calendar.yaml that it keeps; its own id when left out.'),
  assign: z.enum(['manual', 'round-robin', 'least-loaded']).default('manual'),
  capacity: z.int().min(1).max(500).default(8).describe('Open conversations an operator gets at most without asking for more.'),
  unattendedAfter: duration.prefault('30m').describe('What waits longer than this is shown to everyone who can help.'),
  sla: z.strictObject({
    firstResponse: duration.optional(),
    resolution: duration.optional(),
    warnBefore: duration.prefault('5m'),
  }).optional().describe('Targets, counted in open hours.'),
})

/** What every channel has; the rest of its block belongs to its kind. */
export const channelKeys = {
  kind: text,
  enabled: z.boolean().default(true),
  label: words.optional().describe('As operators see it; the id when left out.'),
  department: id.optional().describe('Whose citizens write here.'),
}

const connection = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }).transform(withoutSlash),
  auth: z.union([
    z.strictObject({ bearer: secret }),
    z.strictObject({ user: text, password: secret }),
    z.strictObject({ header: text, value: secret }),
  ]).optional(),
  timeout: duration.prefault('5s'),
  maxAnswer: size.prefault('64kB'),
  allowPrivate: z.boolean().default(false).describe('May it be a machine of the town’s own network?'),
})

const callKeys = {
  tokenLife: duration.prefault('2h'),
  ringFor: duration.prefault('30s').describe('How long one operator is rung before the next.'),
  noShow: duration.prefault('5m'),
  roomPrefix: z.string().regex(/^[a-z0-9-]{0,30}$/, 'expected small letters, digits and hyphens').default('balcao-'),
  lobby: z.boolean().default(false),
  recording: z.boolean().default(false),
  reservationToken: secret.optional().describe('What Jitsi shows when it asks /jitsi/conference whether a room is ours.'),
}
const video = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('self-hosted'), baseUrl: z.url().transform(withoutSlash), appId: text, secret, ...callKeys }),
  z.strictObject({ mode: z.literal('jaas'), baseUrl: z.url().transform(withoutSlash).default('https://8x8.vc'), appId: text, keyId: text, privateKey: secret, ...callKeys }),
  z.strictObject({ mode: z.literal('public'), baseUrl: z.url().transform(withoutSlash).default('https://meet.jit.si'), ...callKeys }),
])

const link = z.strictObject({
  label: words,
  url: z.url({ protocol: /^https?$/ }),
  kind: z.enum(['form', 'appointment', 'page']).default('page'),
  topic: text.optional(),
})

const retention = z.strictObject({
  messages: duration.prefault('24mo').describe('Counted from when the conversation was closed; then all of it is deleted but its figures.'),
  attachments: duration.prefault('12mo').describe('Counted from the message that brought them.'),
  payloads: duration.prefault('30d').describe('What vendors sent, word for word, for replay.'),
  audit: duration.prefault('60mo'),
})

const limits = z.strictObject({
  upload: size.prefault('20MB'),
  undo: duration.prefault('5s').describe('How long a sent reply can be taken back.'),
  closeAfter: duration.prefault('7d').describe('Silence after which an answered conversation is closed.'),
})

/** Everything but the channels' own keys, whose shapes come with the kinds. */
export const shape = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1, 'expected 1: the version of this file’s shape'),
  municipality,
  server: server.prefault({}),
  database: z.strictObject({
    url: secret.optional().describe('A PostgreSQL server; one of our own in the data folder when left out. DATABASE_URL in the environment wins.'),
  }).prefault({}),
  data: text.default('../data').describe('Folder for all that is kept, seen from this file. BALCAO_DATA in the environment wins.'),
  calendar: text.default('./calendar.yaml').describe('Open hours and holidays, seen from this file.'),
  bot: z.strictObject({
    enabled: z.boolean().default(true),
    folder: text.default('./bot').describe('The rulebook, seen from this file.'),
  }).prefault({}),
  departments: z.record(id, department).refine((all) => Object.keys(all).length > 0, 'at least one department is needed'),
  defaultDepartment: id.optional().describe('Who gets what belongs to nobody else; the first when left out.'),
  channels: z.record(id, z.looseObject(channelKeys)),
  connections: z.record(id, connection).default({}),
  video: video.optional(),
  links: z.record(id, link).default({}),
  retention: retention.prefault({}),
  limits: limits.prefault({}),
})

export type Shape = z.infer<typeof shape>
export type Department = Shape['departments'][string] & { id: DepartmentId }
export type HttpConnection = Shape['connections'][string]
export type Video = z.infer<typeof video>

export interface ConfiguredChannel {
  id: ChannelId
  kind: string
  enabled: boolean
  label: { pt: string; en: string }
  department: DepartmentId
  /** In the shape of its kind. */
  config: unknown
}

/** The file as the gateway uses it: everything resolved, nothing optional that has a default, paths absolute. */
export type Config = Omit<Shape, '$schema' | 'server' | 'departments' | 'defaultDepartment' | 'channels' | 'calendar'> & {
  server: Shape['server'] & { publicUrl: string }
  /** In the order of the file. */
  departments: Department[]
  defaultDepartment: DepartmentId
  channels: ConfiguredChannel[]
  calendarFile: string
  /** The file itself. */
  file: string
  /** The file, and those that its secrets stand in. */
  readFrom: string[]
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat
  } catch {
    return false
  }
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
