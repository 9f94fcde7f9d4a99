/** Believable conversations of a town, on all channels. Data only; every name and number in it is invented. */

import type { Attachment, ContactCard, Language, Location, Priority } from '../core/model.ts'

export type Line =
  /** The citizen writes. */
  | { in: string; location?: Location; contact?: ContactCard; attachments?: Attachment[]; subject?: string; quoted?: string; chosen?: string; unsupported?: string }
  /** An operator answers, notes, or does something, as their number in `demoOperators`. */
  | { by: number; reply: string } | { by: number; note: string } | { by: number; take: true } | { by: number; move: string; note?: string }
  | { by: number; close: string; score?: number } | { by: number; snoozeHours: number } | { by: number; tag: string[] } | { by: number; priority: Priority }
  /** What became of the last reply. */
  | { delivery: 'delivered' | 'read' | 'failed' | 'unknown'; reason?: string }
  | { edited: string }

export interface Story {
  channel: 'web' | 'whatsapp' | 'telegram' | 'teams' | 'sms' | 'email'
  name: string | null
  address: string
  phone?: string
  email?: string
  language?: Language
  /** How long ago it began. */
  hoursAgo: number
  minutesBetween: number
  lines: Line[]
}

/** By `/` in the composer; what stands in {{…}} is filled in. */
export const demoQuickAnswers = [
  { shortcut: 'bomdia', department_id: null, title: 'Cumprimento', text: 'Bom dia, {{nome}}. O meu nome é {{operador}}, do {{municipio}}. Em que posso ajudar?' },
  { shortcut: 'numero', department_id: null, title: 'Número do pedido', text: 'O seu pedido tem o número {{referencia}}. Assim que houver resposta, avisamos por aqui.' },
  { shortcut: 'leitura', department_id: 'aguas', title: 'Leitura do contador', text: 'Pode enviar-nos uma fotografia do contador, com os algarismos pretos bem visíveis?' },
  { shortcut: 'planta', department_id: 'urbanismo', title: 'Falta a planta', text: 'Para avançarmos com {{assunto}} falta a planta de localização, à escala 1:2000.' },
]

export const demoOperators = [
  { name: 'Ana Martins', email: 'ana.martins@valeformoso.example', departments: ['geral', 'aguas'] },
  { name: 'Rui Tavares', email: 'rui.tavares@valeformoso.example', departments: ['geral', 'urbanismo'] },
  { name: 'Sofia Pinto', email: 'sofia.pinto@valeformoso.example', departments: ['ambiente', 'social'] },
]

export const stories: Story[] = [
  {
    channel: 'whatsapp', name: 'Maria da Conceição', address: '351912000101', phone: '+351912000101', hoursAgo: 1.2, minutesBetween: 4,
    lines: [
      { in: 'Boa tarde, tenho água a sair do passeio em frente ao número 14 da Rua das Amoreiras' }, { in: 'quero falar com uma pessoa por favor' },
      { by: 0, take: true }, { by: 0, reply: 'Boa tarde, D. Maria. Obrigada pelo aviso. A água está a correr para a estrada ou só no passeio?' }, { delivery: 'read' },
      { in: 'já vai para a estrada e está a formar-se gelo', location: { latitude: 41.6071, longitude: -7.3096, name: 'Rua das Amoreiras' } },
      { by: 0, priority: 'urgent' }, { by: 0, tag: ['rutura'] }, { by: 0, note: 'Piquete avisado às 15h10 (Sr. Albino). Chegam em meia hora.' },
      { by: 0, reply: 'O piquete já vai a caminho e chega dentro de meia hora. Se puder, não deixe estacionar carros em cima.' }, { delivery: 'delivered' },
    ],
  },
  {
    channel: 'web', name: null, address: 'demo-web-1', hoursAgo: 0.4, minutesBetween: 2,
    lines: [{ in: 'Bom dia' }, { in: 'Onde encontro o formulário para pedir a licença de ocupação da via pública?' }, { in: 'não encontro no site, preciso de ajuda de um operador' }],
  },
  {
    channel: 'sms', name: 'Joaquim Silvério', address: '+351962000102', phone: '+351962000102', hoursAgo: 0.7, minutesBetween: 3,
    lines: [{ in: 'bd qd e a recolha de monos? tnh um sofa velho' }, { in: 'operador' }],
  },
  {
    channel: 'email', name: 'Helena Vasconcelos', address: 'helena.vasconcelos@correio.example', email: 'helena.vasconcelos@correio.example', hoursAgo: 26, minutesBetween: 55,
    lines: [
      { in: 'Exmos. Senhores,\n\nVenho por este meio solicitar informação sobre o estado do processo de licenciamento n.º 214/2026, entregue em setembro.\n\nCom os melhores cumprimentos,\nHelena Vasconcelos', subject: 'Processo de obras n.º 214/2026' },
      { in: 'Agradecia que me respondesse um técnico do Urbanismo.', subject: 'Re: Processo de obras n.º 214/2026', quoted: 'Em seg., 23 de nov. de 2026 às 10:02, Município de Vale Formoso escreveu:\n> Recebemos a sua mensagem.' },
      { by: 1, take: true }, { by: 1, move: 'urbanismo', note: 'Pergunta pelo processo 214/2026. Peço que respondam com o prazo.' }, { by: 1, take: true },
      { by: 1, reply: 'Exma. Senhora,\n\nO processo 214/2026 está em apreciação pela Divisão de Urbanismo e tem parecer previsto até 4 de dezembro. Avisamos assim que houver decisão.\n\nCom os melhores cumprimentos,\nRui Tavares' },
    ],
  },
  {
    channel: 'telegram', name: 'Tiago Moreira', address: '700100103', hoursAgo: 5, minutesBetween: 6,
    lines: [
      { in: 'Olá! O candeeiro em frente à escola básica está apagado há uma semana' }, { in: 'falar com uma pessoa' }, { by: 0, take: true },
      { by: 0, reply: 'Obrigada, Tiago. Registei a avaria; a E-Redes costuma reparar em três dias úteis. Quer que o avise quando estiver feito?' }, { delivery: 'delivered' },
      { in: 'sim, obrigado!' }, { edited: 'sim, por favor. Obrigado!' }, { by: 0, close: 'avaria registada', score: 5 },
    ],
  },
  {
    channel: 'teams', name: 'Carlos Nogueira (Junta de Freguesia)', address: 'demo-teams-1', hoursAgo: 30, minutesBetween: 20,
    lines: [
      { in: 'Bom dia, a Junta precisa de reservar o salão dos bombeiros para 12 de dezembro. Com quem trato?' }, { in: 'operador' }, { by: 1, take: true },
      { by: 1, reply: 'Bom dia, Carlos. Trata-se na Divisão de Cultura. Deixo o pedido aberto e confirmo-lhe amanhã de manhã.' }, { by: 1, snoozeHours: 20 },
    ],
  },
  {
    channel: 'whatsapp', name: 'Luciana Ferreira', address: '351934000104', phone: '+351934000104', hoursAgo: 2.5, minutesBetween: 5,
    lines: [
      { in: 'Oi, boa tarde! Como eu faço pra matricular minha filha na creche?' }, { in: 'atendente por favor' }, { by: 2, take: true },
      { by: 2, reply: 'Boa tarde, Luciana. A inscrição no jardim de infância faz-se na plataforma da Educação. Preciso do seu NIF para confirmar a morada.' }, { delivery: 'delivered' },
      { in: 'Enviei o comprovante', attachments: [] }, { in: '', unsupported: 'view_once' },
    ],
  },
  {
    channel: 'sms', name: 'Amélia Roque', address: '+351925000105', phone: '+351925000105', hoursAgo: 50, minutesBetween: 12,
    lines: [
      { in: 'Perdi a carta com a referência para pagar a água' }, { in: 'preciso de uma pessoa' }, { by: 0, take: true },
      { by: 0, reply: 'Boa tarde, D. Amélia. A referência segue por SMS dentro de minutos.' }, { delivery: 'delivered' }, { by: 0, close: 'referência enviada', score: 4 },
    ],
  },
  {
    channel: 'telegram', name: 'John Ashworth', address: '700100106', language: 'en', hoursAgo: 3, minutesBetween: 3,
    lines: [{ in: 'Hello, do you have information in English?' }, { in: 'How do I register my dog?' }],
  },
  {
    channel: 'email', name: 'Condomínio Edifício Sol', address: 'condominio.sol@correio.example', email: 'condominio.sol@correio.example', hoursAgo: 75, minutesBetween: 90,
    lines: [
      { in: 'Boa tarde.\n\nOs contentores junto ao nosso edifício não são despejados desde quinta-feira.\n\nA administração', subject: 'Contentores por despejar' }, { in: 'Pedimos resposta de um responsável do Ambiente.', subject: 'Re: Contentores por despejar' },
      { by: 2, take: true }, { by: 2, reply: 'Boa tarde,\n\nA recolha foi retomada esta manhã; a viatura esteve avariada. Pedimos desculpa pelo incómodo.\n\nSofia Pinto' }, { by: 2, close: 'resolvido', score: 3 },
    ],
  },
  {
    channel: 'web', name: 'Beatriz Lemos', address: 'demo-web-2', hoursAgo: 7, minutesBetween: 3,
    lines: [
      { in: 'Quero falar com uma pessoa sobre apoio à renda' }, { by: 2, take: true },
      { by: 2, reply: 'Boa tarde, Beatriz. Podemos fazer o pedido juntas agora mesmo. Tem consigo o NIF e a declaração de IRS?' }, { in: 'tenho sim' },
      { by: 2, note: 'Pedido de apoio ao arrendamento preenchido em conjunto; falta a declaração do senhorio.' }, { by: 2, close: 'pedido submetido', score: 5 },
    ],
  },
  {
    channel: 'whatsapp', name: 'Armindo Lopes', address: '351917000107', phone: '+351917000107', hoursAgo: 20, minutesBetween: 8,
    lines: [
      { in: 'preciso de autorização para uma queima de sobrantes' }, { in: 'uma pessoa' }, { by: 2, take: true },
      { by: 2, reply: 'Sr. Armindo, o pedido faz-se aqui: https://www.valeformoso.example/queimadas. Antes de acender, confirme o risco de incêndio do dia.' },
      { delivery: 'failed', reason: 'rejected' },
    ],
  },
  {
    channel: 'teams', name: 'Inês Quintela', address: 'demo-teams-2', hoursAgo: 1.8, minutesBetween: 4,
    lines: [{ in: 'Boa tarde, queria marcar atendimento presencial no Urbanismo' }, { in: 'pessoa' }, { by: 1, take: true }, { by: 1, reply: 'Boa tarde, Inês. Pode escolher a hora aqui: https://www.valeformoso.example/marcacoes' }, { delivery: 'unknown' }],
  },
]
