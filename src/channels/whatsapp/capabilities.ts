/** What each provider can carry. Figures from the vendor's pages, which `source` names. */

import type { Capabilities } from '../../core/channel.ts'
import type { WhatsappConfig } from './config.ts'

const megabyte = 1024 * 1024

const messages = 'https://developers.facebook.com/documentation/business-messaging/whatsapp/messages'
const media = 'https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media'
const throughput = 'https://developers.facebook.com/documentation/business-messaging/whatsapp/throughput'

/**
 * …/messages/interactive-reply-buttons-messages and …/interactive-list-messages. Buttons show at once and beat a list,
 * but are few and short. Meta's page gives the text of a list 4,096 characters, its resellers 1,024: what is refused
 * reaches nobody, what is split does.
 */
export const interactive = { buttons: 3, buttonLabel: 20, rows: 10, rowLabel: 24, body: 1024 }

/** `media`, for these and for the sizes below. */
const imageTypes = ['image/jpeg', 'image/png']
const videoTypes = ['video/mp4', 'video/3gpp']
const audioTypes = ['audio/aac', 'audio/mp4', 'audio/mpeg', 'audio/amr', 'audio/ogg']

/** Meta's upload takes these; a file of any other type is sent as a link, which Meta fetches. */
export const uploadTypes = new Set([
  ...imageTypes,
  ...videoTypes,
  ...audioTypes,
  'image/webp',
  'text/plain',
  'application/pdf',
  'application/msword',
  'application/vnd.ms-excel',
  'application/vnd.ms-powerpoint',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
])

const cloud = (readMarks: boolean): Capabilities => ({
  // …/messages/text-messages
  text: { max: 4096, unit: 'utf16', markup: 'none' },
  choices: { max: interactive.rows, maxLabel: interactive.rowLabel, maxText: interactive.body },
  attachments: {
    kinds: {
      image: { maxBytes: 5 * megabyte, mimeTypes: imageTypes },
      audio: { maxBytes: 16 * megabyte, mimeTypes: audioTypes },
      video: { maxBytes: 16 * megabyte, mimeTypes: videoTypes },
      file: { maxBytes: 100 * megabyte },
    },
    perMessage: 1,
    // …/messages/image-messages
    caption: 1024,
  },
  location: true,
  // …/messages/send-messages#customer-service-windows
  initiate: { withinHours: 24, otherwise: 'template' },
  inbound: { edits: true, deletes: true, reactions: true, typing: false },
  // Meta has no typing without a read mark.
  outbound: { edits: false, deletes: false, reactions: true, typing: readMarks, readMarks },
  receipts: ['sent', 'delivered', 'read'],
  idempotent: 'echo',
  // A number that is also in the phone's app has 20 there; Meta says so when it is reached.
  pace: { perSecond: 80 },
  source: [
    ...['send', 'text', 'interactive-list', 'interactive-reply-buttons', 'image'].map((kind) => `${messages}/${kind}-messages`),
    media, throughput,
  ].join(' '),
})

/** Neither the library's pages nor WhatsApp's own name figures for its page: those of the phone's app, as far as known. */
function web(perSecond: number, readMarks: boolean): Capabilities {
  return {
    text: { max: 4096, unit: 'utf16', markup: 'none' },
    choices: null,
    attachments: {
      kinds: {
        image: { maxBytes: 16 * megabyte, mimeTypes: imageTypes },
        audio: { maxBytes: 16 * megabyte, mimeTypes: audioTypes },
        video: { maxBytes: 16 * megabyte, mimeTypes: ['video/mp4'] },
        file: { maxBytes: 64 * megabyte },
      },
      perMessage: 1,
      caption: 1024,
    },
    location: true,
    initiate: 'always',
    inbound: { edits: true, deletes: true, reactions: true, typing: false },
    outbound: { edits: false, deletes: false, reactions: true, typing: true, readMarks },
    receipts: ['sent', 'delivered', 'read'],
    idempotent: 'lookup',
    pace: { perSecond },
    source: 'https://docs.wwebjs.dev/',
  }
}

export const capabilities = (config: WhatsappConfig): Capabilities =>
  config.provider === 'web' ? web(config.perSecond, config.readMarks) : cloud(config.readMarks)
