/** The built widget. widget.js is small, fresh and carries the setting; the rest is named by its content and kept for a year. */

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Setting } from './protocol.ts'

export interface Assets {
  /** With the name of the current app. */
  setting(): Promise<Setting | undefined>
  loader(headers: IncomingHttpHeaders, response: ServerResponse): Promise<boolean>
  /** The app, or its words in one language. */
  part(name: string, headers: IncomingHttpHeaders, response: ServerResponse): Promise<boolean>
}

interface Built { parts: Map<string, { name: string; packed: Packed }>; loader: Packed; setting: Setting }
interface Packed { bytes: Buffer; zipped: Buffer; tag: string }

/** In the installed product beside us, in a checkout in dist. */
export const builtWidget = () => ['../../widget/', '../../../dist/widget/']
  .map((place) => fileURLToPath(new URL(place, import.meta.url))).find((folder) => existsSync(path.join(folder, 'widget.js')))

export function openAssets(folderOf: () => string | undefined, given: Omit<Setting, 'app'>): Assets {
  let built: Promise<Built | undefined> | undefined

  async function read(): Promise<Built | undefined> {
    const folder = folderOf()
    if (folder === undefined) return undefined
    const parts: Built['parts'] = new Map()
    for (const name of await readdir(folder).catch(() => [])) {
      const stem = stemOf(name)
      if (stem) parts.set(stem, { name, packed: await pack(await readFile(path.join(folder, name))) })
    }
    const app = parts.get('app')
    if (!app) return undefined
    const setting = { ...given, app: app.name }
    const code = await readFile(path.join(folder, 'widget.js'), 'utf8')
    return {
      parts, setting,
      loader: await pack(Buffer.from(`(()=>{const BALCAO_SETTING=${ascii(JSON.stringify(setting))};${code}})()\n`)),
    }
  }
  const load = async () => {
    const found = await (built ??= read())
    // Built after we started: look again next time.
    if (!found) built = undefined
    return found
  }

  return {
    setting: async () => (await load())?.setting,
    async loader(headers, response) {
      const found = await load()
      // A page of the town is never slower for us: it uses what it has and asks beside it.
      if (found) give(found.loader, headers, response, 'public, max-age=300, stale-while-revalidate=86400')
      return found !== undefined
    },
    async part(name, headers, response) {
      const found = (await load())?.parts.get(stemOf(name) ?? '')
      // A page with yesterday's widget.js asks for yesterday's app: it gets today's, and does not keep it.
      if (found) give(found.packed, headers, response, name === found.name ? 'public, max-age=31536000, immutable' : 'no-cache')
      return found !== undefined
    },
  }
}

/** What a name says beside its hash. */
const stemOf = (name: string): string | undefined => /^(app|words-(?:pt|en|es|fr))-[\w-]+\.js$/.exec(name)?.[1]

/** Can be read on a page of any encoding. */
const ascii = (text: string) => text.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

async function pack(bytes: Buffer): Promise<Packed> {
  return { bytes, zipped: await promisify(gzip)(bytes, { level: 9 }), tag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` }
}

function give({ bytes, zipped, tag }: Packed, headers: IncomingHttpHeaders, response: ServerResponse, cache: string): void {
  const common = {
    etag: tag, 'cache-control': cache, vary: 'accept-encoding',
    // Code that is the same for everybody; a module is only read with leave.
    'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin', 'x-content-type-options': 'nosniff',
  }
  if (headers['if-none-match']?.includes(tag)) return void response.writeHead(304, common).end()
  const isZipped = /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''))
  const body = isZipped ? zipped : bytes
  response.writeHead(200, {
    ...common, 'content-type': 'text/javascript; charset=utf-8', 'content-length': String(body.length), ...(isZipped && { 'content-encoding': 'gzip' }),
  }).end(body)
}
