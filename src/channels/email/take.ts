/** One raw mail → parsed, its files kept, received. What cannot be read is kept as corrupt. Rejects when not stored. */

import type { Host } from '../../core/channel.ts'
import { kindOf } from './body.ts'
import type { Mail } from './mail.ts'
import { headOf, parse, type Arrival, type ParseSettings } from './parse.ts'
import { CorruptMail } from './structure.ts'

export interface Taker {
  take(raw: Buffer, arrival: Arrival): Promise<'received' | 'corrupt'>
}

export function taker(host: Host<Mail>, settings: ParseSettings, loop: { mails: number; minutes: number }): Taker {
  const recent = new Map<string, Map<string, number>>()

  /** Machines that do not say that they are machines are known by their speed. */
  const isLoop = (from: string, id: string, at: number): boolean => {
    const since = at - loop.minutes * 60_000
    const mails = new Map([...(recent.get(from) ?? [])].filter(([, time]) => time > since).slice(-loop.mails))
    mails.set(id, at)
    recent.delete(from)
    recent.set(from, mails)
    if (recent.size > 5_000) recent.delete(recent.keys().next().value ?? '')
    return mails.size > loop.mails
  }

  return {
    async take(raw, arrival) {
      let read: Awaited<ReturnType<typeof parse>>
      try {
        read = await parse(raw, settings, arrival)
      } catch (error) {
        // Whatever a mail does to the parser, it must not hold back those behind it.
        const problem =
          error instanceof CorruptMail
            ? error.message
            : `cannot be read: ${error instanceof Error ? error.name : 'unknown'}`
        await host.receiveCorrupt(headOf(raw), problem)
        return 'corrupt'
      }
      const { mail, files } = read
      const kept = await host.keep(raw, { name: 'mail.eml', mimeType: 'message/rfc822', maxBytes: settings.maxBytes })
      mail.raw = kept.source
      for (const [index, file] of files.entries()) {
        const attachment = mail.attachments[index]
        if (!attachment) continue
        const { source, bytes, mimeType } = await host.keep(file.bytes, {
          mimeType: file.mimeType,
          maxBytes: settings.maxBytes,
          ...(file.name !== undefined && { name: file.name }),
        })
        if (mail.html !== undefined) mail.html = mail.html.replaceAll(`src="${attachment.source}"`, `src="${source}"`)
        Object.assign(attachment, { source, bytes, mimeType, kind: kindOf(mimeType) })
      }
      const from = mail.from[0]?.address
      if (from !== undefined && isLoop(from, mail.id, (arrival.at ?? host.now()).getTime())) mail.automatic ??= 'loop'
      await host.receive(mail)
      return 'received'
    },
  }
}
