/** Parts what was written now from the older mails, device signatures and separators below it. */

import EmailReplyParser from 'email-reply-parser'
import { quoteMark } from './html.ts'

export interface Reply {
  text: string
  quoted?: string
}

const longest = 64 * 1024

/** One line that says that an older mail follows. Some clients break it over two or three lines. */
const introductions = [
  /^(No dia|Em|A|Às|On|Le|El|Il|Am|Op)\b.{4,300}\b(escreveu|wrote|a écrit|escribió|ha scritto|schrieb|schreef)\b.{0,200}:\s*$/i,
  /^.{1,200}\b(escreveu|wrote|a écrit|escribió) (no dia|em|a|on|le|el)\b.{4,200}:\s*$/i,
  /^.{1,150}<[^<>\s]{3,200}>.{0,60}\b(escreveu|wrote|a écrit|escribió|schrieb):\s*$/i,
  /^(citando|quoting)\b.{0,150}<[^<>\s]{3,200}>:$/i,
  /^-{2,}\s*(mensagem original|original message|message d'origine|mensaje original|ursprüngliche nachricht)\s*-{2,}$/i,
  /^_{20,}$/,
]
const outlookFirst = /^\*?(De|From|Von|Da)\s*:\*?\s.{1,300}$/i
const outlookNext =
  /^\*?(Enviad[oa]( em)?|Data|Sent|Date|Envoyé|Enviado el|Gesendet|Para|To|À|An|Assunto|Subject|Cc)\s*:\*?/i
const device = new RegExp(
  `^(${[
    'enviado (do|da|desde|a partir d[oae]|de|via|com)( o| a)?( meu| minha| mi)? .{2,60}',
    'sent from (my )?.{2,60}',
    'get outlook for .{2,80}',
    'obter o outlook para .{2,80}',
    'obtenha o outlook para .{2,80}',
    'envoyé de mon .{2,40}',
    'yahoo mail.{0,60}',
  ].join('|')})$`,
  'i',
)
const forwarded = new RegExp(
  `^(-{3,}|_{3,})?\\s*(${[
    'forwarded message',
    'mensagem (re)?encaminhada',
    'begin forwarded message:?',
    'in[ií]cio da mensagem (re)?encaminhada:?',
    'message transféré',
    'mensaje reenviado',
  ].join('|')})\\s*(-{3,}|_{3,})?$`,
  'i',
)
const forwardSubject = /^\s*(fwd?|enc|rv|tr|wg|reenv|encaminhad[ao])\s*:/i

export function partReply(full: string, subject: string): Reply {
  const marked = full.indexOf(quoteMark)
  const text = full.replaceAll(quoteMark, '')
  if (text.trim() === '') return { text: '' }
  // A forwarded mail is what its sender wants to say: nothing of it is folded.
  if (forwardSubject.test(subject)) return whole(text)
  const head = text.slice(0, longest)
  const lines = head.split('\n')
  if (lines.some((line) => forwarded.test(line.trim()))) return whole(text)
  const cut = marked > 0 ? Math.min(lineAt(lines, marked), firstCut(lines) ?? Number.MAX_SAFE_INTEGER) : firstCut(lines)
  if (cut === undefined) return other(text)
  const after = answersBelow(lines, cut)
  if (after === 'between') return whole(text)
  if (after !== undefined && text.length <= longest) {
    return parted([...lines.slice(0, cut), ...lines.slice(after)].join('\n'), lines.slice(cut, after).join('\n'), text)
  }
  const at = lines.slice(0, cut).join('\n').length
  return parted(text.slice(0, at), text.slice(at), text)
}

function firstCut(lines: string[]): number | undefined {
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim()
    if (line === '' || line.length > 600) continue
    if (raw === '-- ' || line === '--' || device.test(line)) return index
    if (isIntroduction(lines, index)) return index
    if (raw.startsWith('>') && quotedRun(lines, index) >= 1) return index
  }
  return undefined
}

function isIntroduction(lines: string[], index: number): boolean {
  const [first = '', second = '', third = ''] = lines
    .slice(index, index + 3)
    .map((line) => line.trim().replace(/^>+ ?/, ''))
  for (const joined of [first, `${first} ${second}`, `${first} ${second} ${third}`]) {
    if (joined.length > 700) break
    if (introductions.some((pattern) => pattern.test(joined)))
      return index > 0 || (joined !== '' && !/^_{20,}$/.test(joined))
    if (second === '') break
  }
  return outlookFirst.test(first) && [second, third].some((line) => outlookNext.test(line))
}

function quotedRun(lines: string[], index: number): number {
  let run = 0
  while (lines[index + run]?.startsWith('>')) run++
  return run
}

/** Where the answer goes on below a quotation; 'between' when it is written into it; undefined when nothing follows. */
function answersBelow(lines: string[], cut: number): number | 'between' | undefined {
  let index = cut
  while (index < lines.length && !lines[index]?.startsWith('>')) {
    // Outlook quotes without '>': what follows cannot be told from the older mail.
    if (index - cut > 3) return undefined
    index++
  }
  if (index >= lines.length) return undefined
  while (index < lines.length && (lines[index]?.startsWith('>') || lines[index]?.trim() === '')) index++
  if (index >= lines.length) return undefined
  const rest = lines.slice(index)
  const more = rest.findIndex((line) => line.startsWith('>'))
  const written = (more === -1 ? rest : rest.slice(0, more)).map((line) => line.trim())
  if (written.every((line) => line === '' || line === '--' || device.test(line))) return undefined
  return more === -1 ? index : 'between'
}

/** Other languages: the library knows many. It reads well-formed, short texts quickly; longer ones are left whole. */
function other(text: string): Reply {
  if (text.length > 8_000 || text.split('\n').some((line) => line.length > 1_000)) return whole(text)
  const fragments = new EmailReplyParser().read(text).getFragments()
  const kept = fragments.filter((fragment) => !fragment.isHidden()).map((fragment) => fragment.getContent())
  const hidden = fragments.filter((fragment) => fragment.isHidden() && fragment.isQuoted())
  if (hidden.length === 0 || kept.length === 0) return whole(text)
  const last = fragments.findIndex((fragment) => fragment.isHidden())
  // Only what trails may be folded, or words in the middle would move.
  if (fragments.slice(last).some((fragment) => !fragment.isHidden())) return whole(text)
  const at = text.indexOf(fragments[last]?.getContent().trim().split('\n')[0] ?? '\u0000')
  return at > 0 ? parted(text.slice(0, at), text.slice(at), text) : whole(text)
}

const whole = (text: string): Reply => ({ text: text.trim() })

/** Never an empty bubble while there were words. */
function parted(now: string, older: string, full: string): Reply {
  if (now.trim() === '') return whole(full)
  return older.trim() === '' ? { text: now.trim() } : { text: now.trim(), quoted: older.trim() }
}

function lineAt(lines: string[], offset: number): number {
  let passed = 0
  for (const [index, line] of lines.entries()) {
    passed += line.length + 1
    if (passed > offset) return index
  }
  return lines.length
}
