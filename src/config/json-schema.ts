/** The JSON Schema that editors read, from the same shapes that the checker uses. */

import { z } from 'zod'
import { secret } from '../core/secret.ts'
import type { Kinds } from './channels.ts'
import { channelKeys, shape } from './shape.ts'

type Schema = Record<string, unknown>

const draft = 'https://json-schema.org/draft/2020-12/schema'

const secretReference: Schema = {
  description: 'Never the secret itself: where it is found.',
  oneOf: [
    { type: 'object', properties: { env: { type: 'string', description: 'Name of an environment variable.' } }, required: ['env'], additionalProperties: false },
    { type: 'object', properties: { file: { type: 'string', description: 'Path of a file, seen from this one.' } }, required: ['file'], additionalProperties: false },
  ],
}

/** JSON text, ready to be written to a file. */
export async function jsonSchema(kinds: Kinds): Promise<string> {
  const shared = schemaOf(z.object(channelKeys))
  const blocks = await Promise.all(Object.entries(kinds).map(async ([name, load]) => {
    const { config } = await load()
    return withShared(schemaOf(config), shared, name)
  }))
  const whole = schemaOf(shape)
  const properties = whole.properties as Record<string, Schema>
  properties.channels = { ...properties.channels, additionalProperties: { oneOf: blocks } }
  return `${JSON.stringify({ $schema: draft, title: 'Balcão: config/gateway.yaml', ...whole }, null, 2)}\n`
}

function schemaOf(type: z.ZodType): Schema {
  const schema = z.toJSONSchema(type, {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
    override: ({ zodSchema, jsonSchema: written }) => {
      if (zodSchema === (secret as unknown)) Object.assign(written, secretReference)
    },
  }) as Schema
  return inlined(schema, (schema.$defs ?? {}) as Record<string, Schema>) as Schema
}

/** Schemas of several kinds are put into one file: each carries its own definitions where they are used. */
function inlined(part: unknown, definitions: Record<string, Schema>): unknown {
  if (Array.isArray(part)) return part.map((each) => inlined(each, definitions))
  if (typeof part !== 'object' || part === null) return part
  const { $ref, $schema: _, ...rest } = part as Schema
  const name = typeof $ref === 'string' ? $ref.replace('#/$defs/', '') : undefined
  const found = name === undefined ? {} : definitions[name] ?? {}
  return Object.fromEntries(Object.entries({ ...found, ...rest })
    .filter(([key, value]) => key !== '$defs' && !(key === 'id' && typeof value === 'string'))
    .map(([key, value]) => [key, inlined(value, definitions)]))
}

/** The keys that all kinds share, into each form that the kind's own block may have. */
function withShared(own: Schema, shared: Schema, kind: string): Schema {
  for (const choice of ['oneOf', 'anyOf', 'allOf'] as const) {
    if (Array.isArray(own[choice])) return { ...own, [choice]: own[choice].map((each) => withShared(each as Schema, shared, kind)) }
  }
  return {
    ...own,
    properties: { ...(shared.properties as Schema), kind: { const: kind }, ...(own.properties as Schema | undefined) },
    required: ['kind', ...((own.required as string[] | undefined) ?? [])],
  }
}
