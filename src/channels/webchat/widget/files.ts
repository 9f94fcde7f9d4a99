/** Files beside the composer: each is uploaded at once, and sent with the message. */

import type { Setting, StoredFile } from '../protocol.ts'
import { ask } from './api.ts'
import { backoff } from './line.ts'
import type { View } from './view.ts'
import { fill, type Words } from './words.ts'

export interface Chosen {
  key: number
  file: File
  stored?: StoredFile
  isLost: boolean
  abort: AbortController
}

const maxFiles = 10
let keys = 0

export function addFiles(view: View, list: Iterable<File> | null | undefined): void {
  const { ui, words, setting: { uploads }, draw } = view
  if (!uploads) return
  ui.problem = ''
  for (const file of list ?? []) {
    const wrong = objection(file, ui.files.length, uploads, words)
    ui.problem ||= wrong
    if (wrong) continue
    keys += 1
    const one: Chosen = { key: keys, file, isLost: false, abort: new AbortController() }
    ui.files = [...ui.files, one]
    void store(one, view).then((status) => {
      if (!status) return
      takeAway(view, one)
      ui.problem = fill(status === 413 ? words.tooLarge : words.wrongType, file.name, uploads.maxBytes / 1e6)
      draw()
    })
  }
  draw()
}

export function takeAway({ ui, draw }: View, one: Chosen): void {
  one.abort.abort()
  ui.files = ui.files.filter((each) => each !== one)
  ui.problem = ''
  draw()
}

/** Why it cannot be sent, in words; or nothing. */
function objection(file: File, already: number, uploads: NonNullable<Setting['uploads']>, w: Words): string {
  if (already >= maxFiles) return w.tooMany
  if (file.size > uploads.maxBytes) return fill(w.tooLarge, file.name, uploads.maxBytes / 1e6)
  // What the browser does not know, the gateway looks at.
  return file.size === 0 || (file.type && !uploads.types.includes(file.type)) ? fill(w.wrongType, file.name) : ''
}

/** Goes on trying until it is stored, refused or taken away. @returns the HTTP status of a refusal. */
async function store(one: Chosen, { base, conversation, draw }: View): Promise<number | undefined> {
  const { signal } = one.abort
  for (let tries = 0; !signal.aborted; tries += 1) {
    const outcome = await ask<StoredFile>(`${base}/files?name=${encodeURIComponent(one.file.name)}`, conversation.token(), one.file, signal)
    if (outcome.type === 'refused') return outcome.status
    one.isLost = outcome.type === 'later'
    if (outcome.type === 'done') one.stored = outcome.value
    draw()
    if (outcome.type === 'done') return undefined
    await new Promise((again) => {
      setTimeout(again, outcome.afterMs ?? backoff(tries))
      addEventListener('online', again, { once: true })
      signal.addEventListener('abort', again)
    })
  }
  return undefined
}
