/** One person's way into a Jitsi room: the room's name, and a token made at the moment of joining, for this person alone. */

import { createPrivateKey, type KeyObject, randomBytes } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Video } from '../config.ts'

/** Small letters and digits: Jitsi compares names in lower case and refuses what is not ASCII. 160 bits. */
export const newRoom = (video: Pick<Video, 'roomPrefix'>): string => video.roomPrefix + randomBytes(20).toString('hex')

export interface Guest { id: string; name: string; role: 'operator' | 'citizen' | 'guest' }

/** What a page needs to join; the token is null on public servers, which know none. */
export interface Pass {
  /** Where external_api.js and the library are. */
  baseUrl: string
  roomName: string
  jwt: string | null
  displayName: string
  isRecordingAllowed: boolean
  hasLobby: boolean
}

export async function passFor(video: Video, room: string, person: Guest, now: Date): Promise<Pass> {
  return {
    baseUrl: video.baseUrl, displayName: person.name, hasLobby: video.lobby, isRecordingAllowed: video.recording && person.role === 'operator',
    roomName: video.mode === 'jaas' ? `${video.appId}/${room}` : room,
    jwt: video.mode === 'public' ? null : await tokenFor(video, room, person, now),
  }
}

async function tokenFor(video: Exclude<Video, { mode: 'public' }>, room: string, { id, name, role }: Guest, now: Date): Promise<string> {
  const isModerator = role === 'operator'
  const flag = (value: boolean) => String(value)
  // Strings only: Jitsi's plugins make "7.0" of a number and "table: 0x…" of an object.
  const context = {
    user: { id, name, email: '', avatar: '', moderator: flag(isModerator), affiliation: isModerator ? 'owner' : 'member' },
    features: {
      recording: flag(video.recording && isModerator), livestreaming: 'false', transcription: 'false', 'outbound-call': 'false', 'sip-outbound-call': 'false',
    },
  }
  const seconds = Math.floor(now.getTime() / 1000)
  const token = new SignJWT({ room, context }).setAudience('jitsi').setIssuedAt(seconds).setNotBefore(seconds - 10)
    .setExpirationTime(seconds + Math.ceil(video.tokenLife / 1000))
  if (video.mode === 'jaas') {
    // The console shows the key's name with and without the app before it.
    const kid = video.keyId.includes('/') ? video.keyId : `${video.appId}/${video.keyId}`
    return token.setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid }).setIssuer('chat').setSubject(video.appId).sign(privateKey(video.privateKey.reveal()))
  }
  // Without `typ` Prosody says "Invalid typ".
  return token.setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).setIssuer(video.appId).setSubject(new URL(video.baseUrl).hostname)
    .sign(new TextEncoder().encode(video.secret.reveal()))
}

const keys = new Map<string, KeyObject>()

/** Read once: parsing a key costs more than signing with it. */
function privateKey(pem: string): KeyObject {
  const known = keys.get(pem) ?? createPrivateKey(pem)
  keys.clear()
  keys.set(pem, known)
  return known
}
