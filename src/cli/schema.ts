/** `balcao schema`: what editors need to help with gateway.yaml while it is being written. */

import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { kinds } from '../channels/index.ts'
import { jsonSchema } from '../config/json-schema.ts'

export function schemaCommand(program: Command): void {
  program.command('schema')
    .description('print the JSON Schema of gateway.yaml')
    .option('--write <file>', 'write it to a file instead')
    .action(async ({ write }: { write?: string }) => {
      const text = await jsonSchema(kinds)
      if (write) await writeFile(write, text)
      else process.stdout.write(text)
    })
}
