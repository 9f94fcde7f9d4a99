/**
 * Content → one activity. Plain text: what looks like markup arrives as it was written. Cards hold only what has to be
 * pressed.
 */

import type { Attachment, Choice, Content, Route } from '../../core/model.ts'
import type { Fields } from '../fields.ts'
import type { Reference, TeamsRoute } from './sender.ts'

export interface TeamsRequest {
  reference: Reference | undefined
  activity: Fields
  /** Shown by a link, which is signed only when it is sent. */
  files: Attachment[]
}

export function render({ text, attachments = [], choices = [] }: Content, route: Route): TeamsRequest {
  return {
    reference: (route as Partial<TeamsRoute>).reference,
    activity: {
      type: 'message',
      ...(text && { text, textFormat: 'plain' }),
      ...(choices.length > 0 && { attachments: [card(choiceCard(choices))] }),
    },
    files: attachments,
  }
}

/** Cards come without words of their own: in a card every `*` would be markup. */
const choiceCard = (choices: Choice[]): Fields => ({
  body: [],
  actions: choices.map(({ id, label }) => ({
    type: 'Action.Submit',
    title: label,
    data: { balcao: { chosen: id, label } },
  })),
})

/** https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4: pictures that are shown at once. */
const pictures = ['image/png', 'image/jpeg', 'image/gif']
const pictureBytes = 1024 * 1024

export function fileAttachment(file: Attachment, url: string): Fields {
  const type = file.mimeType.split(';', 1)[0]!.trim().toLowerCase()
  const name = nameOf(file)
  if (pictures.includes(type) && (file.bytes ?? Number.POSITIVE_INFINITY) <= pictureBytes)
    return { contentType: type, contentUrl: url, name }
  return card({
    body: [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: `📎 ${name}` }] }],
    actions: [{ type: 'Action.OpenUrl', title: 'Abrir', url }],
  })
}

const card = (content: Fields): Fields => ({
  contentType: 'application/vnd.microsoft.card.adaptive',
  content: { type: 'AdaptiveCard', $schema: 'http://adaptivecards.io/schemas/adaptive-card.json', version: '1.4', ...content },
})

const usual: Record<Attachment['kind'], string> = { image: 'imagem', audio: 'som', video: 'vídeo', file: 'ficheiro' }

const nameOf = ({ name, kind }: Attachment): string =>
  (name ?? '')
    .slice(0, 200)
    .replace(/[\p{Cc}\p{Cf}\p{Surrogate}\u2028\u2029]/gu, '')
    .trim() || usual[kind]
