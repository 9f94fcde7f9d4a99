/** Into which conversation: first the citizen's own, then whatever is searched for. */

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ConversationDetail, ConversationSummary, Page } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { get, post } from '../api.ts'
import { called } from '../citizen/called.ts'
import { withCover } from '../sensitive.ts'
import { useNames } from '../session-data.tsx'
import { useAsk } from '../ui/ask.tsx'
import { ChannelMark } from '../ui/channel-mark.tsx'
import { Chooser, type Option } from '../ui/chooser.tsx'
import { useToast } from '../ui/toast.tsx'
import { useSpeech } from '../words.ts'

export function MergeChooser({
  conversation,
  onClose,
  onOpen,
}: {
  conversation: ConversationDetail
  onClose(): void
  onOpen(id: string): void
}) {
  const { words, clock } = useSpeech()
  const names = useNames()
  const client = useQueryClient()
  const ask = useAsk()
  const toast = useToast()
  const [typed, setTyped] = useState('')
  const found = useQuery({
    queryKey: ['merge-search', typed],
    queryFn: ({ signal }) =>
      get<Page<ConversationSummary>>(`/api/conversations?${new URLSearchParams({ view: 'all', q: typed })}`, signal),
    enabled: typed.trim().length > 2,
  })
  const own = conversation.people.conversations
    .filter(({ id }) => id !== conversation.id)
    .map<Option>((one) => ({
      id: one.id,
      label: `${one.reference} · ${one.topic ? names.topic(one.topic) : words.state[one.state]}`,
      detail: clock.short(one.openedAt),
      mark: <ChannelMark kind={one.channelKind} />,
    }))
  const others = (found.data?.rows ?? [])
    .filter(({ id }) => id !== conversation.id && !own.some((one) => one.id === id))
    .map<Option>((row) => ({
      id: row.id,
      label: `${called(row.citizen, words)} · ${row.reference}`,
      detail: withCover(row.preview),
      also: typed,
      mark: <ChannelMark kind={row.channelKind} />,
    }))
  const merge = async (into: string, label: string) => {
    if (
      !(await ask({ title: words.action.merge, text: `${label}. ${words.action.mergeHint}`, yes: words.action.merge }))
    )
      return
    try {
      await post(`/api/conversations/${encodeURIComponent(conversation.id)}/merge`, { into })
      void client.invalidateQueries()
      onOpen(into)
    } catch (problem) {
      toast({ text: plainly(problem, words), kind: 'bad' })
    }
  }
  return (
    <Chooser
      title={words.action.mergeInto}
      options={[...own, ...others]}
      onType={setTyped}
      onChoose={({ id, label }) => void merge(id, label)}
      onClose={onClose}
    />
  )
}
