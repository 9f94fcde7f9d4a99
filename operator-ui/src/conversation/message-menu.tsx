/** What can be done with one message: copy it, react to it, or let a new conversation begin with it. */

import { useQueryClient } from '@tanstack/react-query'
import type { ConversationDetail, ConversationSummary, MessageView, ReactionEmoji } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { post } from '../api.ts'
import { keys } from '../queries.ts'
import { useAsk } from '../ui/ask.tsx'
import { Menu, type MenuEntry } from '../ui/menu.tsx'
import { useToast } from '../ui/toast.tsx'
import { useWords } from '../words.ts'
import type { Reacting } from './use-react.ts'

export function MessageMenu({
  message,
  conversation,
  react,
  onOpen,
}: {
  message: MessageView
  conversation: ConversationDetail
  react: Reacting | undefined
  onOpen(id: string | undefined): void
}) {
  const words = useWords()
  const ask = useAsk()
  const toast = useToast()
  const client = useQueryClient()
  const split = async () => {
    if (!(await ask({ title: words.action.split, text: words.action.splitConfirm, yes: words.action.split }))) return
    try {
      const made = await post<ConversationSummary>(`/api/conversations/${encodeURIComponent(conversation.id)}/split`, {
        fromSeq: message.seq,
      })
      void client.invalidateQueries({ queryKey: keys.timeline(conversation.id) })
      onOpen(made.id)
    } catch (problem) {
      toast({ text: plainly(problem, words), kind: 'bad' })
    }
  }
  const items = () => {
    const items: MenuEntry[] = []
    if (message.text) {
      items.push({
        id: 'copy',
        label: words.app.copy,
        icon: 'file',
        run: () => void navigator.clipboard.writeText(message.text).then(() => toast({ text: words.app.copied })),
      })
    }
    if (maySplit) {
      items.push({ id: 'split', label: words.action.split, icon: 'split', run: () => void split() })
    }
    if (react) {
      if (items.length > 0) items.push('line')
      for (const [emoji, name] of Object.entries(words.reaction.names)) {
        items.push({
          id: emoji,
          label: `${name} ${emoji}`,
          checked: react.ours === emoji,
          run: () => react.toggle(emoji as ReactionEmoji),
        })
      }
    }
    return items
  }
  const maySplit = conversation.may.includes('split') && message.direction === 'in' && message.seq > 1
  if (!message.text && !maySplit && !react) return null
  return <Menu look="message-more" label={words.app.more} items={items} />
}
