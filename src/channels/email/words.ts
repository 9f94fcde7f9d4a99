/** Text from outside, made safe to keep and to show: names, subjects, bodies, file names. */

// Marks that reorder or hide what stands beside them: 'a\u202Egpj.exe' reads as 'aexe.jpg'. The joiners stay: emoji and
// Persian are made with them.
const disguises = /[\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u00AD]/g
const joiners = /[\u200C\u200D]/g
const controls = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g
const loneSurrogates = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

/** A body: what PostgreSQL cannot store or a screen cannot show is gone, line ends are \n. */
export function cleanText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(loneSurrogates, '\uFFFD').replace(controls, '')
}

/** One line: a name or a subject. Never longer than `max` characters, never cut inside one. */
export function cleanLine(text: string, max: number): string {
  const line = cleanText(text).replace(disguises, '').replace(/\s+/g, ' ').trim()
  return line.length <= max ? line : `${[...line].slice(0, max - 1).join('')}…`
}

/** What the sender calls the file: shown, never a path. */
export function cleanFileName(name: string): string | undefined {
  const last = cleanText(name).replace(disguises, '').replace(joiners, '').normalize('NFC').split(/[\\/]/).at(-1) ?? ''
  const plain = last
    .replace(/[\n\t"<>|:*?;]/g, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
  if (plain === '') return undefined
  if (plain.length <= 120) return plain
  const dot = plain.lastIndexOf('.')
  const extension = dot > 0 && plain.length - dot <= 12 ? plain.slice(dot) : ''
  return `${[...plain.slice(0, plain.length - extension.length)].slice(0, 118 - extension.length).join('')}…${extension}`
}
