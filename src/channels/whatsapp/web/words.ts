/** What an admin is told about the linked device, and what to do. */

import type { ChannelState } from '../../../core/channel.ts'
import type { Ending } from './protocol.ts'

export const scan: NonNullable<ChannelState['reason']> = {
  pt: 'No telemóvel do município, abra WhatsApp › Dispositivos associados › Associar dispositivo e leia este código.',
  en: "On the town's phone, open WhatsApp › Linked devices › Link a device and scan this code.",
}

export const scanAgain: NonNullable<ChannelState['reason']> = {
  pt: 'O telemóvel terminou a sessão deste dispositivo. Para voltar a receber, leia o código de novo.',
  en: 'The phone has logged this device out. Scan the code again to go on receiving.',
}

export const noBrowser: NonNullable<ChannelState['reason']> = {
  pt: 'Não há Chromium nem Chrome nesta máquina. Instale um, ou indique executablePath.',
  en: 'There is no Chromium or Chrome on this machine. Install one, or set executablePath.',
}

export const sealedOtherwise: NonNullable<ChannelState['reason']> = {
  pt:
    'A sessão guardada não abre com esta encryptionKey, ou está danificada. Reponha a chave certa; ou apague a ' +
    'pasta deste canal para associar de novo.',
  en:
    'The stored session does not open with this encryptionKey, or is damaged. Put the right key back; or delete this ' +
    "channel's folder to pair again.",
}

export const notOnline: NonNullable<ChannelState['reason']> = {
  pt: 'O WhatsApp não está a responder; a ligação é tentada de novo.',
  en: 'WhatsApp does not answer; the connection is being tried again.',
}

export const endings: Record<Exclude<Ending, 'closed'>, NonNullable<ChannelState['reason']>> = {
  'logged out': scanAgain,
  'taken over': {
    pt: 'A mesma sessão foi aberta noutro sítio. Feche-a lá; aqui tenta-se de novo daqui a pouco.',
    en: 'The same session was opened elsewhere. Close it there; it is tried again here in a while.',
  },
  banned: {
    pt: 'O WhatsApp bloqueou este número. Veja no telemóvel o que pede; considere passar para provider: cloud.',
    en: 'WhatsApp has blocked this number. See on the phone what it asks for; consider moving to provider: cloud.',
  },
  outdated: {
    pt: 'O WhatsApp já não aceita esta versão da página. Atualize o Balcão, ou fixe outra versão em page.',
    en: 'WhatsApp no longer takes this version of its page. Update Balcão, or pin another version in page.',
  },
  'browser gone': {
    pt: 'O navegador parou; está a ser reiniciado.',
    en: 'The browser stopped; it is being started again.',
  },
  failed: {
    pt: 'O dispositivo falhou; está a ser reiniciado. Se se repetir, o WhatsApp pode ter mudado a sua página.',
    en: 'The device failed; it is being started again. If it goes on, WhatsApp may have changed its page.',
  },
}
