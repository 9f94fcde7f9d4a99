/** A mailbox in a process of its own, so that its memory can be measured: run by hostile.test.ts. Says what it makes of each mail. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { MessageReceived } from '../../../src/core/model.ts'
import { openFiles } from '../../../src/core/files.ts'
import type { Mail } from '../../../src/channels/email/mail.ts'
import { normalise } from '../../../src/channels/email/normalise.ts'
import type { MailWorld } from '../../vendors/mail.ts'
import { memoryHost, until } from './host.ts'
import { open } from './setting.ts'

/** `peak`: megabytes that the process held at most, beyond what it held when it was connected. */
export type Told = { received: MessageReceived; problem?: undefined; peak: number } | { received?: undefined; problem: string; head: string; peak: number }

const { world, more } = JSON.parse(process.env.SETUP ?? '{}') as { world: MailWorld; more: object }
const folder = mkdtempSync(join(tmpdir(), 'balcao-hostile-'))
const host = memoryHost()
const held = (): number => process.resourceUsage().maxRSS / 1024
let before = 0
const tell = (told: object): void => console.log(JSON.stringify({ ...told, peak: held() - before }))

// As the gateway keeps files: on disk.
host.keep = openFiles(folder).keep
host.receive = async (mail) => {
  for (const event of normalise(JSON.parse(JSON.stringify(mail)) as Mail, host.now())) tell({ received: event })
}
host.receiveCorrupt = async (head, problem) => tell({ problem, head })

const box = await open(world, host, { loop: { mails: 1_000, minutes: 10 }, ...more })
await until('connected', () => host.states.some(({ status }) => status === 'connected'))
before = held()
console.log(JSON.stringify({ peak: 0 }))
createInterface({ input: process.stdin }).once('close', () => {
  void box.close().then(() => {
    rmSync(folder, { recursive: true })
    process.exit()
  })
})
