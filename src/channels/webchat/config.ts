/** The shape of a web chat's block in config/gateway.yaml. */

import { z } from 'zod'

const text = z.string().trim().min(1)
const language = z.enum(['pt', 'en', 'es', 'fr'])

/** What a citizen sends to a town hall: pictures, papers, a recording. Nothing that a browser would run. */
export const usualTypes = [
  'image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/heic', 'application/pdf', 'text/plain',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.oasis.opendocument.text', 'application/vnd.oasis.opendocument.spreadsheet',
  'audio/mpeg', 'audio/ogg', 'audio/mp4', 'audio/x-m4a', 'video/mp4', 'video/quicktime', 'video/webm',
]
const never = /html|svg|xml$|javascript|ecmascript|x-sh|x-msdownload/

export const config = z.strictObject({
  origins: z.array(z.string().regex(/^https?:\/\/(\*\.)?[a-z0-9.-]+(:\d{1,5})?$/, 'expected scheme and host alone, like https://www.cm-exemplo.pt or https://*.cm-exemplo.pt'))
    .default([]).describe('Pages that may show this chat. The gateway’s own pages always may.'),
  title: text.max(60).default('Fale connosco').describe('Stands at the top of the chat.'),
  colour: z.string().regex(/^#[0-9a-fA-F]{6}$/, 'expected six hex digits, like "#1d5c4d"').default('#1f5673').describe('The town’s colour; what is written on it is made readable.'),
  greeting: z.strictObject({ pt: text.max(500).optional(), en: text.max(500).optional(), es: text.max(500).optional(), fr: text.max(500).optional() })
    .prefault({}).describe('The first words, before the citizen writes.'),
  privacy: z.strictObject({
    url: z.url({ protocol: /^https?$/ }),
    version: z.coerce.string().regex(/^[\w.-]{1,40}$/, 'expected a short name such as 2026-01'),
  }).optional().describe('The notice that is linked beside the composer; its version is recorded with each message.'),
  uploads: z.strictObject({
    maxMB: z.number().min(1).max(100).default(20),
    types: z.array(z.string().regex(/^[a-z]+\/[a-z0-9.+-]+$/, 'expected a media type, like image/jpeg').refine((type) => !never.test(type), 'this type could run in a browser and is never taken'))
      .default(usualTypes),
  }).or(z.literal(false)).prefault({}).describe('Files from citizens; false takes none.'),
  languages: z.array(language).min(1).default(['pt', 'en', 'es', 'fr']).describe('Of the chat itself; the first one when the page speaks none of them.'),
  position: z.enum(['left', 'right']).default('right'),
  contacts: z.strictObject({ phone: text.optional(), email: z.email().optional(), address: text.optional(), hours: text.optional() })
    .prefault({}).describe('Shown where the chat cannot run.'),
  limits: z.strictObject({
    perVisitor: z.int().min(1).default(30).describe('Messages a minute.'),
    perAddress: z.int().min(1).default(300).describe('Messages a minute from one internet address: a library, a school.'),
    newVisitorsPerAddress: z.int().min(1).default(60).describe('First messages a minute from one internet address.'),
    streamsPerVisitor: z.int().min(1).default(12),
    streamsPerAddress: z.int().min(1).default(300),
  }).prefault({}),
})
export type WebchatConfig = z.infer<typeof config>

export const maxText = 10_000
export const maxFiles = 10
export const maxUploadBytes = ({ uploads }: WebchatConfig): number => (uploads ? Math.round(uploads.maxMB * 1_000_000) : 0)
