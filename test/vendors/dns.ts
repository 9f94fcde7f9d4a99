/** A name server on loopback that knows what it is told: TXT and MX, over UDP. https://www.rfc-editor.org/rfc/rfc1035 */

import { createSocket } from 'node:dgram'
import { promises } from 'node:dns'
import { once } from 'node:events'

export interface Names {
  /** Each record may come in pieces. */
  txt: Record<string, string[][]>
  mx: Record<string, { exchange: string; priority: number }[]>
  /** Answers that it cannot say (SERVFAIL). */
  broken: boolean
}

export interface NameServer extends Names {
  /** Asks this server and no other. */
  resolver: InstanceType<typeof promises.Resolver>
  close(): Promise<void>
}

const types = { mx: 15, txt: 16 }

export async function startDns(known: Partial<Names> = {}): Promise<NameServer> {
  const socket = createSocket('udp4')
  const resolver = new promises.Resolver({ timeout: 2_000, tries: 1 })
  const server: NameServer = {
    txt: {}, mx: {}, broken: false, ...known, resolver,
    close: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  }
  socket.on('message', (query, { port, address }) => socket.send(answerTo(query, server), port, address))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  resolver.setServers([`127.0.0.1:${socket.address().port}`])
  return server
}

function answerTo(query: Buffer, { txt, mx, broken }: Names): Buffer {
  let end = 12
  const labels: string[] = []
  for (let length = query[end]!; length > 0; length = query[end]!) {
    labels.push(query.toString('latin1', end + 1, end + 1 + length))
    end += 1 + length
  }
  const type = query.readUInt16BE(end + 1)
  const name = labels.join('.').toLowerCase()
  const records = broken ? [] : type === types.txt ? (txt[name] ?? []).map(pieces) : type === types.mx ? (mx[name] ?? []).map(exchanger) : []
  const isKnown = name in txt || name in mx
  const header = Buffer.from(query.subarray(0, 12))
  header.writeUInt16BE(0x8580 | (broken ? 2 : isKnown ? 0 : 3), 2)
  for (const [at, count] of [[4, 1], [6, records.length], [8, 0], [10, 0]] as const) header.writeUInt16BE(count, at)
  return Buffer.concat([header, query.subarray(12, end + 5), ...records.map((data) => record(type, data))])
}

/** Its name is the one that was asked for: a pointer to byte 12. */
function record(type: number, data: Buffer): Buffer {
  const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, 0])
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}

const counted = (text: string) => Buffer.concat([Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)])
const pieces = (texts: string[]) => Buffer.concat(texts.map(counted))
const exchanger = ({ exchange, priority }: { exchange: string; priority: number }) =>
  Buffer.concat([Buffer.from([priority >> 8, priority & 255]), ...exchange.split('.').map(counted), Buffer.from([0])])
