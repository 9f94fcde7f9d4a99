/** Code that runs inside WhatsApp's page, over the names that the library uses too. */

import type { Client } from './library.ts'

/** Who we are, by number and by privacy id. */
export async function ownNames(client: Client): Promise<string[]> {
  const found = await client.pupPage?.evaluate(names).catch(() => undefined)
  return [client.info?.wid?._serialized, ...(Array.isArray(found) ? found : [])]
    .filter((name): name is string => typeof name === 'string')
    .map((name) => name.replace(/:\d+@/, '@'))
}

/** True if the page lets us name the next message. */
export async function takeOurIds(client: Client): Promise<boolean> {
  return (await client.pupPage?.evaluate(ids).catch(() => false)) === true
}

const names = `(() => {
  const user = window.require('WAWebUserPrefsMeUser')
  return [user.getMaybeMePnUser?.(), user.getMaybeMeLidUser?.()].map((name) => name?._serialized)
})()`

const ids = `(() => {
  const key = window.require('WAWebMsgKey')
  if (key.isBalcaos) return true
  const original = key.newId
  const ours = async (...args) => {
    const next = window.balcaoNextId
    window.balcaoNextId = undefined
    return next ?? original.apply(key, args)
  }
  key.newId = ours
  key.isBalcaos = key.newId === ours
  return key.isBalcaos
})()`
