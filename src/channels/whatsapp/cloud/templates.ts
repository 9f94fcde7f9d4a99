/**
 * The messages that Meta has approved for this account.
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/overview
 */

import type { ApprovedTemplate } from '../../../core/channel.ts'
import type { CloudConfig } from '../config.ts'
import { fields, type Fields, list, word } from '../../fields.ts'
import type { Graph } from './graph.ts'

const pages = 20

export async function approvedTemplates(config: CloudConfig, graph: Graph): Promise<ApprovedTemplate[]> {
  if (!config.wabaId) return []
  const found: ApprovedTemplate[] = []
  let after: string | undefined
  for (let page = 0; page < pages; page++) {
    const query = new URLSearchParams({
      limit: '100',
      status: 'APPROVED',
      fields: 'name,language,status,category,components,parameter_format',
    })
    if (after) query.set('after', after)
    const answer = fields(await graph.call('GET', `${config.wabaId}/message_templates?${query}`))
    found.push(
      ...list(answer?.data)
        .map(usable)
        .filter((one) => one !== undefined),
    )
    const paging = fields(answer?.paging)
    after = paging?.next ? word(fields(paging.cursors)?.after) : undefined
    if (!after) break
  }
  return config.templates ? found.filter(({ name }) => config.templates?.includes(name)) : found
}

/** Those whose only blanks are numbered ones in the body: an operator fills them in without knowing Meta's forms. */
function usable(template: Fields): ApprovedTemplate | undefined {
  const name = word(template.name)
  const language = word(template.language)
  if (!name || !language || template.status !== 'APPROVED' || template.parameter_format === 'NAMED') return undefined
  const components = list(template.components)
  const part = (type: string): Fields | undefined => components.find((one) => one.type === type)
  const body = word(part('BODY')?.text)
  const header = part('HEADER')
  if (!body || (header && (header.format !== 'TEXT' || blanks(word(header.text)) > 0))) return undefined
  if (list(part('BUTTONS')?.buttons).some((button) => blanks(word(button.url)) > 0)) return undefined
  const category = word(template.category)
  return {
    name,
    language,
    text: [word(header?.text), body, word(part('FOOTER')?.text)].filter(Boolean).join('\n\n'),
    parameters: blanks(body),
    ...(category && { category }),
  }
}

const blanks = (text = ''): number => new Set(text.match(/\{\{\d+\}\}/g)).size
