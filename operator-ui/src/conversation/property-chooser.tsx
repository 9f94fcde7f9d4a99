/** "Which one?" for everything of a conversation that is chosen from a list. */

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ConversationDetail, OperatorAction } from '../../../src/operator-api.types.ts'
import { useAct } from '../act.ts'
import { tagsSeen } from '../queries.ts'
import { useNames, useSession } from '../session-data.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { Chooser, type Option } from '../ui/chooser.tsx'
import { useSpeech } from '../words.ts'
import { SnoozeChooser } from '../ui/snooze-chooser.tsx'
import { MoveDialog } from './move-dialog.tsx'

export type Picked = 'assign' | 'move' | 'snooze' | 'tag' | 'prioritise' | 'set-topic' | 'set-language'

const priorities = ['urgent', 'high', 'normal', 'low'] as const
const languages = ['pt', 'en', 'es', 'fr'] as const

export function PropertyChooser({
  property,
  conversation,
  onClose,
}: {
  property: Picked
  conversation: ConversationDetail
  onClose(): void
}) {
  const { words } = useSpeech()
  const client = useQueryClient()
  const session = useSession()
  const act = useAct()
  const [tags, setTags] = useState(conversation.tags)
  const run = (...actions: OperatorAction[]) => void act(conversation, ...actions)
  const names = useNames()
  const common = { onClose }

  switch (property) {
    case 'assign': {
      const options = session.operators
        .filter((one) => !one.disabled)
        .map<Option>((one) => ({
          id: one.id,
          label: one.id === session.operator.id ? `${one.name} (${words.list.you})` : one.name,
          detail: words.presence[one.presence],
          checked: one.id === conversation.operatorId,
          mark: (
            <span className="account-avatar" data-presence={one.presence}>
              <Avatar name={one.name} id={one.id} size={24} />
            </span>
          ),
        }))
      return (
        <Chooser
          {...common}
          title={words.action.assignTo}
          options={options}
          onChoose={({ id }) => run({ do: 'assign', operatorId: id })}
        />
      )
    }
    case 'move':
      return <MoveDialog {...common} conversation={conversation} />
    case 'snooze':
      return <SnoozeChooser {...common} onChoose={(until) => run({ do: 'snooze', until })} />
    case 'tag': {
      const known = tagsSeen(client, [...tags, ...conversation.tags])
      const toggle = (tag: string) => {
        const has = tags.includes(tag)
        setTags(has ? tags.filter((one) => one !== tag) : [...tags, tag])
        run(has ? { do: 'tag', remove: [tag] } : { do: 'tag', add: [tag] })
      }
      return (
        <Chooser
          {...common}
          keepOpen
          title={words.action.tag}
          hint={words.action.tagHint}
          options={known.map((tag) => ({ id: tag, label: tag, checked: tags.includes(tag) }))}
          create={(name) => ({ id: name, label: words.action.create(name), icon: 'plus' })}
          onChoose={({ id }) => toggle(id)}
        />
      )
    }
    case 'prioritise':
      return (
        <Chooser
          {...common}
          title={words.action.priority}
          options={priorities.map((id) => ({ id, label: words.priority[id], checked: id === conversation.priority }))}
          onChoose={({ id }) => {
            const priority = priorities.find((one) => one === id)
            if (priority) run({ do: 'prioritise', priority })
          }}
        />
      )
    case 'set-topic': {
      const topics = [
        ...new Set([
          ...Object.keys(session.topics),
          ...session.links.flatMap((link) => link.topic ?? []),
          ...(conversation.topic ? [conversation.topic] : []),
        ]),
      ]
      return (
        <Chooser
          {...common}
          title={words.action.topic}
          hint={words.action.topicHint}
          options={topics.map((id) => ({ id, label: names.topic(id), checked: id === conversation.topic }))}
          create={(name) => ({ id: name, label: words.action.create(name), icon: 'plus' })}
          onChoose={({ id }) => run({ do: 'set-topic', topic: id })}
        />
      )
    }
    case 'set-language':
      return (
        <Chooser
          {...common}
          title={words.action.setLanguage}
          options={languages.map((id) => ({
            id,
            label: words.languageName[id],
            checked: id === conversation.language,
          }))}
          onChoose={({ id }) => {
            const chosen = languages.find((one) => one === id)
            if (chosen) run({ do: 'set-language', language: chosen })
          }}
        />
      )
  }
}
