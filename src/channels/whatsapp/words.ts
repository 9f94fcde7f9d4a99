/** What has no shape of its own in the request is written out, so that no word, choice or place is lost. */

import type { Choice, Location } from '../../core/model.ts'

export const numbered = (choices: Choice[]): string =>
  choices.map((choice, i) => `${i + 1}. ${choice.label}`).join('\n')

export const placeInWords = (place: Location): string =>
  [place.name, place.address, `https://maps.google.com/?q=${place.latitude},${place.longitude}`]
    .filter(Boolean)
    .join('\n')

export const paragraphs = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join('\n\n')
