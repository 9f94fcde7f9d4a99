/** Both names of a person, asked of WhatsApp once. */

import type { Client } from './library.ts'
import { within } from './limits.ts'
import type { WebPayload } from './payload.ts'

export type Person = NonNullable<WebPayload['person']>

const most = 10_000

export function people(client: Client): (chat: string) => Promise<Person> {
  const known = new Map<string, Promise<Person>>()

  async function lookUp(chat: string): Promise<Person> {
    try {
      const [found] = (await within(5000, client.getContactLidAndPhone([chat]))) ?? []
      return { ...(found?.lid && { lid: found.lid }), ...(found?.pn && { phone: found.pn }) }
    } catch {
      // WhatsApp may not tell; the name that the message came with must do.
      return {}
    }
  }

  return async (chat) => {
    const asked = known.get(chat) ?? lookUp(chat)
    known.set(chat, asked)
    const person = await asked
    // Not known today is not unknown for ever.
    if (!person.lid || !person.phone) known.delete(chat)
    if (known.size > most) known.clear()
    return person
  }
}
