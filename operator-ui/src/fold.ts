/** As people compare words: without accents, capitals or doubled spaces. */

/** The words of a search that are worth marking. */
export const wordsOf = (q: string | undefined) =>
  q
    ? fold(q.replace(/["“”]/g, ' '))
        .split(' ')
        .filter((word) => word.length > 2)
    : undefined

export const fold = (text: string) =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim()
