/** Each request of the operators' API and what the stand-in answers. */

import type { CheckView, ConversationFilter, GivenAnswers, LiveEvent, MissGroup, OperatorView, Preview, Problem, QuickAnswer, SavedView, Session, TestPartner } from '../../../src/operator-api.types.ts'
import { readFilter } from '../../../operator-ui/src/filter.ts'
import { forms, readForm } from './forms.ts'
import { calendarFrom } from './hours.ts'
import type { State } from './state.ts'
import { password } from './server.ts'
import { channels, quickAnswers, session as sessionOf } from './town.ts'

export interface Reply { status?: number; body?: unknown; headers?: Record<string, string> }
interface Asked { method: string; url: URL; body: Buffer; me: OperatorView | undefined; people: OperatorView[]; state: State; session: Partial<Session>; tell(event: LiveEvent): void }

const answers = quickAnswers()
const savedViews: SavedView[] = []
const refused = (status: number, error: string, message: string, more: object = {}): Reply => ({ status, body: { error, message, ...more } })
const gone = refused(404, 'not-found', 'Não existe ou não tem acesso.')

export function answer(asked: Asked): Reply {
  const { method, url, body, me, people } = asked
  const json = (): Record<string, unknown> => (body.length > 0 ? JSON.parse(body.toString()) as Record<string, unknown> : {})
  const route = `${method} ${url.pathname}`
  if (route === 'POST /api/auth/sign-in/email') {
    const given = json()
    const found = people.find((one) => one.email === given.email && !one.disabled)
    if (!found || given.password !== password) return refused(401, 'INVALID_EMAIL_OR_PASSWORD', 'Invalid email or password')
    return { body: { user: found.id }, headers: { 'set-cookie': `balcao=${found.id}; Path=/; HttpOnly; SameSite=Lax` } }
  }
  if (route === 'POST /api/auth/sign-out') return { body: {}, headers: { 'set-cookie': 'balcao=; Path=/; Max-Age=0' } }
  if (route === 'POST /api/set-password') return json().token === 'ligação-boa' ? {} : refused(400, 'token', 'Esta ligação já foi usada ou expirou. Peça outra.')
  if (!me) return refused(401, 'signed-out', 'Entre de novo.')
  return ofOperator({ ...asked, me }, route, json) ?? gone
}

function ofOperator(asked: Asked & { me: OperatorView }, route: string, json: () => Record<string, unknown>): Reply | undefined {
  const { url, me, people, state, session } = asked
  const [, kind, id = '', what = ''] = url.pathname.replace('/api/', '/').split('/')
  const query = url.searchParams
  switch (route) {
    case 'GET /api/session': return { body: { ...sessionOf(me), operators: people, ...session } }
    case 'PUT /api/me': return { body: Object.assign(me, json()) }
    case 'GET /api/counts': return { body: state.counts(me.id) }
    case 'GET /api/conversations': return { body: state.list(readFilter(url.search) as ConversationFilter, me.id, query.get('cursor'), Number(query.get('limit') ?? 50)) }
    case 'POST /api/conversations/preview': return { body: preview(json()) }
    case 'POST /api/conversations/bulk': {
      const { ids, actions, clientId } = json() as unknown as { ids: string[]; actions: Parameters<State['act']>[2]['actions']; clientId: string }
      for (const one of ids) state.act(one, me, { clientId: `${clientId}:${one}`, actions })
      return { body: { done: ids, refused: {} } }
    }
    case 'POST /api/attachments': return { body: { source: `file:${'0'.repeat(64)}`, kind: 'file', mimeType: 'application/pdf', name: query.get('name') ?? '', bytes: asked.body.length } }
    case 'GET /api/calls': return { body: [] }
    case 'GET /api/quick-answers': return { body: answers }
    case 'POST /api/quick-answers': {
      const made = { id: String(answers.length + 1), ...json() } as QuickAnswer
      if (answers.some(({ shortcut }) => shortcut === made.shortcut)) return refused(409, 'taken', 'Já existe uma resposta com este atalho.', { field: 'shortcut' })
      answers.push(made)
      return { body: made }
    }
    case 'GET /api/saved-views': return { body: savedViews }
    case 'POST /api/saved-views': {
      const view = { id: String(savedViews.length + 1), mine: true, ...json() } as SavedView
      savedViews.push(view)
      return { body: view }
    }
    case 'GET /api/citizens': return { body: state.citizens(query.get('q') ?? '') }
    case 'GET /api/admin/channels': return { body: session.channels ?? channels }
    case 'GET /api/admin/operators': return { body: people }
    case 'POST /api/admin/operators': {
      const given = json()
      if (people.some(({ email }) => email === given.email)) return refused(409, 'taken', 'Já existe um operador com este e-mail.', { field: 'email' })
      const made = { ...people[1]!, id: `op-${people.length}`, preferences: {}, presence: 'away', ...given } as OperatorView
      people.push(made)
      return { body: { operator: made, setPasswordUrl: `${url.origin}/inbox/set-password?token=abc` } }
    }
    case 'GET /api/admin/problems': return { body: problems }
    case 'GET /api/admin/calendar': return { body: calendarFrom(query.get('from') ?? undefined) }
    case 'GET /api/admin/misses': return { body: misses }
  }
  if (kind === 'conversations') return ofConversation(asked, route, id, what, json)
  if (kind === 'messages') return state.decide(id, String(json().decision)) ? { body: {} } : refused(409, 'too-late', 'Já não é possível: o estado da mensagem mudou.')
  if (kind === 'quick-answers') {
    const at = answers.findIndex((one) => one.id === id)
    if (at < 0) return undefined
    if (asked.method === 'DELETE') answers.splice(at, 1)
    else answers[at] = { ...answers[at]!, ...json() }
    return { body: answers[at] ?? {} }
  }
  if (kind === 'saved-views') { savedViews.splice(savedViews.findIndex((one) => one.id === id), 1); return {} }
  if (kind === 'citizens' && what === 'link') { const { identityId, proof } = json(); const found = state.link(id, String(identityId), String(proof), me.id); return found && { body: found } }
  if (kind === 'links') { const found = state.unlink(id); return found ? { body: found } : { body: {} } }
  if (kind === 'channels' && what === 'templates') return { body: [{ name: 'retomar_conversa', language: 'pt_PT', text: 'Olá {{1}}, temos novidades sobre o seu pedido {{2}}. Responda para continuar.', parameters: 2 }] }
  if (url.pathname.endsWith('/test-partners')) return { body: url.pathname.includes('/telegram/') ? [{ threadId: '71', citizenId: 'c71', name: 'Ana Ribeiro', reference: 'VFM-2026-011990', at: new Date().toISOString() }, { threadId: '72', citizenId: 'c72', name: 'Joaquim Neves', reference: 'VFM-2026-011989', at: new Date().toISOString() }] satisfies TestPartner[] : [] }
  if (url.pathname.endsWith('/test-message') && json().threadId) return { body: { sent: true, conversationId: '2' } }
  if (url.pathname.endsWith('/test-message')) return String(json().to).includes('@') ? { body: { sent: true } } : { body: { sent: false, reason: 'rejected', detail: { pt: '21614: não é um telemóvel', en: '21614: not a mobile number' } } }
  if (url.pathname.startsWith('/api/admin/channels/')) return { body: { checks: [{ name: { pt: 'credenciais', en: 'credentials' }, ok: true, detail: { pt: 'aceites', en: 'accepted' } }, { name: { pt: 'webhook', en: 'webhook' }, ok: id !== 'telegram', detail: { pt: 'registado', en: 'registered' } }] satisfies CheckView[] } }
  if (url.pathname.startsWith('/api/admin/inbound/')) { problems.splice(problems.findIndex((one) => one.kind === 'corrupt'), 1); return {} }
  if (url.pathname.startsWith('/api/admin/operators/')) {
    const target = people.find((one) => one.id === url.pathname.split('/')[4])
    if (!target) return undefined
    if (url.pathname.endsWith('/reset')) return { body: { setPasswordUrl: `${url.origin}/inbox/set-password?token=nova` } }
    return { body: Object.assign(target, json()) }
  }
  return undefined
}

function ofConversation({ method, url, me, state }: Asked & { me: OperatorView }, route: string, id: string, what: string, json: () => Record<string, unknown>): Reply | undefined {
  const found = (body: unknown) => (body === undefined ? undefined : { body })
  if (!state.kept(id)) return undefined
  switch (`${method} ${what}`) {
    case 'GET ': return found(state.detail(id, me.id))
    case 'GET timeline': return found(state.timeline(id, url.searchParams.has('before') ? Number(url.searchParams.get('before')) : undefined, Number(url.searchParams.get('limit') ?? 50)))
    case 'POST act': {
      const result = state.act(id, me, json() as never)
      if (!result) return undefined
      return 'crossed' in result ? refused(409, `crossed-${result.crossed}`, result.crossed === 'owner' ? 'Outro colega ficou com esta conversa.' : 'Outro colega respondeu entretanto.', { conversation: result.conversation, ...(result.operatorId && { operatorId: result.operatorId }) }) : { body: result }
    }
    case 'PUT read': state.read(id, me.id, Number(json().seq)); return {}
    case 'PUT draft': { const { kind, text } = json(); state.draft(id, me.id, kind as 'reply', String(text)); return {} }
    case 'PUT presence': state.presence(id, me.id, json().writing !== false); return {}
    case 'DELETE presence': state.presence(id, me.id, undefined); return {}
    case 'GET forms': return { body: forms(url.searchParams.get('language') ?? 'pt') }
    case 'POST forms': { const { given, language } = json(); return found(readForm(url.pathname.split('/')[5] ?? '', given as GivenAnswers, String(language))) }
    case 'POST split': return found(state.split(id, Number(json().fromSeq), me.id))
    case 'POST merge': return found(state.merge(id, String(json().into), me.id))
  }
  throw new Error(`the stand-in does not know ${route}`)
}

const gsm = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*$/

function preview(given: Record<string, unknown>): Preview {
  const text = String(given.text ?? '')
  const choices = ((given.choices ?? []) as { label: string }[]).map(({ label }) => label)
  const channel = channels.find(({ id }) => id === given.channelId)
  const isSms = channel?.kind === 'sms'
  const numbered = channel?.capabilities.choices ? text : [text, ...choices.map((label, index) => `${index + 1}) ${label}`)].join('\n')
  const size = gsm.test(numbered) ? 160 : 70
  return {
    parts: [{ text: numbered, choices: channel?.capabilities.choices ? choices : [], attachments: ((given.attachments ?? []) as { name: string }[]).map(({ name }) => name) }],
    segments: isSms ? Math.max(1, Math.ceil(numbered.length / size)) : null, encoding: isSms ? (size === 160 ? 'GSM-7' : 'UCS-2') : null, problems: [],
  }
}

const problems: Problem[] = [
  { id: '900', kind: 'corrupt', at: '2026-11-23T08:12:00Z', title: 'telegram', detail: 'a mensagem não tem remetente', replayable: true },
  { id: '20015', kind: 'delivery', at: '2026-11-23T09:40:00Z', title: 'VFM-2026-011999', detail: 'rejected', conversationId: '2' },
  { id: '17', kind: 'unattended', at: '2026-11-23T07:55:00Z', title: 'VFM-2026-011984', detail: 'aguas', conversationId: '17' },
  { id: 'channel-sms', kind: 'channel', at: '2026-11-23T07:00:00Z', title: 'SMS', detail: '', reason: { pt: 'A conta do Twilio está suspensa.', en: 'The account at Twilio is suspended.' } },
  { id: 'gap-teams', kind: 'channel', at: '2026-11-23T07:00:00Z', title: 'Teams', detail: '', gap: { since: '2026-11-23T04:10:00Z', until: '2026-11-23T07:00:00Z' } },
  { id: 'config-0', kind: 'config', at: '2026-11-23T10:00:00Z', title: '', detail: 'config/gateway.yaml:22:5 channels.telegram: chave desconhecida «botTokn»; seria «botToken»?' },
]
const misses: MissGroup[] = [
  { id: 'm1', sample: 'quando é que passam a recolher as folhas', language: 'pt', count: 7, nearest: ['answer.verdes-jardim', 'answer.lixo-horario'], answered: null, texts: [{ text: 'quando é que passam a recolher as folhas', at: '2026-11-22T10:00:00Z', conversationId: '5' }, { text: 'as folhas da minha rua ninguém as leva', at: '2026-11-21T10:00:00Z', conversationId: '6' }] },
  { id: 'm2', sample: 'Chamo-me Maria Antunes, NIF 123456789, tel. 912 345 678: a água sabe a lixívia', language: 'pt', count: 3, nearest: ['answer.agua-qualidade'], answered: null, texts: [{ text: 'Chamo-me Maria Antunes, NIF 123456789, tel. 912 345 678: a água sabe a lixívia', at: '2026-11-20T10:00:00Z', conversationId: '7' }] },
  { id: 'm3', sample: 'onde pago a conta da água', language: 'pt', count: 1, nearest: ['answer.agua-pagar-fatura'], answered: 'answer.agua-pagar-fatura', texts: [{ text: 'onde pago a conta da água', at: '2026-11-19T10:00:00Z', conversationId: '7' }] },
]
