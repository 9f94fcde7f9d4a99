/** Is everything at Meta as it must be, and can we put it right? */

import type { ChannelCheck, Host, Words } from '../../../core/channel.ts'
import type { CloudConfig } from '../config.ts'
import { checksOf } from '../../checks.ts'
import { fields, list, word } from '../../fields.ts'
import { askHealth } from './account.ts'
import type { Graph } from './graph.ts'
import type { CloudPayload } from './payload.ts'
import { approvedTemplates } from './templates.ts'

/** `messages` is what citizens write; it alone is delivered to a number's own address, the others to the app's. */
export const webhookFields = [
  'messages', 'account_alerts', 'account_review_update', 'account_update', 'business_capability_update',
  'message_template_quality_update', 'message_template_status_update', 'phone_number_name_update', 'phone_number_quality_update', 'security',
]

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/override */
export async function register(config: CloudConfig, host: Host<CloudPayload>, graph: Graph): Promise<void> {
  const { wabaId } = config
  if (wabaId && (await appsOf(wabaId, graph)).length === 0) await graph.call('POST', `${wabaId}/subscribed_apps`)
  if ((await webhookOf(config, graph)) !== host.publicUrl) {
    // Meta answers only after it has called us back with the verify token.
    await graph.call('POST', config.phoneNumberId, {
      json: {
        webhook_configuration: { override_callback_uri: host.publicUrl, verify_token: config.verifyToken.reveal() },
      },
    })
  }
  // What citizens write may well come without it; `check` says what is missing.
  if (wabaId) await subscribe(config, host, wabaId, graph).catch((error: Error) => host.log.warn({ reason: error.message }, 'whatsapp: the fields of the webhook could not be subscribed'))
}

/** An app whose webhooks go elsewhere is left as it is: it may be somebody else's as well. */
async function subscribe(config: CloudConfig, host: Host<CloudPayload>, wabaId: string, graph: Graph): Promise<void> {
  const found = await subscriptionOf(config, wabaId, graph)
  if (!found || found.missing.length === 0 || (found.url && found.url !== host.publicUrl)) return
  await graph.call('POST', `${found.app}/subscriptions`, {
    token: appToken(found.app, config),
    json: {
      object: 'whatsapp_business_account', callback_url: host.publicUrl, verify_token: config.verifyToken.reveal(),
      fields: [...found.fields, ...found.missing].join(','), include_values: true,
    },
  })
}

interface Subscription {
  app: string
  url: string | undefined
  fields: string[]
  missing: string[]
}

/** https://developers.facebook.com/docs/graph-api/reference/app/subscriptions */
async function subscriptionOf(config: CloudConfig, wabaId: string, graph: Graph): Promise<Subscription | undefined> {
  for (const app of await appsOf(wabaId, graph)) {
    // Others may be subscribed too; the one whose secret we have is ours.
    const answer = await graph.call('GET', `${app}/subscriptions`, { token: appToken(app, config) }).catch(() => undefined)
    if (!answer) continue
    const ours = list(fields(answer)?.data).find(({ object }) => object === 'whatsapp_business_account')
    const names = list(ours?.fields).map(({ name }) => word(name)).filter((name) => name !== undefined)
    return { app, url: word(ours?.callback_url), fields: names, missing: webhookFields.filter((name) => !names.includes(name)) }
  }
  return undefined
}

const appToken = (app: string, { appSecret }: CloudConfig): string => `${app}|${appSecret.reveal()}`

async function webhookOf(config: CloudConfig, graph: Graph): Promise<string | undefined> {
  const number = fields(await graph.call('GET', `${config.phoneNumberId}?fields=webhook_configuration`))
  const urls = fields(number?.webhook_configuration)
  return word(urls?.phone_number) ?? word(urls?.whatsapp_business_account) ?? word(urls?.application)
}

/** The ids of the apps that hear of this account. */
async function appsOf(wabaId: string, graph: Graph): Promise<string[]> {
  const all = list(fields(await graph.call('GET', `${wabaId}/subscribed_apps`))?.data)
  return all.map((one) => word(fields(one.whatsapp_business_api_data)?.id)).filter((id) => id !== undefined)
}

const tried = checksOf((error) => (error instanceof Error ? error : new Error('failed')))

export async function check(config: CloudConfig, host: Host<CloudPayload>, graph: Graph): Promise<ChannelCheck[]> {
  const { wabaId } = config
  const checks = [
    tried(
      { pt: 'token de acesso e número', en: 'access token and phone number' },
      {
        pt: 'Crie um token de utilizador do sistema com whatsapp_business_messaging e whatsapp_business_management; veja phoneNumberId.',
        en: 'Create a system user token with whatsapp_business_messaging and whatsapp_business_management; check phoneNumberId.',
      },
      async () => {
        const { said } = await askHealth(config, graph)
        return { ok: true, detail: said }
      },
    ),
    tried(
      { pt: 'o que a Meta lhe permite', en: 'what Meta lets it do' },
      { pt: 'Veja o WhatsApp Manager e business.facebook.com/business-support-home.', en: 'See WhatsApp Manager, and business.facebook.com/business-support-home.' },
      async () => {
        const { problems } = await askHealth(config, graph)
        if (problems.length === 0) return { ok: true, detail: { pt: 'sem limites', en: 'no limits' } }
        const said = (language: keyof Words) => problems.map(({ reason }) => reason[language]).join(' ')
        return { ok: false, detail: { pt: said('pt'), en: said('en') } }
      },
    ),
    tried(
      'webhook',
      {
        pt: `Aponte o webhook deste número para ${host.publicUrl}, ou deixe registerWebhook ligado.`,
        en: `Point the webhook of this number to ${host.publicUrl}, or leave registerWebhook on.`,
      },
      async () => {
        const url = await webhookOf(config, graph)
        return { ok: url === host.publicUrl, detail: url
          ? { pt: `a Meta chama ${url}`, en: `Meta calls ${url}` }
          : { pt: 'a Meta não tem endereço para este número', en: 'Meta has no address for this number' } }
      },
    ),
  ]
  if (wabaId) {
    checks.push(
      tried(
        { pt: 'subscrição do webhook', en: 'webhook subscription' },
        {
          pt: 'Subscreva a aplicação na conta WhatsApp Business, com o campo «messages».',
          en: 'Subscribe the app to the WhatsApp Business Account, with the field "messages".',
        },
        async () => {
          const ok = (await appsOf(wabaId, graph)).length > 0
          return { ok, detail: ok
            ? { pt: 'a aplicação está subscrita na conta', en: 'the app is subscribed to the account' }
            : { pt: 'nenhuma aplicação está subscrita na conta', en: 'no app is subscribed to the account' } }
        },
      ),
      tried(
        { pt: 'campos do webhook', en: 'webhook fields' },
        {
          pt: `Nas definições da aplicação, WhatsApp → Configuration, indique ${host.publicUrl} e subscreva os campos. Sem «messages» nada ` +
            'chega; sem os outros ninguém sabe o que a Meta diz da conta.',
          en: `In the app's settings, WhatsApp → Configuration, give ${host.publicUrl} and subscribe the fields. Without "messages" nothing ` +
            'arrives; without the others nobody is told what Meta says of the account.',
        },
        async () => {
          const found = await subscriptionOf(config, wabaId, graph)
          if (!found) return { ok: false, detail: { pt: 'nenhuma aplicação desta conta tem este appSecret', en: 'no app of this account has this appSecret' } }
          const { url, missing } = found
          const ok = missing.length === 0 && (url === host.publicUrl || !config.registerWebhook)
          const lacking = missing.join(', ')
          return { ok, detail: {
            pt: `${lacking && `por subscrever: ${lacking}; `}os webhooks da própria aplicação vão para ${url ?? 'lado nenhum'}`,
            en: `${lacking && `not subscribed: ${lacking}; `}the app's own webhooks go to ${url ?? 'nowhere'}`,
          } }
        },
      ),
      tried(
        { pt: 'modelos', en: 'templates' },
        {
          pt: 'Sem um modelo não se pode escrever a ninguém mais de 24 horas depois da sua última mensagem.',
          en: 'Without a template nobody can be written to more than 24 hours after their last message.',
        },
        async () => {
          const count = (await approvedTemplates(config, graph)).length
          return { ok: count > 0, detail: {
            pt: `${count} modelos aprovados que os operadores podem usar`, en: `${count} approved templates that operators can use`,
          } }
        },
      ),
    )
  }
  return Promise.all(checks)
}
