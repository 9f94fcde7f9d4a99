/** The second conversation has one of everything that a thread can show. */

import type { AttachmentView, TimelineEntry } from '../../../src/operator-api.types.ts'
import { messageOf, type Seeded } from './seed.ts'

const minute = 60_000
const day = 24 * 60 * minute

const file = (id: string, part: Partial<AttachmentView>): AttachmentView => ({
  id, kind: 'file', mimeType: 'application/pdf', name: 'documento.pdf', bytes: 214_000, state: 'stored', detail: null, role: null, url: `/files/${id}/ficheiro`, previewUrl: null, ...part,
})

export function showcase(given: Seeded, now: number): Seeded {
  const summary = {
    ...given.summary, citizen: { id: 'c2', name: 'Maria da Conceição Lourenço', label: '+351 912 345 678' }, channelId: 'whatsapp', channelKind: 'whatsapp', state: 'assigned' as const, operatorId: 'op-ana', subject: null,
    departmentId: 'aguas', topic: 'Água', tags: ['faturação', 'contador'], priority: 'high' as const, preview: 'Muito obrigada, fico a aguardar a fatura nova.', previewBy: 'citizen' as const,
    failedDeliveries: 1, unanswered: true, waitingSince: new Date(now - 4 * minute).toISOString(), lastMessageAt: new Date(now - 4 * minute).toISOString(),
  }
  const entries: TimelineEntry[] = []
  let seq = 0
  const begun = now - 26 * 60 * minute
  let at = begun
  const said = (minutes: number, part: Parameters<typeof messageOf>[3]) => { at += minutes * minute; seq += 1; entries.push(messageOf(summary, seq, at, part)) }
  const done = (minutes: number, what: string, author: 'bot' | 'operator' | 'citizen' | 'system', data: Record<string, unknown> = {}, operatorId: string | null = author === 'operator' ? 'op-ana' : null) => {
    at += minutes * minute
    entries.push({ type: 'activity', id: `9${entries.length}`, at: new Date(at).toISOString(), author, operatorId, what, data })
  }
  const delivery = (state: 'failed' | 'unknown' | 'delivered', reason: string | null = null, detail: { pt: string; en: string } | null = null) => ({ state, reason, detail, cost: null, attempt: 1, nextAt: null, sentAt: null, deliveredAt: null, readAt: null })
  done(0, 'opened', 'citizen')
  said(0, { text: 'Bom dia' })
  said(1, { direction: 'out', author: 'bot', operatorId: null, text: 'Bom dia! Sou o assistente do Município de Vale Formoso. Em que posso ajudar?', choices: [{ id: 'a', label: 'Água' }, { id: 'o', label: 'Obras' }, { id: 'p', label: 'Falar com uma pessoa' }] })
  said(1, { text: 'Água', chosen: 'a' })
  said(0, { direction: 'out', author: 'bot', operatorId: null, text: 'Sobre a água: faturas, leituras ou avarias?' })
  said(2, { text: 'A fatura veio errada, quero falar com alguém' })
  said(0, { direction: 'out', author: 'bot', operatorId: null, text: 'Vou passar a conversa a um colega do serviço de águas. Obrigado por esperar.' })
  done(0, 'hand-off', 'bot', { department: 'aguas', reason: 'asked' })
  said(3, { text: 'A fatura deste mês veio com 34 m³ e nós somos só dois em casa. Está em https://www.valeformoso.example/faturas?n=88213 e o meu NIF é 123456789.' })
  said(1, { text: 'Mando a fotografia do contador.', attachments: [file('71', { kind: 'image', mimeType: 'image/png', name: 'contador.png', previewUrl: '/files/71/contador.png?show=1' })] })
  done(4, 'assign', 'operator', { to: 'op-rui' }, 'op-rui')
  said(2, { direction: 'out', operatorId: 'op-rui', text: 'Bom dia, D. Maria. Já vi a fotografia. Vou confirmar a leitura com o serviço e respondo ainda hoje.' })
  said(1, { direction: 'note', operatorId: 'op-rui', text: '@Ana Ribeiro a leitura de outubro foi estimada. Podes emitir a nota de crédito? É a terceira vez nesta rua.', mentions: ['op-ana'], delivery: null })
  done(1, 'move', 'operator', { from: 'geral', to: 'aguas' }, 'op-rui')
  done(0, 'prioritise', 'operator', { priority: 'high' }, 'op-rui')
  done(20, 'assign', 'operator', { to: 'op-ana' })
  // The beginning was yesterday about noon, at whatever hour this is looked at.
  const yesterdayNoon = Math.floor(now / day) * day - day / 2
  said((now - yesterdayNoon - (at - begun)) / minute - 24, { text: 'Bom dia. Já há novidades? Ontem enviei também por e-mail.', reactions: [{ emoji: '♥', by: 'Ana', operatorId: null }] })
  said(4, {
    channelId: 'email', threadId: 't2b', subject: 'Fatura 88213', text: 'Bom dia,\n\nSegue em anexo a fatura e a fotografia do contador.\n\nCom os melhores cumprimentos,\nMaria da Conceição Lourenço',
    quoted: 'Em 22/11/2026, Município de Vale Formoso escreveu:\nA sua fatura de outubro está disponível.', trust: { spf: 'pass', dkim: 'fail' },
    html: '<h2 style="color:#034ad8">Fatura 88213</h2><p>Bom dia,</p><p>Segue em anexo a <b>fatura</b>.</p><img src="https://rastreio.example/p.gif"><script>parent.postMessage("xss","*")</script><table border="1"><tr><td>Leitura</td><td>1 284</td></tr></table>',
    attachments: [file('72', { name: 'fatura-88213.pdf' }), file('73', { name: 'video-contador.mp4', kind: 'video', mimeType: 'video/mp4', state: 'refused', detail: 'maior do que 20 MB', url: null })],
  })
  said(2, { text: 'É aqui, se for preciso virem ver:', location: { latitude: 41.6089, longitude: -7.3116, name: 'Rua do Outeiro, 14', address: 'Vale Formoso' } })
  said(1, { text: '', attachments: [file('74', { kind: 'audio', mimeType: 'audio/wav', name: null, role: 'voice', previewUrl: '/files/74/voz.wav?show=1' })] })
  said(5, { direction: 'out', text: 'Obrigada pela paciência. A leitura foi corrigida para 1 284 e a fatura nova é de 18,40 €.', delivery: delivery('delivered') })
  said(1, { direction: 'out', channelId: 'email', threadId: 't2b', text: 'Enviamos também por e-mail o comprovativo da correção.', delivery: delivery('failed', 'rejected', { pt: 'Caixa de correio cheia (452).', en: 'Mailbox full (452).' }) })
  said(1, { direction: 'out', text: 'Pode pagar por Multibanco até ao dia 30.', delivery: delivery('unknown', 'ambiguous') })
  said(2, { text: 'Que bom! E a do mês passado também fica certa?', editedAt: new Date(at + 3 * minute).toISOString(), revisions: [{ text: 'Que bom! E a do mes pasado tamem?', at: new Date(at + 2 * minute).toISOString() }] })
  said(1, { text: '', deletedAt: new Date(at + 2 * minute).toISOString() })
  said(1, { text: 'Vou pedir ao meu filho que fale convosco.', contact: { name: 'Tiago Lourenço', phones: ['+351 963 111 222'], emails: ['tiago@correio.example'] } })
  said(1, { unsupported: 'sondagem', text: '' })
  said(1, { text: 'Muito obrigada, fico a aguardar a fatura nova.', recovered: true, vendorAt: new Date(at - 9 * minute).toISOString() })
  // The last word is four minutes old, whatever the steps add up to.
  const shift = now - 4 * minute - at
  const later = (iso: string) => new Date(Date.parse(iso) + shift).toISOString()
  const moved = entries.map((entry) => ({ ...entry, at: later(entry.at), ...(entry.type === 'message' && { vendorAt: entry.vendorAt && later(entry.vendorAt), editedAt: entry.editedAt && later(entry.editedAt), revisions: entry.revisions.map((one) => ({ ...one, at: later(one.at) })) }) }))
  return { ...given, address: '+351 912 345 678', summary: { ...summary, lastSeq: seq, lastInboundSeq: seq, readSeq: seq - 1 }, timeline: () => moved }
}
