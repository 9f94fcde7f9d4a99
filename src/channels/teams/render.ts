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

const typeOf = ({ mimeType }: Attachment) => mimeType.split(';', 1)[0]!.trim().toLowerCase()

export const isShown = (file: Attachment): boolean =>
  pictures.includes(typeOf(file)) && (file.bytes ?? Number.POSITIVE_INFINITY) <= pictureBytes

export function fileAttachment(file: Attachment, url: string, words: CardWords): Fields {
  const name = nameOf(file)
  return isShown(file) ? { contentType: typeOf(file), contentUrl: url, name } : linkCard(name, url, words)
}

const usual: Record<Attachment['kind'], string> = { image: 'imagem', audio: 'som', video: 'vídeo', file: 'ficheiro' }

export const nameOf = ({ name, kind }: Attachment): string =>
  (name ?? '')
    .slice(0, 200)
    .replace(/[\p{Cc}\p{Cf}\p{Surrogate}\u2028\u2029]/gu, '')
    .trim() || usual[kind]
