/** Whoever is not the vendor gets 401 or 403, and leaves nothing: no message, nothing corrupt, no word in the log. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Call, Door } from './forgery.ts'
import { sms } from './sms/forgeries.ts'
import { teams } from './teams/forgeries.ts'
import { telegram } from './telegram/forgeries.ts'
import { webchat } from './webchat/forgeries.ts'
import { whatsapp } from './whatsapp/forgeries.ts'

// E-mail and file have no door to knock at: a mail says what its server found, as a label; see email/trust.test.ts.
describe.each(Object.entries({ telegram, whatsapp, sms, teams, webchat }))('%s', (_, open) => {
  let door: Door
  beforeAll(async () => {
    door = await open()
  })
  afterAll(() => door.close())

  const knock = async ({ path = '', headers, body }: Call): Promise<{ status: number; text: string }> => {
    const response = await fetch(door.gateway.host.publicUrl + path, { method: 'POST', headers, body: typeof body === 'string' ? body : new Uint8Array(body) })
    return { status: response.status, text: await response.text() }
  }

  test('what is not the vendor’s is refused, and leaves nothing', async () => {
    expect(door.forgeries.length).toBeGreaterThanOrEqual(10)
    const answers: [string, number][] = []
    for (const [name, call] of door.forgeries) {
      const { status, text } = await knock(await call)
      expect(text, name).not.toContain(door.secretWords)
      answers.push([name, status])
    }
    expect(answers.filter(([, status]) => status !== 401 && status !== 403)).toEqual([])
    expect([door.gateway.received, door.gateway.corrupt]).toEqual([[], []])
    expect(door.gateway.log.join('')).not.toContain(door.secretWords)
  })

  test('the untouched one is taken, so that the others failed for their own reason; played again it is one message', async () => {
    expect((await knock(door.good)).status).toBeLessThan(300)
    await knock(door.good)
    expect(door.gateway.messages()).toHaveLength(1)
    expect(JSON.stringify(door.gateway.messages())).toContain(door.secretWords)
  })
})
