/**
 * A Jitsi deployment on 127.0.0.1 as far as our pages and our reservation routes meet one: the library of npm, a stand-in of
 * external_api.js, rooms that admit by token, ask for a reservation before they open and tell when they are empty. No media passes
 * between two browsers: that needs a bridge.
 */

import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { externalApi, meetingPage } from './jitsi-frame.ts'
import { admit, type Person } from './jitsi-token.ts'

export interface JitsiOptions { appId: string; secret: string; /** Where the gateway answers reservations, and what is shown to it. */ reservations?: { url: string; token: string } }
interface Occupant extends Person { occupant: string; tracks: string[] }
interface Room { name: string; reservationId: string | null; people: Map<string, Occupant>; lines: Map<string, ServerResponse> }

export interface Jitsi {
  url: string
  options: JitsiOptions
  /** Who is in which room. */
  inside(): { room: string; name: string; moderator: boolean; tracks: string[] }[]
  /** Why somebody was not let in, newest last. */
  refused: string[]
  /** Tokens that were shown, newest last. */
  tokens: string[]
  /** Neither the library nor the API can be had. */
  isDown: boolean
  /** The bridge loses everybody's media. */
  fail(): void
  /** Throws everybody out, as a restart does. */
  restart(): Promise<void>
  close(): Promise<void>
}

export async function jitsi(options: JitsiOptions): Promise<Jitsi> {
  const rooms = new Map<string, Room>()
  const opening = new Map<string, Promise<Room | number>>()
  const library = await readFile(createRequire(import.meta.url).resolve('lib-jitsi-meet/dist/lib-jitsi-meet.min.js'))
  let occupants = 0

  const server = createServer((request, response) => void answer(request, response).catch((error: Error) => response.writeHead(500).end(error.message)))

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (url.pathname === '/libs/lib-jitsi-meet.min.js' || url.pathname === '/external_api.js') {
      if (deployment.isDown) return void response.writeHead(503).end()
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(url.pathname === '/external_api.js' ? externalApi : library)
    } else if (url.pathname === '/stand-in/join') await join(JSON.parse(await bodyOf(request)) as { room: string; jwt: string | null; tracks: string[] }, response)
    else if (url.pathname === '/stand-in/leave') {
      const { room, id } = JSON.parse(await bodyOf(request)) as { room: string; id: string }
      await leave(room, id)
      response.writeHead(204).end()
    } else if (url.pathname === '/stand-in/events') {
      const room = rooms.get(url.searchParams.get('room') ?? '')
      const id = url.searchParams.get('id') ?? ''
      if (!room?.people.has(id)) return void response.writeHead(404).end()
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(': open\n\n')
      room.lines.set(id, response)
      // Whoever came between the answer and this line was told to nobody here.
      for (const one of room.people.values()) response.write(`data: ${JSON.stringify({ what: 'joined', person: { id: one.occupant, name: one.name, moderator: one.moderator } })}\n\n`)
      // A browser that is gone without a word.
      response.once('close', () => void leave(room.name, id))
    } else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(meetingPage)
  }

  async function join({ room: name, jwt, tracks }: { room: string; jwt: string | null; tracks: string[] }, response: ServerResponse): Promise<void> {
    const refuse = (error: string, reason: string) => {
      deployment.refused.push(reason)
      response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify({ name: error, reason }))
    }
    deployment.tokens.push(jwt ?? '')
    const person = admit(jwt ?? '', name, { ...options, domain: '127.0.0.1' })
    if (typeof person === 'string') return refuse('connection.passwordRequired', person)
    const room = rooms.get(name) ?? await opened(name)
    if (typeof room === 'number') return refuse('conference.reservationError', `Sala desconhecida (${room})`)
    occupants += 1
    const occupant = `occupant-${occupants}`
    room.people.set(occupant, { ...person, occupant, tracks })
    tellRoom(room, { what: 'joined', person: { id: occupant, name: person.name, moderator: person.moderator } })
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({
      id: occupant, name: person.name, people: [...room.people.values()].map((one) => ({ id: one.occupant, name: one.name, moderator: one.moderator })),
    }))
  }

  /** Asked for once, however many come at the same moment. */
  function opened(name: string): Promise<Room | number> {
    const known = opening.get(name)
    if (known) return known
    const fresh = reserve(name).then((reserved) => {
      if (typeof reserved === 'number') return reserved
      const room: Room = { name, reservationId: reserved, people: new Map(), lines: new Map() }
      rooms.set(name, room)
      return room
    }).finally(() => opening.delete(name))
    opening.set(name, fresh)
    return fresh
  }

  async function leave(name: string, id: string): Promise<void> {
    const room = rooms.get(name)
    const person = room?.people.get(id)
    if (!room || !person) return
    room.people.delete(id)
    room.lines.get(id)?.end()
    room.lines.delete(id)
    tellRoom(room, { what: 'left', person: { id, name: person.name, moderator: person.moderator } })
    if (room.people.size > 0) return
    rooms.delete(name)
    if (room.reservationId !== null) await ask('DELETE', `/${room.reservationId}`)
  }

  function tellRoom(room: Room, news: unknown): void {
    for (const line of room.lines.values()) line.write(`data: ${JSON.stringify(news)}\n\n`)
  }

  async function reserve(name: string): Promise<string | null | number> {
    if (!options.reservations) return null
    const given = await ask('POST', '', new URLSearchParams({ name, start_time: new Date().toISOString(), mail_owner: 'focus@auth' }))
    return given.status === 200 || given.status === 201 ? String(((await given.json()) as { id: string }).id) : given.status
  }

  const ask = (method: string, path: string, body?: URLSearchParams) => fetch(`${options.reservations!.url}/conference${path}`, {
    method, headers: { authorization: `Bearer ${options.reservations!.token}` }, ...(body && { body }),
  })

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const deployment: Jitsi = {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    options, refused: [], tokens: [], isDown: false,
    inside: () => [...rooms.values()].flatMap((room) => [...room.people.values()].map(({ name, moderator, tracks }) => ({ room: room.name, name, moderator, tracks }))),
    fail() {
      for (const room of rooms.values()) tellRoom(room, { what: 'failure' })
    },
    async restart() {
      for (const room of rooms.values()) tellRoom(room, { what: 'out' })
      for (const room of [...rooms.values()]) for (const id of [...room.people.keys()]) await leave(room.name, id)
    },
    close: () => new Promise((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    }),
  }
  return deployment
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
