/** What is put in while writing: `/` a quick answer, `#` a link, `@` a colleague. */

import { type KeyboardEvent, type RefObject, useId, useMemo, useState } from 'react'
import { flushSync } from 'react-dom'
import type { ConversationDetail, UploadedFile } from '../../../src/operator-api.types.ts'
import { fold } from '../fold.ts'
import { useQuickAnswers } from '../queries.ts'
import { useSession } from '../session-data.tsx'
import { inLanguage, useSpeech } from '../words.ts'
import { filled } from './filled.ts'

export type Sign = '/' | '#' | '@'
export interface Insert {
  id: string
  label: string
  detail: string
  text: string
  files: UploadedFile[]
}
export type Inserts = ReturnType<typeof useInserts>

const most = 8

export function useInserts({
  field,
  text,
  kind,
  conversation,
  onText,
  onFiles,
}: {
  field: RefObject<HTMLTextAreaElement | null>
  text: string
  kind: 'reply' | 'note'
  conversation: ConversationDetail
  onText(text: string): void
  onFiles(files: UploadedFile[]): void
}) {
  const { words, language } = useSpeech()
  const session = useSession()
  const answers = useQuickAnswers().data
  const id = useId()
  const [asked, setAsked] = useState<{ sign: Sign; from: number; typed: string }>()
  const [at, setAt] = useState(0)
  const [called, setCalled] = useState<{ id: string; name: string }[]>([])

  const options = useMemo<Insert[]>(() => {
    if (!asked) return []
    const all: Insert[] =
      asked.sign === '/'
        ? (answers ?? [])
            .filter((one) => !one.departmentId || one.departmentId === conversation.departmentId)
            .sort((a, b) => Number(b.language === conversation.language) - Number(a.language === conversation.language))
            .map((one) => ({
              id: one.id,
              label: `/${one.shortcut} ${one.title}`,
              detail: filled(one.text, conversation, session),
              text: filled(one.text, conversation, session),
              files: one.attachments,
            }))
        : asked.sign === '#'
          ? session.links.map((link) => {
              const label = inLanguage(link.label, conversation.language === 'pt' ? 'pt' : 'en')
              return {
                id: link.id,
                label: inLanguage(link.label, language),
                detail: link.url,
                text: `${label}: ${link.url}`,
                files: [],
              }
            })
          : session.operators
              .filter((one) => !one.disabled && one.id !== session.operator.id)
              .map((one) => ({
                id: one.id,
                label: one.name,
                detail: words.presence[one.presence],
                text: `@${one.name}`,
                files: [],
              }))
    const wanted = fold(asked.typed).split(' ').filter(Boolean)
    return all
      .filter((one) => {
        const where = fold(`${one.label} ${one.detail}`)
        return wanted.every((word) => where.includes(word))
      })
      .slice(0, most)
  }, [asked, answers, conversation, session, language, words])

  const look = (element: HTMLTextAreaElement) => {
    const before = element.value.slice(0, element.selectionStart)
    const found = /(?:^|\s)([/#@])([^\s/#@]{0,30}(?: [^\s/#@]{1,20})?)$/.exec(before)
    const sign = found?.[1] as Sign | undefined
    if (!found || !sign || (sign === '@' && kind === 'reply')) return setAsked(undefined)
    setAt(0)
    setAsked({ sign, from: before.length - (found[2]?.length ?? 0) - 1, typed: found[2] ?? '' })
  }
  const choose = (option: Insert | undefined) => {
    const element = field.current
    if (!asked || !option || !element) return
    const end = asked.from + 1 + asked.typed.length
    const isWordEnd = /^\s/.test(text.slice(end))
    // At once, as below: what a fast hand writes next comes before the next frame.
    flushSync(() => onText(`${text.slice(0, asked.from)}${option.text}${isWordEnd ? '' : ' '}${text.slice(end)}`))
    if (option.files.length > 0) onFiles(option.files)
    if (asked.sign === '@') setCalled((now) => [...now, { id: option.id, name: option.label }])
    const caret = asked.from + option.text.length + 1
    setAsked(undefined)
    element.focus()
    element.setSelectionRange(caret, caret)
  }

  return {
    id,
    options,
    at,
    setAt,
    choose,
    sign: asked?.sign,
    // Only those whose name still stands in the text are called.
    mentions: [...new Set(called.filter(({ name }) => text.includes(`@${name}`)).map((one) => one.id))],
    onChange: look,
    close: () => setAsked(undefined),
    open(sign: Sign) {
      const element = field.current
      if (!element) return
      const caret = element.selectionStart
      const space = caret > 0 && !/\s$/.test(text.slice(0, caret)) ? ' ' : ''
      flushSync(() => onText(`${text.slice(0, caret)}${space}${sign}${text.slice(caret)}`))
      const place = caret + space.length
      setAt(0)
      element.focus()
      element.setSelectionRange(place + 1, place + 1)
      setAsked({ sign, from: place, typed: '' })
    },
    /** True: the key was for the menu. */
    onKeyDown(event: KeyboardEvent): boolean {
      if (!asked) return false
      if (event.key === 'Escape') setAsked(undefined)
      else if (options.length === 0) return false
      else if (event.key === 'ArrowDown') setAt((at + 1) % options.length)
      else if (event.key === 'ArrowUp') setAt((at + options.length - 1) % options.length)
      else if ((event.key === 'Enter' && !event.ctrlKey && !event.metaKey) || event.key === 'Tab') choose(options[at])
      else return false
      event.preventDefault()
      return true
    },
    aria:
      asked && options.length > 0
        ? {
            'aria-controls': id,
            'aria-activedescendant': `${id}-${at}`,
            'aria-autocomplete': 'list' as const,
            'aria-haspopup': 'listbox' as const,
          }
        : {},
  }
}
