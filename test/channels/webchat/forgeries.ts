/** A visitor is a secret of 32 random bytes, and a page must be one that the town lets speak. docs/webchat-protocol.md */

import { webchatWith } from '../../../src/channels/webchat/index.ts'
import type { Call, Door } from '../forgery.ts'
import { startGateway } from '../host.ts'

const secret = 'Zm9yIHRoZSB0ZXN0cyBvZiB0aGUgd2ViIGNoYXQgMTI'

export async function webchat(): Promise<Door> {
  const gateway = await startGateway(webchatWith(() => undefined), { config: () => ({ origins: ['https://www.cm-exemplo.pt'] }) })
  const body = JSON.stringify({ id: '0198c7a0-0000-7000-8000-000000000001', text: 'a palavra secreta' })
  const by = (authorization: string | undefined, headers: Record<string, string> = {}): Call => ({
    path: '/messages',
    headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }), ...headers },
    body,
  })
  const right = `Bearer ${secret}`
  return {
    gateway,
    good: by(right),
    secretWords: 'palavra secreta',
    forgeries: [
      ['no token', by(undefined)],
      ['an empty one', by('')],
      ['cut by one', by(right.slice(0, -1))],
      ['one longer', by(`${right}a`)],
      ['another scheme', by(`Basic ${secret}`)],
      ['no scheme', by(secret)],
      ['twice', by(`${right}, ${right}`)],
      ['a letter that is none of the alphabet', by(right.replace(/.$/, '!'))],
      ['no random bytes at all', by(`Bearer ${'a'.repeat(43)}`)],
      ['in the query', { ...by(undefined), path: `/messages?token=${secret}` }],
      ['from a page of another town', by(right, { origin: 'https://www.cm-outra.pt' })],
      ['from the right page without its s', by(right, { origin: 'http://www.cm-exemplo.pt' })],
      ['from a page that only begins like it', by(right, { origin: 'https://www.cm-exemplo.pt.evil.example' })],
      ['from no page that can be named', by(right, { origin: 'null' })],
    ],
    close: () => gateway.close(),
  }
}
