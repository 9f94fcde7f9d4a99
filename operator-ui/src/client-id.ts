/**
 * The name of one thing to be sent: the same words from the same draft have the same name, in every tab and at every
 * press of a key, so that the gateway does it once. A draft takes its name when its first letter is written, and keeps
 * it: a tab that still shows what another has just sent cannot send it again.
 */

export interface Names {
  get(key: string): string | null
  set(key: string, value: string): void
}

const local: Names = {
  get: (key) => window.localStorage.getItem(key),
  set: (key, value) => window.localStorage.setItem(key, value),
}

const keyOf = (conversationId: string) => `balcao.draft.${conversationId}`

/** The name of what is being written in a conversation: one for all tabs, until it is sent. */
export function draftName(conversationId: string, names: Names = local): string {
  let draft = names.get(keyOf(conversationId))
  if (!draft) {
    draft = newId()
    names.set(keyOf(conversationId), draft)
  }
  return draft
}

export const clientIdFor = (draft: string, content: unknown) => asUuid(digest(`${draft}\n${JSON.stringify(content)}`))

/** What is written from now on is something else, even in the same words. */
export function nextDraft(conversationId: string, names: Names = local): void {
  names.set(keyOf(conversationId), newId())
}

/** For deeds without words: one press, one name. */
export const newId = () => asUuid([...crypto.getRandomValues(new Uint32Array(4))])

/** 128 bits (the mixing steps of cyrb128); only equality matters, and crypto.subtle needs https. */
function digest(text: string): number[] {
  let [a, b, c, d] = [1779033703, 3144134277, 1013904242, 2773480762]
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    a = b ^ Math.imul(a ^ code, 597399067)
    b = c ^ Math.imul(b ^ code, 2869860233)
    c = d ^ Math.imul(c ^ code, 951274213)
    d = a ^ Math.imul(d ^ code, 2716044179)
  }
  return [a ^ b ^ c ^ d, b ^ Math.imul(a, 597399067), c ^ Math.imul(b, 2869860233), d ^ Math.imul(c, 951274213)]
}

function asUuid(words: number[]): string {
  const hex = words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
}
