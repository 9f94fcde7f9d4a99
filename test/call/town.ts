/** A town with video calls, its clock in the test's hand, and a citizen on a plain channel who asks for one. */

import { generateKeyPairSync } from 'node:crypto'
import type { Responder } from '../../src/core/model.ts'
import { type Harness, type HarnessOptions, startGateway } from '../harness/gateway.ts'
import { signIn, type SignedIn } from '../harness/browserless.ts'
import { plainKind, type PlainVendor, plainVendor } from '../harness/plain-channel.ts'
import { type CitizenBrowser, citizenBrowser } from './citizen-browser.ts'

export const jitsiSecret = 'a secret that only Prosody and the gateway know'
export const reservationToken = 'what Jitsi shows'
export const jaasKeys = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } })

export const selfHosted = { mode: 'self-hosted', baseUrl: 'https://video.valeformoso.example', appId: 'balcao', secret: { env: 'JITSI_SECRET' } }
export const env = { JITSI_SECRET: jitsiSecret, RESERVATION_TOKEN: reservationToken, JAAS_KEY: jaasKeys.privateKey }

const asksForCall: Responder = (state, input) => ({
  actions: input.type === 'message' && /v[ií]deo/i.test(input.content.text) ? [{ do: 'call', departmentId: 'aguas' }] : [{ do: 'say', content: { text: 'Não percebi.' } }], state,
})

export interface CallTown extends Harness {
  vendor: PlainVendor
  ana: SignedIn
  /** Puts the town's clock forward. */
  pass(seconds: number): void
  write(from: string, text: string): Promise<void>
  /** Writes that they want a video call; the link that they get. */
  ask(from: string): Promise<CitizenBrowser & { link: string; conversationId: string; callId: string }>
  linkFor(from: string, nth?: number): Promise<string>
  activities(conversationId: string): Promise<string[]>
}

export async function callTown(video: Record<string, unknown> = selfHosted, options: Partial<HarnessOptions> = {}): Promise<CallTown> {
  const vendor = await plainVendor()
  let ahead = 0
  const gateway = await startGateway({
    channels: { linha: { kind: 'plain', vendorUrl: vendor.url } }, kinds: { plain: plainKind() }, env, respond: asksForCall,
    now: () => new Date(Date.now() + ahead), ...options, config: { video, ...options.config },
  })
  const ana = await signIn(gateway, 'ana@valeformoso.example', { departments: ['aguas', 'geral'] })
  let n = 0
  const town: CallTown = {
    ...gateway, vendor, ana,
    pass(seconds) { ahead += seconds * 1000 },
    async write(from, text) {
      n += 1
      const answer = await fetch(`${gateway.url}/channels/linha`, { method: 'POST', body: JSON.stringify({ messages: [{ id: `m${n}-${from}`, from, text, name: from }] }) })
      if (!answer.ok) throw new Error(`the channel answered ${answer.status}`)
    },
    async linkFor(from, nth = 1) {
      const said = await gateway.until(`link ${nth} for ${from}`, () => vendor.ledger.filter(({ to, text }) => to === from && text.includes('/call/'))[nth - 1])
      return /https?:\S+/.exec(said.text)![0]
    },
    async ask(from) {
      await town.write(from, 'Quero falar por vídeo')
      const link = await town.linkFor(from)
      const row = await gateway.gateway.pool.db.selectFrom('call').innerJoin('conversation', 'conversation.id', 'call.conversation_id').innerJoin('citizen', 'citizen.id', 'conversation.citizen_id')
        .select(['call.id as callId', 'call.conversation_id as conversationId']).where('citizen.name', '=', from).orderBy('call.id', 'desc').executeTakeFirstOrThrow()
      return { ...citizenBrowser(link), link, ...row }
    },
    async activities(conversationId) {
      const rows = await gateway.gateway.pool.db.selectFrom('activity').select(['type', 'author']).where('conversation_id', '=', conversationId).orderBy('id').execute()
      return rows.map(({ type, author }) => `${author} ${type}`)
    },
    async close() {
      await gateway.close()
      await vendor.close()
    },
  }
  return town
}
