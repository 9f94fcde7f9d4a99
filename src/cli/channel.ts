/** `balcao channel …`: what is configured, and whether the vendor answers. */

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { kinds } from '../channels/index.ts'
import type { Config, ConfiguredChannel } from '../config.ts'
import { type ChannelCheck, type Host, inBoth, type Said, whyOf } from '../core/channel.ts'
import { openLog } from '../log.ts'
import { readConfig } from './config-file.ts'

export function channelCommand(program: Command): void {
  const channel = program.command('channel').description('channels: list, kinds, test')
  channel.command('list')
    .description('the channels of gateway.yaml')
    .option('-c, --config <file>', 'the config file')
    .action(async (options: { config?: string }) => {
      const config = await readConfig(options.config)
      for (const { id, kind, enabled, department } of config?.channels ?? []) console.log([id, kind, department, enabled ? 'on' : 'off'].join('\t'))
    })
  channel.command('kinds')
    .description('what each kind of channel can carry')
    .option('--write <file>', 'write it to a file instead')
    .action(writeKinds)
  channel.command('test <name>')
    .description('ask the vendor whether token, webhook and account are right; sends nothing to anybody')
    .option('-c, --config <file>', 'the config file')
    .action(async (name: string, options: { config?: string }) => {
      const config = await readConfig(options.config, { thorough: true })
      if (!config) return
      const found = config.channels.find(({ id }) => id === name)
      const { withDatabase } = await import('./with-database.ts')
      const checks = found ? await withDatabase(config, (_, url) => testChannel(found, config, url))
        : [failed(name, `there is no channel "${name}"`, `the channels are ${config.channels.map(({ id }) => id).join(', ')}`)]
      for (const check of checks) printCheck(check)
      if (checks.some(({ ok }) => !ok)) process.exitCode = 1
    })
}

async function writeKinds({ write }: { write?: string }): Promise<void> {
  const { kindsPage } = await import('./kinds-page.ts')
  const page = await kindsPage(kinds)
  if (write) await writeFile(write, page)
  else process.stdout.write(page)
}

/** As the whole command line is. */
export const inEnglish = ({ name, ok, detail, fix }: ChannelCheck) =>
  ({ name: inBoth(name).en, ok, detail: inBoth(detail).en, ...(fix !== undefined && { fix: inBoth(fix).en }) })

export function printCheck(check: ChannelCheck): void {
  const { name, ok, detail, fix } = inEnglish(check)
  console.log(`${ok ? '✓' : '✗'} ${name}: ${detail}`)
  if (!ok && fix) console.log(`    ${fix}`)
}

export async function testChannel(channel: ConfiguredChannel, config: Config, databaseUrl: string): Promise<ChannelCheck[]> {
  const kind = await kinds[channel.kind]!()
  const { hold } = await import('../core/hold.ts')
  const patience = AbortSignal.timeout(3_000)
  let lock: Awaited<ReturnType<typeof hold>> | undefined
  try {
    lock = kind.exclusive(channel.config) ? await hold(databaseUrl, channel.id, patience) : undefined
  } catch {
    return [{ name: channel.id, ok: true, detail: 'a running gateway holds this channel; its state stands in the inbox under Canais' }]
  }
  try {
    const connection = await kind.connect(channel.config, await deafHost(channel, config))
    try {
      return await connection.check?.() ?? [{ name: channel.id, ok: true, detail: 'opens; this kind has nothing more to ask' }]
    } finally {
      await connection.close()
    }
  } catch (error) {
    return [failed(channel.id, whyOf(error), `see docs/channels/${channel.kind}.md`)]
  } finally {
    await lock?.release()
  }
}

/** Takes nothing in: what a vendor tries to deliver now is refused, so that it comes again to the gateway. */
async function deafHost(channel: ConfiguredChannel, config: Config): Promise<Host<unknown>> {
  const folder = join(config.data, 'channels', channel.id)
  await mkdir(folder, { recursive: true })
  const refuse = async (): Promise<never> => {
    throw new Error('only a test: the gateway itself takes messages')
  }
  return {
    channelId: channel.id,
    looksOnly: true,
    receive: refuse,
    receiveCorrupt: refuse,
    keep: refuse,
    open: refuse,
    urlOf: () => '',
    cursor: { load: async () => undefined, save: async () => undefined },
    report: () => undefined,
    publicUrl: `${config.server.publicUrl}/channels/${channel.id}`,
    folder,
    log: openLog({ level: 'silent' }),
    now: () => new Date(),
    random: Math.random,
    reader: { history: refuse, follow: () => () => undefined, shown: refuse },
  }
}

const failed = (name: string, detail: Said, fix: string): ChannelCheck => ({ name, ok: false, detail, fix })
