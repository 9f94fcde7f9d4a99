/** What the linked device heard, in the order in which it was said. By a clock that is set: a browser may take minutes to start. */

import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { hear } from '../../../src/channels/whatsapp/web/hear.ts'
import type { Chat, Message } from '../../../src/channels/whatsapp/web/library.ts'

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

const maria = '351912345678@c.us'
const said = (nth: number): Message => ({
  id: { _serialized: `false_${maria}_${nth}`, id: String(nth), remote: maria, fromMe: false },
  type: 'chat', timestamp: Math.floor(Date.now() / 1000), hasMedia: false, downloadMedia: async () => undefined,
})

/** `missed`: what the page gives back, when it does. */
function listen(missed: () => Promise<Message[]>) {
  const chat: Chat = { id: { _serialized: maria, server: 'c.us' }, timestamp: Math.floor(Date.now() / 1000) + 3_600, fetchMessages: missed, sendStateTyping: async () => undefined }
  const client = Object.assign(new EventEmitter(), { getChats: async () => [chat] })
  const heard: string[] = []
  const ear = hear(client, 'key', async () => ({ phone: maria }), ({ message }) => heard.push(String((message as { id: { id: string } }).id.id)))
  return { client, ear, heard }
}

test('what is told while a browser takes two minutes to start is stored behind what was missed', async () => {
  const first = said(1)
  let give = (_messages: Message[]): void => undefined
  const { client, ear, heard } = listen(() => new Promise((resolve) => { give = resolve }))
  await vi.advanceTimersByTimeAsync(120_000)
  ear.ready([])
  const lookedBack = ear.lookBack(0)
  client.emit('message', said(2))
  await vi.advanceTimersByTimeAsync(1_000)
  give([first])
  await lookedBack
  await vi.advanceTimersByTimeAsync(0)
  expect(heard).toEqual(['1', '2'])
})

test('a page that never gives back what was missed keeps back what is said now for a minute', async () => {
  const { client, ear, heard } = listen(() => new Promise(() => undefined))
  ear.ready([])
  void ear.lookBack(0)
  client.emit('message', said(1))
  await vi.advanceTimersByTimeAsync(59_000)
  expect(heard).toEqual([])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(heard).toEqual(['1'])
})
