/** At least 25 recorded payloads a channel, and one of everything that its citizens can send. */

import { expect, test } from 'vitest'
import { found } from './categories.ts'
import { casesOf, loaded } from './recorded.ts'

/** What a channel does not have, and why. */
const cannot: Record<string, Record<string, string[]>> = {
  webchat: {
    'the page is ours, and sends no more than words, files and choices': ['reply-to', 'location', 'edit', 'delete', 'reaction', 'system message', 'group', 'unknown type'],
    'what was shown is told to the reader, past normalise': ['status', 'failed status'],
  },
  telegram: {
    'not told to bots': ['delete', 'status', 'failed status'],
  },
  email: {
    'a mail has words and files': ['button or list pressed', 'location', 'contact', 'edit', 'delete', 'reaction', 'unknown type'],
    'a list is the work of a machine: kept, and not answered': ['group'],
    'every mail is something': ['nothing'],
  },
  sms: {
    'an SMS has words, an MMS files; a card is a file': ['contact', 'edit', 'delete', 'reaction', 'unknown type'],
    'Twilio tells of messages to this number and of ours': ['system message', 'group'],
  },
  teams: {
    'a card of a kind that we cannot show yet': ['location', 'contact'],
    'told as the answer to the request': ['failed status'],
  },
  file: {
    'the lines are ours': ['system message', 'group'],
  },
}

test.each(loaded)('%s: 25 recorded payloads or more', (name) => {
  expect(casesOf(name).length).toBeGreaterThanOrEqual(25)
})

test.each(loaded)('%s: one of everything that there is on this channel', (name) => {
  const missing = Object.entries(found(casesOf(name))).flatMap(([category, names]) => (names.length === 0 ? [category] : []))
  expect(missing.sort()).toEqual(Object.values(cannot[name] ?? {}).flat().sort())
})
