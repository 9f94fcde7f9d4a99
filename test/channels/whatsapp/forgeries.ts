/** Meta signs the raw bytes. https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads */

import { createHmac } from 'node:crypto'
import { whatsapp as kind } from '../../../src/channels/whatsapp/index.ts'
import { Secret } from '../../../src/core/secret.ts'
import { escaped, sign } from '../../vendors/whatsapp-cloud-webhooks.ts'
import type { Call, Door } from '../forgery.ts'
import { startGateway } from '../host.ts'

const appSecret = 'the-app-secret'
const phoneNumberId = '106540352242922'

export async function whatsapp(): Promise<Door> {
  const gateway = await startGateway(kind, {
    config: () => ({
      phoneNumberId, accessToken: new Secret('t'), appSecret: new Secret(appSecret), verifyToken: new Secret('the-verify-token'),
      graphBaseUrl: 'http://127.0.0.1:1', registerWebhook: false,
    }),
  })
  const message = { from: '351912345678', id: 'wamid.1', timestamp: '1749416383', type: 'text', text: { body: 'Olá, a palavra secreta' } }
  const value = { metadata: { phone_number_id: phoneNumberId }, messages: [message] }
  const body = escaped({ object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field: 'messages', value }] }] })
  const good = sign(body, appSecret)
  const call = (bytes: Buffer, signature: string | undefined, more: Partial<Call> = {}): Call => ({
    headers: signature === undefined ? {} : { 'x-hub-signature-256': signature },
    body: bytes,
    ...more,
  })
  return {
    gateway,
    good: call(body, good),
    secretWords: 'palavra secreta',
    forgeries: [
      ['without a signature', call(body, undefined)],
      ['with an empty signature', call(body, '')],
      ['signed with another secret', call(body, sign(body, 'the-verify-token'))],
      ['with one byte of the body changed', call(Buffer.from(body.toString().replace('Ol', 'ol')), good)],
      ['with a byte added', call(Buffer.concat([body, Buffer.from(' ')]), good)],
      ['with the body cut short', call(body.subarray(0, -1), good)],
      ['re-written as other JSON of the same meaning', call(Buffer.from(JSON.stringify(JSON.parse(body.toString()))), good)],
      ['with the last digit of the signature changed', call(body, good.slice(0, -1) + (good.endsWith('0') ? '1' : '0'))],
      ['with the signature cut short', call(body, good.slice(0, -2))],
      ['with the name of the hash left out', call(body, good.slice('sha256='.length))],
      ['with the older SHA-1 signature', call(body, `sha1=${createHmac('sha1', appSecret).update(body).digest('hex')}`)],
      ['with two signatures', call(body, `${good}, ${good}`)],
      ['with the signature of an empty body', call(Buffer.alloc(0), good)],
      ['with the signature under an older name', call(body, undefined, { headers: { 'x-hub-signature': good } })],
    ],
    close: () => gateway.close(),
  }
}
