/** A town hall: its departments, operators, channels and links. */

import type { Capabilities } from '../../../src/core/channel.ts'
import type { ChannelView, DepartmentView, LinkView, OperatorView, QuickAnswer, Session } from '../../../src/operator-api.types.ts'

export const departments: DepartmentView[] = [
  { id: 'geral', name: { pt: 'Atendimento geral', en: 'Front desk' }, open: true, opensAt: null, warnBefore: null },
  { id: 'aguas', name: { pt: 'Águas e saneamento', en: 'Water and sewers' }, open: true, opensAt: null, warnBefore: 300_000 },
  { id: 'urbanismo', name: { pt: 'Urbanismo', en: 'Planning' }, open: true, opensAt: null, warnBefore: null },
  { id: 'ambiente', name: { pt: 'Ambiente e resíduos', en: 'Environment and waste' }, open: true, opensAt: null, warnBefore: null },
  { id: 'social', name: { pt: 'Ação social', en: 'Social care' }, open: false, opensAt: null, warnBefore: null },
]

const operator = (id: string, name: string, role: OperatorView['role'], own: string[], presence: OperatorView['presence']): OperatorView => ({
  id, name, role, presence, departments: own, language: 'pt', capacity: 8, disabled: false, preferences: {},
  email: `${name.split(' ')[0]?.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '')}@valeformoso.example`,
})
export const operators: OperatorView[] = [
  operator('op-ana', 'Ana Ribeiro', 'admin', ['geral', 'aguas', 'urbanismo', 'ambiente', 'social'], 'online'),
  operator('op-rui', 'Rui Tavares', 'operator', ['aguas', 'geral'], 'online'),
  operator('op-marta', 'Marta Fonseca', 'supervisor', ['urbanismo', 'geral'], 'busy'),
  operator('op-ines', 'Inês Carvalho', 'operator', ['ambiente'], 'online'),
  operator('op-paulo', 'Paulo Nogueira', 'operator', ['social', 'geral'], 'away'),
]

const base: Capabilities = {
  text: { max: 4096, unit: 'characters', markup: 'none' },
  choices: { max: 10, maxLabel: 40 },
  attachments: { kinds: { image: { maxBytes: 5_000_000 }, audio: { maxBytes: 16_000_000 }, video: { maxBytes: 16_000_000 }, file: { maxBytes: 20_000_000 } }, perMessage: 10, caption: 1024 },
  location: true, initiate: 'always',
  inbound: { edits: true, deletes: true, reactions: true, typing: true }, outbound: { edits: false, deletes: false, reactions: false, typing: true },
  receipts: ['sent', 'delivered', 'read'], idempotent: 'none', source: 'https://example.org/',
}
const channel = (id: string, kind: string, name: string, capabilities: Partial<Capabilities>, state: Partial<ChannelView['state']> = {}): ChannelView => ({
  id, kind, name, enabled: true, reaches: kind === 'sms' || kind === 'email', capabilities: { ...base, ...capabilities },
  state: { status: 'connected', gap: null, lastInAt: null, lastOutAt: null, lastError: null, lastErrorAt: null, ...state },
})
export function channelsAt(now: number): ChannelView[] {
  const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString()
  return [
    channel('web', 'webchat', 'Chat do sítio', { pull: true }, { lastInAt: ago(2), lastOutAt: ago(1) }),
    channel('whatsapp', 'whatsapp', 'WhatsApp da Câmara', { choices: { max: 3, maxLabel: 20 }, initiate: { withinHours: 24, otherwise: 'template' }, attachments: { ...base.attachments!, perMessage: 1 } }, {
      status: 'needs-attention', lastInAt: ago(38), lastOutAt: ago(41), lastError: 'sessão terminada no telemóvel', lastErrorAt: ago(37), qr: '2@9dV1kYwq3yM0uQe7Zc5hTj8pLr2Bn4Xs,Fj6Ww0aK9tR3eYvU1iO5pLkJhGf2dSaQz,8xCvBnM1=',
      reason: { pt: 'O WhatsApp terminou a sessão. Leia o código com o telemóvel do município.', en: 'WhatsApp ended the session. Scan the code with the town’s phone.' },
    }),
    channel('telegram', 'telegram', 'Telegram', {}, { lastInAt: ago(12), lastOutAt: ago(11) }),
    channel('teams', 'teams', 'Teams', { choices: { max: 6, maxLabel: 40 } }, { lastInAt: ago(190), lastOutAt: ago(188), gap: { since: ago(400), until: ago(200) } }),
    channel('sms', 'sms', 'SMS', { text: { max: 3, unit: 'sms-segments', markup: 'none' }, choices: null, attachments: null, receipts: ['sent', 'delivered'] }, { lastInAt: ago(25), lastOutAt: ago(24) }),
    channel('email', 'email', 'atendimento@valeformoso.example', { text: { max: 200_000, unit: 'characters', markup: 'none' }, choices: null, receipts: ['sent'] }, { status: 'degraded', lastInAt: ago(7), lastOutAt: ago(9), lastError: 'SMTP 421: demasiadas ligações', lastErrorAt: ago(9), reason: { pt: 'O servidor de saída pede para esperar; as mensagens seguem quando aceitar.', en: 'The outgoing server asks us to wait; messages go when it accepts.' } }),
  ]
}
export const channels = channelsAt(Date.now())

export const links: LinkView[] = [
  { id: 'marcacao', label: { pt: 'Marcação de atendimento', en: 'Book an appointment' }, url: 'https://www.valeformoso.example/marcacoes', kind: 'appointment', topic: 'Atendimento' },
  { id: 'leitura', label: { pt: 'Comunicar a leitura do contador', en: 'Send a meter reading' }, url: 'https://www.valeformoso.example/agua/leitura', kind: 'form', topic: 'Água' },
  { id: 'contrato', label: { pt: 'Contrato de água', en: 'Water contract' }, url: 'https://www.valeformoso.example/agua/contrato', kind: 'form', topic: 'Água' },
  { id: 'monos', label: { pt: 'Recolha de monos', en: 'Bulky waste collection' }, url: 'https://www.valeformoso.example/ambiente/monos', kind: 'form', topic: 'Resíduos' },
  { id: 'plantas', label: { pt: 'Plantas de localização', en: 'Site plans' }, url: 'https://www.valeformoso.example/urbanismo/plantas', kind: 'page', topic: 'Urbanismo' },
]

export const quickAnswers = (): QuickAnswer[] => ([
  ['bomdia', null, 'Saudação', 'Bom dia, {{nome}}. O meu nome é {{operador}}, do {{municipio}}. Em que posso ajudar?'],
  ['leitura', 'aguas', 'Leitura do contador', 'Pode comunicar a leitura entre os dias 20 e 25 de cada mês, aqui: https://www.valeformoso.example/agua/leitura'],
  ['protocolo', null, 'Número do pedido', 'O seu pedido tem o número {{referencia}}. Guarde-o: com ele encontramos a conversa em qualquer canal.'],
  ['monos', 'ambiente', 'Recolha de monos', 'A recolha é gratuita, às quartas-feiras. Diga-nos a morada e o que tem para recolher.'],
  ['obrigado', null, 'Despedida', 'Obrigado pelo seu contacto. Se precisar de mais alguma coisa, é só responder.'],
] as const).map(([shortcut, departmentId, title, text], index) => ({ id: String(index + 1), shortcut, departmentId, title, text, language: 'pt', attachments: [] }))

export const session = (me: OperatorView): Session => ({
  operator: me, departments, channels, operators, links, topics: {}, video: true, undoSeconds: 5, version: '0.1.0',
  municipality: { name: 'Município de Vale Formoso', timezone: 'Europe/Lisbon', language: 'pt', referencePrefix: 'VFM' },
})
