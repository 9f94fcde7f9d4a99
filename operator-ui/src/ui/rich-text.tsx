/** Text from outside, as text: links made here and only to what is allowed, the place they lead to shown, hits marked. */

import { Fragment, type ReactNode } from 'react'
import { useWords } from '../words.ts'
import { Breakable } from './breakable.tsx'
import { linkify } from './linkify.ts'

export function RichText({ text, find, block }: { text: string; find?: string[] | undefined; block?: boolean }) {
  const words = useWords()
  const parts = linkify(text)
  return (
    <span className={block ? 'message-text' : undefined} dir="auto">
      {parts.map((part, index) => {
        const key = `${index}-${part.text.length}`
        if (part.href === undefined) return <Fragment key={key}>{marked(part.text, find)}</Fragment>
        return (
          <a
            key={key}
            href={part.href}
            target="_blank"
            rel="noopener noreferrer nofollow ugc"
            title={part.host ?? part.href}
          >
            {find?.length ? marked(part.text, find) : <Breakable text={part.text} />}
            {part.suspicious && (
              <span className="link-warning">
                {' '}
                ({words.thread.punycode} {part.host})
              </span>
            )}
          </a>
        )
      })}
    </span>
  )
}

/** The words looked for, wherever they stand, whatever their accents. */
function marked(text: string, find: string[] | undefined): ReactNode {
  if (!find || find.length === 0) return text
  const folded = [...text]
    .map((letter) => letter.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()[0] ?? ' ')
    .join('')
  const letters = [...text]
  const out: ReactNode[] = []
  let from = 0
  while (from < letters.length) {
    let at = -1
    let length = 0
    for (const word of find) {
      const hit = folded.indexOf(word, from)
      if (hit >= 0 && (at < 0 || hit < at)) {
        at = hit
        length = word.length
      }
    }
    if (at < 0) break
    out.push(letters.slice(from, at).join(''), <mark key={at}>{letters.slice(at, at + length).join('')}</mark>)
    from = at + length
  }
  return [...out, letters.slice(from).join('')]
}

/** A snippet in which the gateway has put \u0002…\u0003 around what was found. */
export function Snippet({ text, find }: { text: string; find?: string[] | undefined }) {
  // The gateway compares without accents and marks with them: what it left unmarked is marked here.
  if (!text.includes('\u0002')) return marked(text, find)
  return (
    <>
      {text.split('\u0002').map((part, index) => {
        const [hit, rest] = index === 0 ? ['', part] : cut(part)
        return (
          <Fragment key={`${index}-${part.length}`}>
            {hit && <mark>{hit}</mark>}
            {rest}
          </Fragment>
        )
      })}
    </>
  )
}

function cut(part: string): [string, string] {
  const end = part.indexOf('\u0003')
  return end < 0 ? ['', part] : [part.slice(0, end), part.slice(end + 1)]
}
