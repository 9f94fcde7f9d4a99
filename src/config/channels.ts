/** Each channel's block against the shape of its kind. */

import type { AnyChannelKind } from '../core/channel.ts'
import { partOf, type Problem, type YamlDocument } from '../core/document.ts'
import { fitShape } from '../core/fit-shape.ts'
import { nearest } from '../core/nearest.ts'
import { channelKeys } from './shape.ts'

/** The kinds that exist, each loaded when asked for: their libraries are heavy. */
export type Kinds = Readonly<Record<string, () => Promise<AnyChannelKind>>>

export interface CheckedChannels { configs: Map<string, unknown>; problems: Problem[] }

export async function checkChannels(document: YamlDocument, kinds: Kinds, thorough: boolean): Promise<CheckedChannels> {
  const configs = new Map<string, unknown>()
  const blocks = (document.value as { channels?: unknown } | undefined)?.channels
  if (!isRecord(blocks)) return { configs, problems: [] }
  const problems = await Promise.all(Object.entries(blocks).map(async ([id, block]): Promise<Problem[]> => {
    // What is no block at all is said by the shape of the whole file.
    if (!isRecord(block) || typeof block.kind !== 'string') return []
    const load = kinds[block.kind]
    if (!load) {
      const near = nearest(block.kind, Object.keys(kinds))
      return [document.problem(['channels', id, 'kind'],
        `unknown kind of channel${near ? `: did you mean "${near}"?` : `; one of ${Object.keys(kinds).join(', ')}`}`)]
    }
    if (block.enabled === false && !thorough) return []
    const own = Object.fromEntries(Object.entries(block).filter(([key]) => !(key in channelKeys)))
    let kind: AnyChannelKind
    try {
      kind = await load()
    } catch (error) {
      return [document.problem(['channels', id, 'kind'], `this kind cannot be loaded: ${(error as Error).message}`)]
    }
    const fitted = fitShape(partOf(document, ['channels', id], own), kind.config)
    configs.set(id, fitted.value)
    return fitted.problems.map((each) => withSharedKeys(each, block.kind as string))
  }))
  return { configs, problems: problems.flat() }
}

/** `enabeld` is nearest to a key that all kinds share, of which the kind's own shape knows nothing. */
function withSharedKeys(problem: Problem, kind: string): Problem {
  const unknown = /^unknown key "([^"]+)"$/.exec(problem.message)?.[1]
  const near = unknown && nearest(unknown, Object.keys(channelKeys))
  if (near) return { ...problem, message: `${problem.message}: did you mean "${near}"?` }
  return unknown ? { ...problem, message: `${problem.message} for a channel of kind ${kind}` } : problem
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
