/** What is wrong with a channel, and what its test found, comes to admins in both of the inbox's languages. */

import { expect, onTestFinished, test } from 'vitest'
import type { CheckView, Problem } from '../../src/operator-api.types.ts'
import { signIn } from '../harness/browserless.ts'
import { startGateway } from '../harness/gateway.ts'
import { startTelegram } from '../vendors/telegram.ts'

test('a token that is refused: among the problems, and in the channel’s test, in Portuguese and in English', async () => {
  const telegram = await startTelegram()
  onTestFinished(() => telegram.close())
  const gateway = await startGateway({ channels: { bot: { kind: 'telegram', apiRoot: telegram.apiRoot, token: { env: 'TOKEN' } } }, env: { TOKEN: '1:wrong' } })
  onTestFinished(() => gateway.close())
  const admin = await signIn(gateway, 'admin@valeformoso.example')
  const problem = await gateway.until('it is told', async () => (await admin.get<Problem[]>('/api/admin/problems')).find(({ id }) => id === 'channel-bot'))
  expect(problem.reason).toEqual({
    pt: expect.stringMatching(/O Telegram não aceita este bot \(401.*: o token do bot não é aceite\)/) as string,
    en: expect.stringMatching(/Telegram does not accept this bot \(401.*: the bot's token is not accepted\)/) as string,
  })
  const { body } = await admin.call<{ checks: CheckView[] }>('POST', '/api/admin/channels/bot/test')
  expect(body.checks[0]).toEqual({
    name: { pt: 'token do bot', en: 'bot token' },
    ok: false,
    detail: { pt: expect.stringContaining('não é aceite') as string, en: expect.stringContaining('is not accepted') as string },
    fix: { pt: expect.stringContaining('Peça o token ao @BotFather') as string, en: expect.stringContaining('Get the token from @BotFather') as string },
  })
})
