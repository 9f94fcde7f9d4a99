/**
 * All of the Bot Framework SDK, and nothing of ours: activities in by CloudAdapter, activities out by its connector
 * client. The SDK is archived; what takes its place has to offer these two functions.
 */

import { type Activity, CloudAdapter, type ConversationReference, type Response, type TurnContext } from 'botbuilder'
import {
  AppCredentials,
  AuthenticationConfiguration,
  type AuthenticateRequestResult,
  type AuthenticatorResult,
  BotFrameworkAuthentication,
  BotFrameworkAuthenticationFactory,
  ClaimsIdentity,
  type ConnectorClientOptions,
  ServiceClientCredentialsFactory,
} from 'botframework-connector'
import type { Fields } from '../fields.ts'
import type { Reference } from './sender.ts'

export interface Transport {
  /** Runs one checked activity through the adapter; `turn` gives the answer to an invoke. */
  receive(activity: Fields, authorization: string, turn: () => Promise<InvokeAnswer | undefined>): Promise<Answer>
  /** Rejects with whatever `post` or `token` threw. */
  send(reference: Reference, activity: Fields, post: Post): Promise<string | undefined>
}
export interface InvokeAnswer { status: number; body?: Fields }
export interface Answer { status: number; body: string | undefined }
export type Post = (url: string, method: string, headers: Record<string, string>, body: string) => Promise<string>

export interface TransportParts {
  appId: string
  loginUrl: string
  openIdMetadataUrl: string
  token(): Promise<string>
  verify(authorization: string): Promise<Fields>
}

const scope = 'https://api.botframework.com'

export function openTransport(parts: TransportParts): Transport {
  const adapterWith = (post: Post) => new CloudAdapter(authentication(parts, { httpClient: client(post) }))
  const receiving = adapterWith(() => Promise.reject(new Error('nothing is sent inside a turn')))

  return {
    async receive(activity, authorization, turn) {
      const answer: Answer = { status: 200, body: undefined }
      let invoked = false
      const response: Response = {
        status: (status: number) => Object.assign(answer, { status }),
        // Anything but the answer to an invoke is the SDK's words about an error.
        send: (body: unknown) => {
          if (invoked && body !== undefined) answer.body = JSON.stringify(body)
          return answer
        },
        header: () => undefined,
        end: () => undefined,
        socket: undefined,
      } as unknown as Response
      const logic = async (context: TurnContext) => {
        const said = await turn()
        if (!said) return
        invoked = true
        await context.sendActivity({ type: 'invokeResponse', value: said })
      }
      const request = { method: 'POST', headers: { authorization }, body: activity }
      await receiving.process(request, response, logic)
      return answer
    },
    async send(reference, activity, post) {
      let sent: string | undefined
      const logic = async (context: TurnContext) => {
        // The SDK makes every message a reply to one that it has just invented.
        context.onSendActivities((_, activities, next) => {
          for (const one of activities) delete one.replyToId
          return next()
        })
        sent = (await context.sendActivity(activity as Partial<Activity>))?.id || undefined
      }
      await adapterWith(post).continueConversationAsync(
        parts.appId,
        reference as unknown as Partial<ConversationReference>,
        logic,
      )
      return sent
    },
  }
}

/** Its own retries would send a message twice: it retries only what is thrown as its own error, so `post` throws ours. */
function client(post: Post): NonNullable<ConnectorClientOptions['httpClient']> {
  return {
    async sendRequest(request) {
      const headers = Object.fromEntries(Object.entries(request.headers.toJson()).map(([key, value]) => [key, String(value)]))
      const bodyAsText = await post(request.url, request.method, headers, String(request.body ?? ''))
      return { request, status: 200, headers: request.headers.clone(), bodyAsText }
    },
  }
}

/** The SDK's, but for the check of the token: see identity.ts. */
function authentication(parts: TransportParts, options: ConnectorClientOptions): BotFrameworkAuthentication {
  const inner = BotFrameworkAuthenticationFactory.create(
    '',
    true,
    parts.loginUrl,
    scope,
    scope,
    scope,
    parts.openIdMetadataUrl,
    parts.openIdMetadataUrl,
    'urn:botframework:azure',
    new Credentials(parts),
    new AuthenticationConfiguration(),
    undefined,
    options,
  )
  return new Authentication(inner, parts)
}

class Authentication extends BotFrameworkAuthentication {
  readonly #inner: BotFrameworkAuthentication
  readonly #parts: TransportParts

  constructor(inner: BotFrameworkAuthentication, parts: TransportParts) {
    super()
    this.#inner = inner
    this.#parts = parts
  }

  override async authenticateRequest(_activity: Activity, authorization: string): Promise<AuthenticateRequestResult> {
    const claims = await this.#parts.verify(authorization)
    const claimsIdentity = new ClaimsIdentity(
      Object.entries(claims).map(([type, value]) => ({ type, value: String(value) })),
      'Bearer',
    )
    return {
      audience: scope,
      callerId: 'urn:botframework:azure',
      claimsIdentity,
      connectorFactory: this.#inner.createConnectorFactory(claimsIdentity),
    }
  }

  override authenticateStreamingRequest(): Promise<AuthenticateRequestResult> {
    return Promise.reject(new Error('not by web socket'))
  }

  override createConnectorFactory(identity: ClaimsIdentity) {
    return this.#inner.createConnectorFactory(identity)
  }

  override createUserTokenClient(identity: ClaimsIdentity) {
    return this.#inner.createUserTokenClient(identity)
  }
}

class Credentials extends ServiceClientCredentialsFactory {
  readonly #parts: TransportParts

  constructor(parts: TransportParts) {
    super()
    this.#parts = parts
  }

  override isValidAppId = async (appId: string) => appId === this.#parts.appId
  override isAuthenticationDisabled = async () => false
  override createCredentials = async () => new OwnToken(this.#parts)
}

/** Past the SDK's cache, which is one for the whole process. */
class OwnToken extends AppCredentials {
  readonly #parts: TransportParts

  constructor(parts: TransportParts) {
    super(parts.appId, undefined, scope)
    this.#parts = parts
  }

  override getToken(): Promise<string> {
    return this.#parts.token()
  }

  protected override refreshToken(): Promise<AuthenticatorResult> {
    return Promise.reject(new Error('never asked for'))
  }
}
