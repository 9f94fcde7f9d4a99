/** Attachments by signed link: always a download or a harmless picture, never a page of ours. */

import { pipeline } from 'node:stream/promises'
import type { RequestHandler } from 'express'
import { type Files, safeName, type SignedLinks } from './core/files.ts'
import type { Db } from './core/store/schema.ts'

/** What a browser may show in place; everything else is only ever saved. */
const shown = /^(image\/(png|jpeg|gif|webp)|audio\/[\w.+-]+|video\/(mp4|webm|ogg|quicktime|3gpp))$/

export function serveFiles(db: Db, files: Files, links: SignedLinks): RequestHandler<{ id: string; name: string }> {
  return async (request, response) => {
    const { id, name } = request.params
    const query = new URLSearchParams(request.url.split('?')[1] ?? '')
    if (!links.verify(id, query)) return void response.status(403).type('text').send('this link is not valid any more\n')
    const kept = id.startsWith('file:') ? { source: id, mimeType: 'application/octet-stream', name } : await find(db, id)
    if (!kept || !await files.has(kept.source)) return void response.status(404).end()
    const inline = query.get('show') === '1' && shown.test(kept.mimeType)
    response.set({
      'content-type': inline || shown.test(kept.mimeType) ? kept.mimeType : 'application/octet-stream',
      'content-disposition': `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(safeName(kept.name ?? name))}`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'private, max-age=3600',
      'referrer-policy': 'no-referrer',
    })
    await pipeline(files.stream(kept.source), response).catch(() => response.destroy())
  }
}

async function find(db: Db, id: string): Promise<{ source: string; mimeType: string; name: string | null } | undefined> {
  const row = await db.selectFrom('attachment').select(['source', 'mime_type', 'name']).where('id', '=', id).where('state', '=', 'stored').executeTakeFirst()
  return row && { source: row.source, mimeType: row.mime_type, name: row.name }
}
