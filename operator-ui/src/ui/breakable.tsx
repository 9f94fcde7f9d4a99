/** An address that may go on in the next line after its signs, and not in the middle of a word. */

import { Fragment } from 'react'

/** Longer ones are no addresses that anybody reads. */
const longest = 200

export function Breakable({ text }: { text: string }) {
  if (text.length > longest) return text
  return text.split(/(?<=[@/_-])|(?=\.)/).map((part, index) => (
    <Fragment key={`${index}-${part}`}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ))
}
