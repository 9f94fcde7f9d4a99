/** A small gateway in memory for the channel's own tests: stores what it receives once, as the real one does. */

import { createHash } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pino } from 'pino'
import type { ChannelState, Host } from '../../../src/core/channel.ts'
import type { InboundEvent, MessageReceived } from '../../../src/core/model.ts'
import type { Mail } from '../../../src/channels/email/mail.ts'
import { normalise } from '../../../src/channels/email/normalise.ts'

export interface MemoryHost extends Host<Mail> {
  /** Every receive that was let through, doubles too. */
  received: Mail[]
  /** One per external id, in order of first arrival. */
  messages: MessageReceived[]
  events: InboundEvent[]
  corrupt: { raw: string; problem: string }[]
  files: Map<string, { bytes: Buffer; mimeType: string }>
  states: ChannelState[]
  saved: unknown
  /** Called before a mail is stored; throw to refuse it. */
  before: ((mail: Mail) => void | Promise<void>) | undefined
  /** Called after it is stored, before the channel hears of it. */
  after: ((mail: Mail) => void | Promise<void>) | undefined
}

export function memoryHost(earlier?: MemoryHost): MemoryHost {
  const known = new Set(earlier?.messages.map(({ externalId }) => externalId))
  const host: MemoryHost = {
    channelId: 'email-geral',
    received: earlier?.received ?? [],
    messages: earlier?.messages ?? [],
    events: earlier?.events ?? [],
    corrupt: earlier?.corrupt ?? [],
    files: earlier?.files ?? new Map(),
    states: [],
    saved: earlier?.saved,
    before: undefined,
    after: undefined,
    async receive(mail) {
      // As it is stored: JSON.
      const stored = JSON.parse(JSON.stringify(mail)) as Mail
      await host.before?.(stored)
      host.received.push(stored)
      for (const event of normalise(stored, host.now())) {
        host.events.push(event)
        if (event.type !== 'message.received' || known.has(event.externalId)) continue
        known.add(event.externalId)
        host.messages.push(event)
      }
      await host.after?.(stored)
    },
    async receiveCorrupt(raw, problem) {
      host.corrupt.push({ raw, problem })
    },
    async keep(given, hint) {
      const bytes = given instanceof Readable ? Buffer.concat((await given.toArray()) as Buffer[]) : given
      const source = `file:${createHash('sha256').update(bytes).digest('hex')}` as const
      const mimeType = hint.mimeType ?? 'application/octet-stream'
      host.files.set(source, { bytes, mimeType })
      return { source, bytes: bytes.length, mimeType }
    },
    async open(source) {
      const file = host.files.get(source)
      if (!file) throw new Error('no such file')
      return file
    },
    urlOf: ({ source }) => `https://balcao.example/files/${source}`,
    cursor: {
      load: async () => host.saved,
      save: async (value) => {
        host.saved = JSON.parse(JSON.stringify(value))
      },
    },
    report: (state) => {
      host.states.push(state)
    },
    publicUrl: 'https://balcao.example/channels/email-geral',
    folder: mkdtempSync(join(tmpdir(), 'balcao-mail-')),
    log: pino({ level: 'silent' }),
    now: () => new Date(),
    random: () => 0.5,
    get reader(): never {
      throw new Error('a mailbox reads nothing from our store')
    },
  }
  return host
}

/** Polls until it holds, or says what was waited for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 15_000): Promise<void> {
  const deadline = Date.now() + ms
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
