/** Reads config/gateway.yaml. Either all of it is right, or every problem is named and nothing is used. */

import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { checkChannels, type Kinds } from './config/channels.ts'
import { checkReferences } from './config/references.ts'
import { resolveSecrets } from './config/secrets.ts'
import { type Config, shape } from './config/shape.ts'
import { readDocument, type Problem } from './core/document.ts'
import { fitShape } from './core/fit-shape.ts'
import { Secret } from './core/secret.ts'

export type { Config, ConfiguredChannel, Department, HttpConnection, Video } from './config/shape.ts'

export interface ReadOptions {
  env?: Readonly<Record<string, string | undefined>>
  /** Check channels that are switched off as well. Loads their libraries, which takes seconds. */
  thorough?: boolean
}
export type Read = { config: Config; warnings: Problem[] } | { problems: Problem[] }

export async function loadConfig(file: string, kinds: Kinds, options: ReadOptions = {}): Promise<Read> {
  const env = options.env ?? process.env
  const path = resolve(file)
  const folder = dirname(path)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : `cannot be read: ${(error as Error).message}`
    return { problems: [{ file, line: 1, column: 1, path: '', message: reason, severity: 'error' }] }
  }
  const document = readDocument(text, file)
  const secrets = await resolveSecrets(document, { env, folder }, ([first, id]) => first === 'channels' && isOff(document.value, id))
  const withSecrets = { ...document, ...(document.value === undefined ? {} : { value: secrets.value }) }
  const fitted = fitShape(withSecrets, shape)
  // Cross-references and channels are looked at even when the shape is wrong: all problems at once.
  const channels = await checkChannels(withSecrets, kinds, options.thorough ?? false)
  const found = [
    ...fitted.problems, ...secrets.problems, ...channels.problems.filter(({ path }) => !secrets.absent.has(path)), ...checkReferences(withSecrets), ...checkEnvironment(env, file),
  ]
  const errors = found.filter((each) => each.severity === 'error')
  if (!fitted.value || errors.length > 0) return { problems: inOrder(found) }

  const { $schema: _, calendar, departments, defaultDepartment, channels: blocks, ...rest } = fitted.value
  const first = defaultDepartment ?? Object.keys(departments)[0]!
  const port = env.PORT ? Number(env.PORT) : rest.server.port
  return {
    warnings: inOrder(found),
    config: {
      ...rest,
      file: path,
      readFrom: [path, ...secrets.files],
      server: { ...rest.server, port, publicUrl: rest.server.publicUrl ?? `http://localhost:${port}` },
      database: env.DATABASE_URL ? { url: new Secret(env.DATABASE_URL) } : rest.database,
      data: env.BALCAO_DATA ? resolve(env.BALCAO_DATA) : resolve(folder, rest.data),
      calendarFile: resolve(folder, calendar),
      bot: { ...rest.bot, folder: resolve(folder, rest.bot.folder) },
      departments: Object.entries(departments).map(([id, department]) => ({ id, ...department })),
      defaultDepartment: first,
      channels: Object.entries(blocks).map(([id, { kind, enabled, label, department }]) => ({
        id, kind, enabled, label: label ?? { pt: id, en: id }, department: department ?? first, config: channels.configs.get(id),
      })),
    },
  }
}

function isOff(value: unknown, id: PropertyKey | undefined): boolean {
  const channels = (value as { channels?: Record<PropertyKey, { enabled?: unknown } | null> } | undefined)?.channels
  return id !== undefined && channels?.[id]?.enabled === false
}

function checkEnvironment(env: Readonly<Record<string, string | undefined>>, file: string): Problem[] {
  const { PORT } = env
  if (!PORT || (/^\d+$/.test(PORT) && Number(PORT) <= 65_535)) return []
  return [{ file, line: 1, column: 1, path: 'server.port', message: 'the environment variable PORT is no port number', severity: 'error' }]
}

const inOrder = (problems: Problem[]) => problems.toSorted((a, b) => a.line - b.line || a.column - b.column)
