/** Twilio signs the public address and every field. https://www.twilio.com/docs/usage/security */

import { sms as kind } from '../../../src/channels/sms/index.ts'
import { Secret } from '../../../src/core/secret.ts'
import { signatureOf } from '../../vendors/twilio-webhooks.ts'
import type { Call, Door } from '../forgery.ts'
import { startGateway } from '../host.ts'

const authToken = 'the-auth-token-0123456789abcdef'
const accountSid = `AC${'0'.repeat(32)}`

export async function sms(): Promise<Door> {
  const gateway = await startGateway(kind, {
    config: () => ({ accountSid, authToken: new Secret(authToken), from: '+351910000001', baseUrl: 'http://127.0.0.1:1', registerWebhook: false }),
  })
  type Form = Record<string, string>
  const form: Form = { AccountSid: accountSid, MessageSid: 'SM01', From: '+351912345678', To: '+351910000001', Body: 'a palavra secreta', NumMedia: '0' }
  const receipt: Form = { ...form, MessageStatus: 'delivered' }
  const sign = (fields: Form, path = '', token = authToken) => signatureOf(token, gateway.host.publicUrl + path, fields)
  const call = (fields: Form, signature: string | undefined, path = ''): Call => ({
    path,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...(signature !== undefined && { 'x-twilio-signature': signature }) },
    body: new URLSearchParams(fields).toString(),
  })
  const right = sign(form)
  const other = { ...form, AccountSid: `AC${'9'.repeat(32)}` }
  const { NumMedia: _, ...less } = form
  return {
    gateway,
    good: call(form, right),
    secretWords: 'palavra secreta',
    forgeries: [
      ['no signature', call(form, undefined)],
      ['an empty one', call(form, '')],
      ['one letter other', call(form, right.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A')))],
      ['cut', call(form, right.slice(0, -2))],
      ['by another account’s token', call(form, sign(form, '', 'another-token'))],
      ['for another account', call(other, sign(other))],
      ['the body changed', call({ ...form, Body: 'outra palavra secreta' }, right)],
      ['the sender changed', call({ ...form, From: '+351910000002' }, right)],
      ['a field more', call({ ...form, OptOutType: 'STOP' }, right)],
      ['a field less', call(less, right)],
      ['for another path', call(form, right, '/status?key=x')],
      ['a query more', call(form, right, '?a=1')],
      ['twice in one header', call(form, `${right}, ${right}`)],
      ['another receipt’s key', call(receipt, sign(receipt, '/status?key=one'), '/status?key=two')],
    ],
    close: () => gateway.close(),
  }
}
