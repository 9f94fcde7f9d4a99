/** Where the command line finds the config, and what it says when the config is wrong. */

import { existsSync } from 'node:fs'
import { kinds } from '../channels/index.ts'
import { loadConfig, type Config, type ReadOptions } from '../config.ts'
import { formatProblem } from '../core/document.ts'

const standard = 'config/gateway.yaml'

export function configFile(given: string | undefined): string {
  return given ?? process.env.BALCAO_CONFIG ?? standard
}

/** undefined: every problem has been printed, and the command ends with 1. */
export async function readConfig(given: string | undefined, options: ReadOptions = {}): Promise<Config | undefined> {
  const file = configFile(given)
  const read = await loadConfig(file, kinds, options)
  if ('config' in read) {
    for (const warning of read.warnings) console.error(formatProblem(warning))
    return read.config
  }
  for (const problem of read.problems) console.error(formatProblem(problem))
  if (!given && !existsSync(file)) console.error('Run this in the folder that holds config/, or name the file: --config FILE')
  process.exitCode = 1
  return undefined
}
