/** The two files: what was appended to one is taken, what is to be said is appended to the other. */

import { constants, createReadStream } from 'node:fs'
import { access, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { type ChannelCheck, type Connection, type Host, SendError } from '../../core/channel.ts'
import { outOfTime } from '../cut.ts'
import { checksOf } from '../checks.ts'
import { openState } from '../state.ts'
import type { FileConfig } from './config.ts'
import { type FilePayload, pathPrefix } from './normalise.ts'
import { follow } from './read.ts'
import type { FileRequest } from './render.ts'
import { openOut } from './write.ts'

export async function connect(config: FileConfig, host: Host<FilePayload>): Promise<Connection<FileRequest>> {
  const folder = path.resolve(config.folder ?? host.folder)
  const closing = new AbortController()
  const state = openState(host, {
    attention: (detail) => ({ pt: `Ficheiros em ${folder}: ${detail.pt}.`, en: `Files in ${folder}: ${detail.en}.` }),
    trouble: (detail) => ({
      pt: `Não se consegue ler ${folder}/in.jsonl até ao fim (${detail.pt}). Tenta-se de novo; nada se perde.`,
      en: `${folder}/in.jsonl cannot be read to its end (${detail.en}). It is being tried again; nothing is lost.`,
    }),
  })
  const out = await openOut(path.join(folder, 'out.jsonl'))
  const reading = host.looksOnly ? undefined : follow({ file: path.join(folder, 'in.jsonl'), everyMs: config.everySeconds * 1000, host, state, closed: closing.signal })

  return {
    async send({ attachments, ...said }, { key, signal }) {
      if (said.to === '') throw new SendError('rejected', { pt: 'não se sabe a quem responder', en: 'nobody knows whom to answer' })
      if (signal.aborted) throw outOfTime()
      const files = attachments?.map((file) => ({ kind: file.kind, name: file.name, mimeType: file.mimeType, url: host.urlOf(file) }))
      await out.append({ key, at: host.now().toISOString(), ...said, ...(files && { attachments: files }) })
      return { externalId: String(key) }
    },
    async lookup(_request, { key }) {
      return (await out.has(key)) ? { externalId: String(key) } : undefined
    },
    async fetch(source, signal) {
      const file = await realpath(path.resolve(folder, source.slice(pathPrefix.length)))
      if (!file.startsWith((await realpath(folder)) + path.sep)) throw new Error('file: not in the folder of this channel')
      return { body: createReadStream(file, { signal }), bytes: (await stat(file)).size }
    },
    check: () => check(folder),
    async close() {
      closing.abort()
      await reading
      await out.close()
      host.report({ status: 'closed' })
    },
  }
}

function check(folder: string): Promise<ChannelCheck[]> {
  const tried = checksOf((error) => error as Error)
  return Promise.all([
    tried('out', { pt: `Deixe o gateway escrever em ${folder}.`, en: `Let the gateway write in ${folder}.` }, async () => {
      await access(path.join(folder, 'out.jsonl'), constants.W_OK)
      return { ok: true, detail: { pt: `escreve-se em ${folder}/out.jsonl`, en: `${folder}/out.jsonl can be written` } }
    }),
    tried('in', { pt: `Acrescente uma primeira linha a ${folder}/in.jsonl, e deixe o gateway lê-lo.`, en: `Append a first line to ${folder}/in.jsonl, and let the gateway read it.` }, async () => {
      const { size } = await stat(path.join(folder, 'in.jsonl'))
      await access(path.join(folder, 'in.jsonl'), constants.R_OK)
      return { ok: true, detail: { pt: `${folder}/in.jsonl tem ${size} bytes`, en: `${folder}/in.jsonl has ${size} bytes` } }
    }),
  ])
}
