/** docs/channels/README.md: what each kind of channel can carry, written from what the kinds themselves say. */

import type { AnyChannelKind, Capabilities, SendFailure } from '../core/channel.ts'
import type { MediaKind } from '../core/model.ts'

interface Form { name: string; can: Capabilities; isExclusive: boolean }
interface Kind { name: string; page: string; source: string; forms: Form[] }

/** In the order of the list of kinds. */
export async function kindsPage(list: Record<string, () => Promise<AnyChannelKind>>): Promise<string> {
  const kinds = (await Promise.all(Object.values(list).map((load) => load()))).map((kind): Kind => {
    const forms = Object.entries(kind.forms ?? { '': {} }).map(([name, config]): Form => ({
      name, can: kind.capabilities(config), isExclusive: kind.exclusive(config) }))
    const [, page = `${kind.name}.md`] = /^docs\/channels\/(.+)/.exec(forms[0]!.can.source) ?? []
    return { name: kind.name, page, source: forms.map(({ can }) => can.source).join(' '), forms }
  })
  const table = (head: string[], cells: (form: Form) => string[]) => lines([['channel', ...head], ['channel', ...head].map(() => '---'), ...kinds.flatMap((kind) => rowsOf(kind, cells))])
  return `# Channels

What each kind of channel can carry, with the settings as they come. Written from the code by
\`npx balcao channel kinds --write docs/channels/README.md\`: do not change it by hand. Each name leads to its page: what the vendor asks
for, what it costs, what it may do with the data. A developer who wants one more begins at [adding.md](adding.md).

Nothing is cut off: what a channel cannot carry goes in another way. A longer text becomes several messages, choices become a numbered
list, a file that is too large or of a type that is not taken becomes a link, a place becomes a link to a map.

## What a message may hold

${table(['longest text', 'choices (botões)', 'steps of a form (formulário)', 'files out (anexos)', 'text beside a file', 'place'], ({ can }) => [
    longest(can), choices(can), can.fields ? 'a field' : 'in words', files(can), caption(can), can.location ? 'yes' : 'as a link'])}

## What citizens can do, and we

${table(['citizens: we are told of', 'operators and bot', 'receipts (recibos)', 'who may write first'], ({ can }) => [
    abilities(can.inbound), abilities(can.outbound), can.receipts.join(', ') || 'none', first(can)])}

## How it is sent

${table(['at most', 'when the line is cut after a message has left', 'processes that hold it'], ({ can, isExclusive }) => [
    pace(can), can.pull ? 'nothing leaves: the page fetches by itself' : after[can.idempotent], isExclusive ? 'one' : 'all'])}

Where several processes run and one of them holds a channel, another takes over when it dies. What went wrong at the vendor's is one of:

${Object.entries(failures).map(([reason, words]) => `- *${reason}*: ${words}`).join('\n')}

## Where the figures come from

${kinds.map((kind) => `- ${linked(kind)}: ${[...new Set(kind.source.split(' '))].map(source).join(', ')}`).join('\n')}
`
}

/** Forms that do not differ here are one row. */
function rowsOf(kind: Kind, cells: (form: Form) => string[]): string[][] {
  const rows = kind.forms.map(cells)
  const isAlike = rows.every((row) => row.join() === rows[0]!.join())
  return isAlike ? [[linked(kind), ...rows[0]!]] : rows.map((row, n) => [linked(kind, kind.forms[n]!.name), ...row])
}

const linked = ({ name, page }: Kind, form?: string) => `[${form === undefined ? name : `${name}, ${form}`}](${page})`
const source = (address: string) => (address.startsWith('docs/') ? `[${address}](../../${address})` : `<${address}>`)
const lines = (rows: string[][]) => rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const units: Record<Capabilities['text']['unit'], string> = { characters: 'characters', utf16: 'characters (an emoji counts 2)', bytes: 'bytes', 'sms-segments': 'SMS segments' }
const longest = ({ text: { max, unit } }: Capabilities) => `${max.toLocaleString('en')} ${units[unit]}`

const choices = ({ choices: can, text }: Capabilities) => can === null ? 'a numbered list'
  : `${can.max} of ${can.maxLabel} characters${can.maxText && can.maxText < text.max ? `, text up to ${can.maxText.toLocaleString('en')}` : ''}`

const kindNames: Record<MediaKind, string> = { image: 'images', audio: 'audio', video: 'video', file: 'other files' }

function files({ attachments }: Capabilities): string {
  if (!attachments) return 'as a link'
  const bySize = new Map<number, string[]>()
  for (const [kind, { maxBytes }] of Object.entries(attachments.kinds)) bySize.set(maxBytes, [...bySize.get(maxBytes) ?? [], kindNames[kind as MediaKind]])
  const sizes = [...bySize].map(([bytes, names]) => `${bySize.size === 1 ? 'any' : names.join(', ')} ${megabytes(bytes)}`)
  return `${sizes.join('; ')}; ${attachments.perMessage === 1 ? 'one' : `up to ${attachments.perMessage}`} a message${attachments.maxTotalBytes ? `, ${megabytes(attachments.maxTotalBytes)} together` : ''}`
}

/** Vendors count in either; a round figure is theirs. */
const megabytes = (bytes: number) => `${bytes % 1_048_576 === 0 ? bytes / 1_048_576 : Math.floor(bytes / 1_000_000)} MB`

const caption = ({ attachments, text }: Capabilities) => !attachments ? '–'
  : attachments.caption >= text.max ? 'as long as text alone' : attachments.caption === 0 ? 'in a message of its own' : attachments.caption.toLocaleString('en')

const abilities = (can: Capabilities['inbound'] | Capabilities['outbound']) =>
  Object.entries(can).filter(([, yes]) => yes).map(([what]) => (what === 'readMarks' ? 'read marks' : what)).join(', ') || 'none of these'

function first({ initiate }: Capabilities): string {
  if (initiate === 'always') return 'both'
  if (initiate === 'never') return 'the citizen'
  return `the citizen; we within ${initiate.withinHours} h of their last word${initiate.otherwise === 'template' ? ', then by an approved template (modelo)' : ''}`
}

const pace = ({ pace: can }: Capabilities) => can ? `${can.perSecond} a second${can.perThreadPerSecond ? `, ${can.perThreadPerSecond} to one person` : ''}` : 'as fast as it takes them'

const after: Record<Capabilities['idempotent'], string> = {
  key: 'sent again: the other side knows it by its key',
  lookup: 'we look whether it arrived, and send it again if not',
  echo: 'shown as `unknown` until the vendor says that it has it',
  none: 'shown as `unknown`: an operator decides',
}

const failures: Record<SendFailure, string> = {
  unreachable: 'tried again', throttled: 'the channel waits, then goes on', rejected: 'this message will never be taken', blocked: 'the citizen does not want it',
  misconfigured: 'an admin must act', ambiguous: 'nobody knows whether it arrived: as in the table',
}
