/** The web chat in a terminal: a client of docs/webchat-protocol.md and of nothing else, against a gateway that runs. */

import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { buttons, perform, picture, print } from './terminal.ts'

interface Entry {
  cursor: string
  by: 'citizen' | 'bot' | 'operator' | 'system'
  name: string | null
  text: string
  choices?: { id: string; label: string }[]
  files?: { name: string; url: string | null }[]
  deleted?: true
}
interface News { entries: Entry[]; changes: Entry[]; cursor: string; conversation: { reference: string; state: string; position: number | null } | null }

export async function play(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { url: { type: 'string', default: 'http://127.0.0.1:8080/channels/web' } } })
  const closing = new AbortController()
  let citizen = openCitizen(values.url, closing.signal)
  await perform({
    what: `You are a citizen at ${values.url} (--url); the page itself is at ${values.url}/exemplo. The config that comes along has it already.`,
    block: 'web: { kind: webchat }',
    env: {},
    citizen: 'a citizen',
    writes: (line) => citizen.says(line),
    commands: {
      press: { says: 'LABEL: press the button with it', does: (label) => citizen.presses(label) },
      photo: { says: 'send a photo', does: () => citizen.sends(picture(), 'chat.png') },
      read: { says: 'say that all of it was read', does: () => citizen.reads() },
      email: { says: 'ADDRESS: leave an address to be answered at', does: (address) => citizen.says('', { email: address }) },
      other: { says: 'be another citizen', does: () => { citizen.leave(); citizen = openCitizen(values.url, closing.signal) } },
    },
    close: async () => closing.abort(),
  })
}

function openCitizen(url: string, closing: AbortSignal) {
  const token = randomBytes(32).toString('base64url')
  const leaving = new AbortController()
  const signal = AbortSignal.any([closing, leaving.signal])
  let choices: NonNullable<Entry['choices']> = []
  let cursor: string | undefined
  let told = ''
  /** By cursor: a receipt is a change too, and no news here. */
  const seen = new Map<string, string>()

  async function ask(path: string, body?: unknown): Promise<Record<string, unknown>> {
    const headers = { authorization: `Bearer ${token}`, ...(!Buffer.isBuffer(body) && { 'content-type': 'application/json' }) }
    const response = await fetch(url + path, { method: 'POST', headers, body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body), signal })
    const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>
    if (!response.ok) throw new Error(`(the gateway answered ${response.status} ${String(answer.message ?? '')})`)
    return answer
  }

  function show({ entries, changes, cursor: next, conversation }: News): void {
    cursor = next
    for (const { cursor: at, by, name, text, choices: offered = [], files = [], deleted } of [...changes, ...entries]) {
      const said = deleted ? '(taken back)' : text
      if (by === 'citizen' || seen.get(at) === said) continue
      seen.set(at, said)
      print(`${name ?? by}:`, said, files.map((file) => `[${file.name} ${file.url ?? '…'}]`).join(' '), buttons(offered.map(({ label }) => label)))
      choices = offered
    }
    const state = conversation ? `(${conversation.reference}: ${conversation.state}${conversation.position === null ? '' : `, ${conversation.position}.`})` : ''
    if (state !== told && state !== '') print(state)
    told = state
  }

  async function follow(): Promise<void> {
    let away = false
    while (!signal.aborted) {
      try {
        const response = await fetch(`${url}/events${cursor === undefined ? '' : `?after=${cursor}`}`, { headers: { authorization: `Bearer ${token}` }, signal })
        if (!response.ok || !response.body) throw new Error(String(response.status))
        away = false
        let rest = ''
        for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
          rest += chunk
          for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
            const event = rest.slice(0, end)
            rest = rest.slice(end + 2)
            if (event.startsWith('event: typing')) print('(somebody is writing)')
            const data = event.startsWith('event: news') ? /^data: (.*)$/m.exec(event)?.[1] : undefined
            if (data) show(JSON.parse(data) as News)
          }
        }
      } catch {
        if (!away && !signal.aborted) print(`(no gateway at ${url} yet; trying again)`)
        away = true
      }
      await pause(1_000, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }
  void follow()

  const says = (text: string, more: object = {}) => ask('/messages', { id: randomUUID(), text, ...more })
  return {
    says,
    leave: () => leaving.abort(),
    async presses(label: string) {
      const choice = choices.find((one) => one.label === label)
      if (!choice) throw new Error(`there is no button «${label}»`)
      await says(label, { chosen: choice.id })
    },
    async sends(bytes: Buffer, name: string) {
      const { ref } = await ask(`/files?name=${encodeURIComponent(name)}`, bytes)
      await says('', { files: [ref] })
    },
    async reads() {
      if (cursor !== undefined) await ask('/marks', { upTo: cursor, state: 'read' })
    },
  }
}
