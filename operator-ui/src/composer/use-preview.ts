/** Asks the gateway how a reply will look on its channel; one answer a pause in typing. */

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ChannelView, OperatorAction, Preview, PreviewRequest } from '../../../src/operator-api.types.ts'
import { post } from '../api.ts'

const settleMs = 350

export function usePreview(channel: ChannelView | undefined, reply: OperatorAction, isWanted: boolean) {
  const request: PreviewRequest | undefined =
    channel && reply.do === 'reply'
      ? {
          channelId: channel.id,
          text: reply.text,
          ...(reply.attachments && { attachments: reply.attachments }),
          ...(reply.choices && { choices: reply.choices }),
        }
      : undefined
  const wanted = JSON.stringify(request)
  const [settled, setSettled] = useState(wanted)
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(wanted), settleMs)
    return () => window.clearTimeout(timer)
  }, [wanted])
  return useQuery({
    queryKey: ['preview', settled],
    queryFn: () => post<Preview>('/api/conversations/preview', JSON.parse(settled ?? '{}')),
    enabled: isWanted && request !== undefined && (request.text !== '' || (request.attachments?.length ?? 0) > 0),
    placeholderData: keepPreviousData,
    gcTime: 10_000,
    retry: false,
  })
}
