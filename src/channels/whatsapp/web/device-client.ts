/** The library's client, told what to do and heard out in plain data. Lives in the process with the browser. */

import { hear, type Ear } from './hear.ts'
import { library, type Client } from './library.ts'
import { ownNames, takeOurIds } from './page-code.ts'
import { people } from './people.ts'
import type { Answers, Ending, Notice, Order, StartOptions } from './protocol.ts'
import { mouth, type Mouth } from './say.ts'

export interface Device {
  obey(order: Order): Promise<unknown>
  nameOf(error: unknown): { failed: 'unknown' | 'never'; detail: string }
  close(): Promise<void>
}

interface Parts extends Mouth, Ear {
  client: Client
}

/** Not done, and known not to be. */
class NotDone extends Error {}

export function deviceOf(tell: (notice: Notice) => void): Device {
  let parts: Parts | undefined
  let isReady = false
  let ended = false

  function end(ending: Ending, detail = ''): void {
    if (ended) return
    ended = true
    isReady = false
    tell({ tell: 'ending', ending, detail })
  }

  function ready(): Parts {
    if (!parts || !isReady) throw new NotDone('the device is not connected')
    return parts
  }

  async function start(options: StartOptions): Promise<void> {
    const wwebjs = await library()
    const auth = new wwebjs.LocalAuth({ clientId: 'balcao', dataPath: options.profileFolder })
    const { page } = options
    const client = new wwebjs.Client({
      authStrategy: auth,
      authTimeoutMs: 120_000,
      puppeteer: {
        headless: true,
        executablePath: options.executablePath,
        args: options.browserArguments,
        // The gateway says when.
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
      },
      webVersionCache: page ? { type: 'local', path: page.folder, strict: true } : { type: 'none' },
      ...(page && { webVersion: page.version }),
    })
    auth.afterBrowserInitialized = async () => {
      tell({ tell: 'browser', pid: client.pupBrowser?.process()?.pid })
      // A browser that dies says nothing by the library's own events.
      client.pupBrowser?.on('disconnected', () => end('browser gone'))
    }
    const personOf = people(client)
    const ear = hear(client, options.idKey, personOf, (payload) => tell({ tell: 'payload', payload }))
    parts = { client, ...mouth(client, wwebjs, personOf), ...ear }

    client.on('qr', (qr: string) => tell({ tell: 'qr', qr }))
    client.on('change_state', (state: string) => tell({ tell: 'state', state }))
    client.on('disconnected', (reason: unknown) => end(endingOf(String(reason)), String(reason)))
    client.on('ready', () => {
      void Promise.all([ownNames(client), takeOurIds(client)]).then(([me, keyed]) => {
        ear.ready(me)
        isReady = true
        tell({ tell: 'ready', me, keyed })
      })
    })
    await client.initialize()
  }

  async function download(id: string, maxBytes: number): Promise<Answers['download']> {
    const message = await ready().client.getMessageById(id)
    const declared = Number((message?._data as { size?: unknown } | undefined)?.size ?? 0)
    if (declared > maxBytes) throw new NotDone(`file of ${declared} bytes is larger than ${maxBytes}`)
    const media = await message?.downloadMedia()
    if (!media) return undefined
    const bytes = Buffer.from(media.data, 'base64')
    if (bytes.length > maxBytes) throw new NotDone(`file is larger than ${maxBytes} bytes`)
    return { bytes, mimeType: media.mimetype }
  }

  const orders: { [K in Order['do']]: (order: Extract<Order, { do: K }>) => Promise<unknown> } = {
    start: ({ options }) => start(options),
    send: async ({ chat, message, id }) => ready().send(chat, message, id),
    lookup: async ({ chat, id }) => ready().lookup(chat, id),
    download: ({ id, maxBytes }) => download(id, maxBytes),
    type: async ({ chat }) => void (await (await ready().client.getChatById(chat)).sendStateTyping()),
    see: async ({ chat }) => void (await ready().client.sendSeen(chat)),
    react: async ({ id, emoji }) => ready().client.sendReaction(id, emoji),
    state: async () => (isReady ? ((await parts?.client.getState()) ?? 'UNKNOWN') : 'STARTING'),
    'look-back': async ({ since }) => ready().lookBack(since),
    close: async () => undefined,
  }

  return {
    obey: (order) => (orders[order.do] as (order: Order) => Promise<unknown>)(order),
    nameOf: (error) => ({
      failed: error instanceof NotDone ? 'never' : 'unknown',
      detail: error instanceof NotDone ? error.message : kindOf(error),
    }),
    async close() {
      ended = true
      isReady = false
      await parts?.client.destroy()
    },
  }
}

function endingOf(reason: string): Ending {
  if (reason === 'LOGOUT' || reason.startsWith('UNPAIRED')) return 'logged out'
  if (reason === 'CONFLICT') return 'taken over'
  if (reason.includes('TOS_BLOCK')) return 'banned'
  if (reason === 'DEPRECATED_VERSION') return 'outdated'
  return 'failed'
}

/** The page's words may quote a citizen: only what is known to be harmless is passed on. */
function kindOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const known = /detached Frame|Session closed|Target closed|context was destroyed|timed out|did not say|ERR_\w+/i
  return known.exec(message)?.[0] ?? (error instanceof Error ? error.name : 'unknown')
}
