/** All that a journey of the widget needs at once: gateway, line, the town's page on another origin, a real browser. */

import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { type Harness, until } from '../../harness/gateway.ts'
import { type Line, openLine } from './line.ts'
import { addressOf, bubbles, type BuiltWidget, buildWidget, openBrowser, openTownPage, startChat, type TownPage } from './setting.ts'

export interface Scene {
  widget: BuiltWidget
  browser: Browser
  chat: Harness
  line: Line
  town: TownPage
  /** Between two tests: no page of the one is there in the other. */
  clear(): Promise<void>
  close(): Promise<void>
}

export async function openScene(): Promise<Scene> {
  const [widget, browser, line] = await Promise.all([buildWidget(), openBrowser(), openLine('http://127.0.0.1:9')])
  const town = await openTownPage(() => line.url)
  const chat = await startChat(widget, { origins: [town.origin] })
  await line.lead(chat.url)
  return {
    widget, browser, chat, line, town,
    async clear() {
      for (const context of browser.contexts()) await context.close()
    },
    async close() {
      await browser.close()
      await town.close()
      await line.close()
      await chat.close()
      await widget.remove()
    },
  }
}

export const shows = (page: Page, texts: string[]) => until(`the bubbles ${texts.join(' | ').slice(0, 200)}`, async () => JSON.stringify(await bubbles(page)) === JSON.stringify(texts))
  .catch(async (error: Error) => { throw new Error(`${error.message}\nthere was: ${JSON.stringify(await bubbles(page))}`) })

export const tokenIn = (page: Page) => page.evaluate(() => Object.entries(localStorage).find(([key]) => key.endsWith(':visitor'))?.[1])

export const conversationOf = async (chat: Harness, page: Page) => (await chat.gateway.pool.db.selectFrom('identity').innerJoin('conversation', 'conversation.citizen_id', 'identity.citizen_id')
  .select('conversation.id').where('identity.address', '=', addressOf((await tokenIn(page))!)).orderBy('conversation.id', 'desc').executeTakeFirstOrThrow()).id

/** An operator answers whoever writes on this page. */
export async function answer(chat: Harness, page: Page, text: string): Promise<void> {
  const operator = await chat.operator({ name: 'Marta Lopes' })
  await chat.gateway.act({ conversationId: await conversationOf(chat, page), operator, clientId: randomUUID(), deeds: [{ do: 'reply', text }] })
}

/** Paragraphs, a list, a long address and a word without an end. */
export const longText = `diz Para pedir a ligação de água precisa de:\n\n1. Cartão de cidadão.\n2. Caderneta predial.\n\nhttps://servicos.valeformoso.example/agua/contratos/novo?tipo=domestico&origem=conversa ${'palavramuitocomprida'.repeat(12)}`
