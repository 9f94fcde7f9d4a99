/** Content → one line of out.jsonl, all but its key and the addresses of its files. */

import type { Address, Content, Route } from '../../core/model.ts'
import { id } from './normalise.ts'

export interface FileRequest extends Pick<Content, 'text' | 'choices' | 'attachments' | 'location'> {
  to: string
}

export function render({ text, choices, attachments, location }: Content, route: Route): FileRequest {
  return {
    to: id(route.to) ?? '',
    text,
    ...(choices && { choices }),
    ...(attachments && { attachments }),
    ...(location && { location }),
  }
}

export function routeTo(address: string): { address: Address; route: Route } | undefined {
  const to = id(address)
  return to === undefined ? undefined : { address: to, route: { to } }
}
