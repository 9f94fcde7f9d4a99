/** Vendors and browsers in a process of their own: webhooks as fast as they are answered, or a crowd that looks on. Talks to its parent. */

import { createHmac } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'

export interface WebhookLoad {
  task: 'webhooks'
  url: string
  secret: string
  phoneNumberId: string
  wabaId: string
  connections: number
  seconds: number
  citizens: number
  /** Makes ids that no other load has used. */
  run: string
  texts: string[]
}
export interface CrowdLoad {
  task: 'crowd'
  url: string
  /** Web chats: one stream each, and they write in turn. */
  chats: { path: string; post: string; tokens: string[] }
  screens: { path: string; cookie: string; count: number }
  perSecond: number
  seconds: number
}
export interface LoadResult { done: number; seconds: number; late: number[]; refused: number }
export type CrowdNews = { at: 'connected'; streams: number } | ({ at: 'done' } & LoadResult)

const host = (url: string) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) })

/** One request at a time on one connection; resolves with the status. */
function line(url: string): Promise<{ ask(bytes: Buffer): Promise<number>; end(): void }> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ ...host(url), noDelay: true })
    let told: ((status: number) => void) | undefined
    let lost: ((error: Error) => void) | undefined
    let rest = ''
    const gone = () => new Error('the gateway closed a line that waited for its answer')
    socket.on('data', (chunk: Buffer) => {
      rest += chunk.toString('latin1')
      const head = rest.indexOf('\r\n\r\n')
      if (head < 0) return
      const chunked = /transfer-encoding: chunked/i.test(rest.slice(0, head))
      const length = Number(/content-length: (\d+)/i.exec(rest.slice(0, head))?.[1] ?? 0)
      if (chunked ? !rest.endsWith('0\r\n\r\n') || rest.length === head + 4 : rest.length < head + 4 + length) return
      const status = Number(rest.slice(9, 12))
      rest = ''
      told?.(status)
    })
    socket.once('error', reject)
    socket.once('close', () => lost?.(gone()))
    socket.once('connect', () => resolve({
      ask: (bytes) => new Promise((done, fail) => {
        told = done
        lost = fail
        if (socket.destroyed) fail(gone())
        else socket.write(bytes)
      }),
      end: () => socket.destroy(),
    }))
  })
}

async function webhooks(load: WebhookLoad): Promise<LoadResult> {
  const { url, secret, phoneNumberId, wabaId, connections, seconds, citizens, run, texts } = load
  let n = 0
  const next = (): Buffer => {
    n += 1
    const phone = `35191${String(n % citizens).padStart(7, '0')}`
    const body = Buffer.from(JSON.stringify({
      object: 'whatsapp_business_account',
      entry: [{ id: wabaId, changes: [{ field: 'messages', value: {
        messaging_product: 'whatsapp', metadata: { display_phone_number: '351210000000', phone_number_id: phoneNumberId },
        contacts: [{ profile: { name: `Munícipe ${n % citizens}` }, wa_id: phone }],
        messages: [{ from: phone, id: `wamid.${run}.${n}`, timestamp: String(Math.floor(Date.now() / 1000)), type: 'text', text: { body: texts[n % texts.length]! } }],
      } }] }],
    }))
    const signature = createHmac('sha256', secret).update(body).digest('hex')
    const head = `POST ${new URL(url).pathname} HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\nx-hub-signature-256: sha256=${signature}\r\ncontent-length: ${body.length}\r\n\r\n`
    return Buffer.concat([Buffer.from(head), body])
  }
  const lines = await Promise.all(Array.from({ length: connections }, () => line(url)))
  const begun = performance.now()
  const end = begun + seconds * 1_000
  const late: number[] = []
  let [done, refused] = [0, 0]
  await Promise.all(lines.map(async ({ ask }) => {
    while (performance.now() < end) {
      const bytes = next()
      const from = performance.now()
      if (await ask(bytes) === 200) {
        done += 1
        late.push(performance.now() - from)
      } else refused += 1
    }
  }))
  for (const { end: close } of lines) close()
  return { done, refused, seconds: (performance.now() - begun) / 1_000, late }
}

function stream(url: string, path: string, header: string, heard: ((text: string) => void) | undefined): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(host(url))
    socket.once('error', reject)
    socket.once('connect', () => socket.write(`GET ${path} HTTP/1.1\r\nhost: gateway\r\n${header}\r\n\r\n`))
    socket.once('data', (first: Buffer) => {
      if (first.toString('latin1', 9, 12) !== '200') return reject(new Error(`a stream was refused: ${first.toString('latin1', 0, 60)}`))
      resolve(socket)
    })
    if (heard) socket.on('data', (chunk: Buffer) => heard(chunk.toString('latin1')))
    else socket.resume()
  })
}

async function crowd({ url, chats, screens, perSecond, seconds }: CrowdLoad, told: (news: CrowdNews) => Promise<void>): Promise<void> {
  const late: number[] = []
  const hear = (text: string) => {
    for (const [, sent] of text.matchAll(/ enviada-([\d.]+)-/g)) late.push(performance.now() - Number(sent))
  }
  const open: Socket[] = []
  for (let n = 0; n < chats.tokens.length; n += 50) {
    open.push(...await Promise.all(chats.tokens.slice(n, n + 50).map((token) => stream(url, chats.path, `authorization: Bearer ${token}`, undefined))))
  }
  for (let n = 0; n < screens.count; n += 10) {
    // Every tenth screen is read; the others only have to take what comes.
    open.push(...await Promise.all(Array.from({ length: Math.min(10, screens.count - n) }, (_, m) => stream(url, screens.path, `cookie: ${screens.cookie}`, m === 0 ? hear : undefined))))
  }
  await told({ at: 'connected', streams: open.length })
  await new Promise((resolve) => process.once('message', resolve))

  const lines = await Promise.all(Array.from({ length: 64 }, () => line(url)))
  const free = [...lines]
  const begun = performance.now()
  let [sent, done, refused, under] = [0, 0, 0, 0]
  while (performance.now() < begun + seconds * 1_000 || under > 0) {
    const due = performance.now() < begun + seconds * 1_000 ? Math.floor((performance.now() - begun) / 1_000 * perSecond) : sent
    while (sent < due && free.length > 0) {
      // In turn, so that none is idle until the server closes it.
      const one = free.shift()!
      const token = chats.tokens[sent % chats.tokens.length]!
      sent += 1
      under += 1
      const id = `00000000-0000-4000-8000-${String(Math.floor(performance.timeOrigin) % 1e6 * 1e6 + sent).padStart(12, '0')}`
      const body = JSON.stringify({ id, text: `Olá enviada-${performance.now().toFixed(3)}- a fatura da água` })
      void one.ask(Buffer.from(`POST ${chats.post} HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)).then((status) => {
        if (status === 200) done += 1
        else refused += 1
        under -= 1
        free.push(one)
      })
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await new Promise((resolve) => setTimeout(resolve, 500))
  for (const socket of open) socket.destroy()
  for (const { end } of lines) end()
  await told({ at: 'done', done, refused, seconds: (performance.now() - begun) / 1_000, late })
}

process.once('message', (load: WebhookLoad | CrowdLoad) => {
  // A line closed too early loses what is still on its way to the parent, and a few seconds of figures are.
  const tell = (news: unknown) => new Promise<void>((resolve) => process.send!(news, undefined, undefined, () => resolve()))
  const work = load.task === 'webhooks' ? webhooks(load).then(tell) : crowd(load, tell)
  work.catch((error: Error) => tell({ error: error.message })).finally(() => process.disconnect())
})
