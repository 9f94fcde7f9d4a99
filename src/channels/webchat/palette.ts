/** The town's colour, made readable. Contrast as WCAG 2 counts it. */

import type { Colours } from './protocol.ts'

type Rgb = [number, number, number]

const enough = 4.6
/** On a dark ground a saturated colour looks duller than it counts. */
const enoughOnDark = 7
const white: Rgb = [255, 255, 255]
const ink: Rgb = [18, 22, 27]

export function coloursOf(colour: string): Colours {
  const accent = rgbOf(colour)
  return {
    accent: colour.toLowerCase(),
    onAccent: hexOf(contrast(white, accent) >= enough ? white : contrast(ink, accent) >= contrast(white, accent) ? ink : white),
    light: hexOf(towards(accent, [0, 0, 0], [244, 246, 248], enough)),
    dark: hexOf(towards(accent, white, [38, 44, 52], enoughOnDark)),
  }
}

/** Mixed with `end` until it can be read on `ground`. */
function towards(colour: Rgb, end: Rgb, ground: Rgb, wanted: number): Rgb {
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = colour.map((part, n) => Math.round(part + (end[n]! - part) * share)) as Rgb
    if (contrast(mixed, ground) >= wanted) return mixed
  }
  return end
}

export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

export const rgbOf = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Rgb
const hexOf = (colour: Rgb): string => `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`
