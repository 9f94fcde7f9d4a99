/** The two files of the `file` channel in a terminal: docs/channels/adding.md has their lines. */

import { randomUUID } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { buttons, follow, perform, picture, print } from './terminal.ts'

interface Line { key: string; to: string; text: string; choices?: { id: string; label: string }[]; attachments?: { name?: string; url: string }[] }

export async function play(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { folder: { type: 'string', default: 'data/play-file' } } })
  const folder = path.resolve(values.folder)
  mkdirSync(folder, { recursive: true })
  const out = path.join(folder, 'out.jsonl')
  // Half a line is one that is still being written.
  const lines = (): Line[] => (existsSync(out) ? readFileSync(out, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as Line) : [])
  let who = 'ana'
  let last = ''
  const appends = (line: object) => appendFileSync(path.join(folder, 'in.jsonl'), `${JSON.stringify(line)}\n`)
  const says = (more: object) => {
    last = randomUUID()
    appends({ id: last, from: who, ...more })
  }
  const already = lines().length
  follow(() => lines().slice(already), ({ to, text, choices = [], attachments = [] }) =>
    print(`${to} <`, text, attachments.map(({ name, url }) => `[${name ?? 'file'} ${url}]`).join(' '), buttons(choices.map(({ label }) => label))))
  await perform({
    what: `in.jsonl and out.jsonl stand in ${folder} (--folder).`,
    block: `ficheiro: { kind: file, folder: '${folder}' }`,
    env: {},
    citizen: 'ana',
    writes: (text) => says({ text }),
    commands: {
      press: {
        says: 'LABEL: press the button with it',
        does(label) {
          const choice = lines().flatMap(({ choices = [] }) => choices).findLast((one) => one.label === label)
          if (!choice) throw new Error(`there is no button «${label}»`)
          says({ text: label, chosen: choice.id })
        },
      },
      photo: {
        says: 'send a photo',
        does() {
          writeFileSync(path.join(folder, 'chat.png'), picture())
          says({ text: '', attachments: [{ kind: 'image', path: 'chat.png', mimeType: 'image/png' }] })
        },
      },
      edit: { says: 'TEXT: change what was written last', does: (text) => appends({ type: 'edit', id: last, from: who, text }) },
      delete: { says: 'take back what was written last', does: () => appends({ type: 'delete', id: last }) },
      read: { says: 'say that the last line was read', does: () => appends({ type: 'status', id: lines().at(-1)?.key ?? '', state: 'read' }) },
      as: { says: 'NAME: be another citizen', does: (name) => { who = name || 'ana' } },
    },
    close: async () => undefined,
  })
}
