/** Content → one activity. Plain text: what looks like markup arrives as it was written. */

import type { Attachment, Content, Route } from '../../core/model.ts'
import type { Fields } from '../fields.ts'
import { choiceCard, fieldCard, linkCard } from './cards.ts'
import type { Reference, TeamsRoute } from './sender.ts'
import { wordsFor, type CardWords } from './words.ts'

export interface TeamsRequest {
  reference: Reference | undefined
  activity: Fields
  /** Shown by a link, which is signed only when it is sent. */
  files: Attachment[]
}

export function render({ text, attachments = [], choices = [], field }: Content, route: Route): TeamsRequest {
  const { reference } = route as Partial<TeamsRoute>
  const words = wordsFor(reference)
  const below = field ? fieldCard(field, choices, words) : choices.length > 0 ? choiceCard(choices, words) : undefined
  return {
    reference,
    activity: { type: 'message', ...(text && { text, textFormat: 'plain' }), ...(below && { attachments: [below] }) },
    files: attachments,
  }
}

/** https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4: pictures that are shown at once. */
const pictures = ['image/png', 'image/jpeg', 'image/gif']
const pictureBytes = 1024 * 1024

export function fileAttachment(file: Attachment, url: string, words: CardWords): Fields {
  const type = file.mimeType.split(';', 1)[0]!.trim().toLowerCase()
  const name = nameOf(file)
  if (pictures.includes(type) && (file.bytes ?? Number.POSITIVE_INFINITY) <= pictureBytes)
    return { contentType: type, contentUrl: url, name }
  return linkCard(name, url, words)
}

const usual: Record<Attachment['kind'], string> = { image: 'imagem', audio: 'som', video: 'vídeo', file: 'ficheiro' }

const nameOf = ({ name, kind }: Attachment): string =>
  (name ?? '')
    .slice(0, 200)
    .replace(/[\p{Cc}\p{Cf}\p{Surrogate}\u2028\u2029]/gu, '')
    .trim() || usual[kind]
