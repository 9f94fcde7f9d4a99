/** The bot at work: signed in, called by Teams, and answering. */

import { type Connection, type Host, SendError } from '../../core/channel.ts'
import type { Attachment, DeliveryKey, Route } from '../../core/model.ts'
import { outOfTime } from '../cut.ts'
import { check } from './check.ts'
import type { TeamsConfig } from './config.ts'
import { consentCard } from './consent-card.ts'
import { mostConsentBytes, openConsents } from './consent.ts'
import { failureOf } from './failures.ts'
import { type Identity, openIdentity, Unready } from './identity.ts'
import { download } from './media.ts'
import type { TeamsPayload } from './normalise.ts'
import { fileAttachment, isShown, nameOf, type TeamsRequest } from './render.ts'
import { poster } from './send.ts'
import { isAllowed } from './service-urls.ts'
import { markEveryMs, stateOf } from './state.ts'
import { openToken } from './token.ts'
import type { TeamsRoute } from './sender.ts'
import { webhook } from './webhook.ts'
import { wordsFor } from './words.ts'

const typingMs = 5_000
/** Of the card that follows a consent, while its press waits. */
const answerMs = 5_000
const slowestMs = 60_000

export async function connect(config: TeamsConfig, host: Host<TeamsPayload>): Promise<Connection<TeamsRequest>> {
  // Its SDK is heavy: only who connects waits for it.
  const { openTransport } = await import('./transport.ts')
  const now = () => host.now()
  const token = openToken(config, now)
  const identity = openIdentity(config, now)
  const transport = openTransport({ ...config, token: () => token.get(), verify: (given) => identity.verify(given) })
  const state = stateOf(host, await host.cursor.load())
  const closing = new AbortController()
  state.tell('connecting')

  const mark = () => host.cursor.save({ at: now().toISOString() }).catch(() => undefined)
  void mark()
  const marking = setInterval(() => void mark(), markEveryMs)
  marking.unref()

  let trying: NodeJS.Timeout | undefined
  const problem = (work: Promise<unknown>) => work.then(() => undefined, failureOf)
  /** May we write, and can we tell who writes to us? */
  const signIn = async (failures = 0): Promise<void> => {
    const failed = await Promise.all([problem(token.get()), problem(identity.read())])
    trying = undefined
    if (closing.signal.aborted) return
    const [sending, hearing] = failed
    if (sending) state.failed(sending)
    else state.tell('connected')
    if (hearing) state.failed(hearing, 'keys')
    else state.well('keys')
    if (!sending && !hearing) return
    const ms = Math.min(slowestMs, 1_000 * 2 ** Math.min(failures, 6)) * (0.5 + host.random() / 2)
    trying = setTimeout(() => void signIn(failures + 1), ms).unref()
  }
  void signIn()

  async function send(request: TeamsRequest, signal: AbortSignal, key?: DeliveryKey): Promise<{ externalId?: string }> {
    const { reference, activity, files } = request
    if (!reference) throw new SendError('rejected', { pt: 'não se sabe para que conversa responder', en: 'nobody knows which conversation to answer in' })
    if (!isAllowed(reference.serviceUrl, config.serviceUrls))
      throw new SendError('rejected', { pt: 'o endereço desta conversa não está em serviceUrls', en: 'the address of this conversation is not in serviceUrls' })
    if (signal.aborted) throw outOfTime()
    const attachments = [
      ...files.map((file) =>
        key !== undefined && config.files === 'consent' && mayAsk(file)
          ? consentCard(file, nameOf(file), key, reference, config.appPassword)
          : fileAttachment(file, host.urlOf(file), wordsFor(reference)),
      ),
      ...((activity.attachments as unknown[] | undefined) ?? []),
    ]
    const whole = attachments.length > 0 ? { ...activity, attachments } : { ...activity }
    try {
      const id = await transport.send(reference, whole, poster(token, now, signal))
      return id ? { externalId: `${reference.conversation.id};${id}` } : {}
    } catch (thrown) {
      throw failureOf(thrown)
    }
  }

  const consents = openConsents(config, host, (reference, activity) =>
    send({ reference, activity, files: [] }, AbortSignal.timeout(answerMs)),
  )

  /** Nobody is let in whose signature cannot be checked, and an admin is told why. */
  const watched: Identity = {
    ...identity,
    async verify(authorization) {
      try {
        return await identity.verify(authorization)
      } catch (error) {
        if (error instanceof Unready && !trying) void signIn()
        throw error
      }
    },
  }

  return {
    webhook: webhook({ config, host, identity: watched, transport, consents }),
    maxBodyBytes: 1024 * 1024,
    async send(request, { signal, key }) {
      try {
        const sent = await send(request, signal, key)
        state.tell('connected')
        return sent
      } catch (thrown) {
        const error = failureOf(thrown)
        if (error.reason === 'misconfigured') state.failed(error)
        throw error
      }
    },
    fetch: (source, signal) => download(config, token, source, signal),
    async typing(route: Route) {
      const { reference } = route as Partial<TeamsRoute>
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(typingMs)])
      await send({ reference, activity: { type: 'typing' }, files: [] }, signal).catch(() => undefined)
    },
    check: () => check(config, token, identity),
    async close() {
      closing.abort()
      await consents.close()
      clearInterval(marking)
      clearTimeout(trying)
      await mark()
      host.report({ status: 'closed' })
    },
  }
}

/** OneDrive takes no file of nothing, and Teams does not wait for a large one. */
const mayAsk = (file: Attachment): boolean =>
  !isShown(file) && file.source.startsWith('file:') && (file.bytes ?? 0) > 0 && file.bytes! <= mostConsentBytes
