/** What the channel makes of the text so far: length, SMS, window, what would not pass; and whether the draft is safe. */

import type { ChannelView, ConversationDetail, OperatorAction, ThreadView } from '../../../src/operator-api.types.ts'
import { Icon } from '../ui/icon.tsx'
import { useNow } from '../ui/use-now.ts'
import { useSpeech } from '../words.ts'
import type { Attachments } from './use-attachments.ts'
import type { Draft } from './use-draft.ts'
import { looksSensitive } from '../sensitive.ts'
import { usePreview } from './use-preview.ts'

/** Below this share of the channel's length, nobody needs the number. */
const worthCounting = 0.8
const windowSoonMs = 4 * 3_600_000

export function CarryLine({
  conversation,
  channel,
  thread,
  text,
  reply,
  draftState,
  files,
  isBotActive,
}: {
  conversation: ConversationDetail
  channel: ChannelView | undefined
  thread: ThreadView | undefined
  text: string
  reply: OperatorAction
  draftState: Draft['state']
  files: Attachments
  isBotActive: boolean
}) {
  const { words } = useSpeech()
  const now = useNow()
  const limit = channel?.capabilities.text
  const isSms = limit?.unit === 'sms-segments'
  const preview = usePreview(
    channel,
    reply,
    isSms || files.ready.length > 0 || (limit !== undefined && text.length > limit.max * worthCounting),
  ).data
  const length = limit ? lengthOf(text, limit.unit) : 0
  const over = limit && !isSms ? length - limit.max : 0
  const endsIn = thread?.windowEndsAt ? Date.parse(thread.windowEndsAt) - now : undefined
  const { clock } = useSpeech()
  return (
    <div className="carry">
      <div role="status">
        {channel && looksSensitive(text) && (
          <span data-kind="warn">
            <Icon name="alert" size={14} />
            {words.composer.sensitive}
          </span>
        )}
        {isBotActive && (
          <span>
            <Icon name="bot" size={14} />
            {words.composer.botOwns}
          </span>
        )}
        {channel && over > 0 && <span data-kind="warn">{words.composer.tooLong(over)}</span>}
        {channel &&
          preview?.problems.map((problem) => (
            <span key={problem} data-kind="warn">
              <Icon name="alert" size={14} />
              {problem}
            </span>
          ))}
        {channel && files.limit > 0 && files.chips.length > files.limit && (
          <span data-kind="warn">{words.composer.tooMany(files.limit)}</span>
        )}
        {channel && endsIn !== undefined && endsIn > 0 && endsIn < windowSoonMs && (
          <span data-kind="warn">
            <Icon name="clock" size={14} />
            {words.composer.windowSoon(clock.duration(new Date(now - endsIn).toISOString(), now))}
          </span>
        )}
      </div>
      <div className="carry-end">
        {isSms && text && preview?.segments != null && (
          <span>{words.composer.segments(preview.segments, preview.encoding ?? '')}</span>
        )}
        {!isSms && limit && length > limit.max * worthCounting && (
          <span>{words.composer.characters(length, limit.max)}</span>
        )}
        {draftState === 'saved' && <span>{words.composer.draftSaved}</span>}
        {draftState === 'failed' && <span data-kind="warn">{words.composer.draftFailed}</span>}
        {conversation.language !== 'pt' && <span>{words.languageName[conversation.language]}</span>}
      </div>
    </div>
  )
}

function lengthOf(text: string, unit: 'characters' | 'utf16' | 'bytes' | 'sms-segments'): number {
  if (unit === 'utf16') return text.length
  return unit === 'bytes' ? new TextEncoder().encode(text).length : [...text].length
}
