/** What a citizen is called on the page: by name, by an address that people know, or by a number in the reader's language. */

import { withoutControls } from '../ui/linkify.ts'
import type { Words } from '../words.ts'

export const called = ({ id, name, label }: { id: string; name?: string | null; label: string | null }, words: Words): string =>
  withoutControls(name ?? label ?? words.citizen.numbered(id))
