/** What can be done with the conversation as a whole: buttons for the frequent, a menu for the rest, keys for all. */

import { useMemo, useState } from 'react'
import type { ConversationDetail, OperatorAction, Permission } from '../../../src/operator-api.types.ts'
import { useAct } from '../act.ts'
import { AssistDialog } from '../assist/assist-dialog.tsx'
import { type Command, useCommands } from '../commands.ts'
import { useDue } from '../due.ts'
import { useNames, useSession } from '../session-data.tsx'
import { Button } from '../ui/button.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Menu, type MenuItem } from '../ui/menu.tsx'
import { useToast } from '../ui/toast.tsx'
import { useNow } from '../ui/use-now.ts'
import { useSpeech } from '../words.ts'
import { CloseDialog } from './close-dialog.tsx'
import { MergeChooser } from './merge-chooser.tsx'
import { type Picked, PropertyChooser } from './property-chooser.tsx'

type Shown = Picked | 'close' | 'merge' | 'assist' | undefined

export function ConversationActions({
  conversation,
  onOpen,
}: {
  conversation: ConversationDetail
  onOpen(id: string | undefined): void
}) {
  const { words, clock } = useSpeech()
  const names = useNames()
  const act = useAct()
  const toast = useToast()
  const now = useNow()
  const { video } = useSession()
  const [shown, setShown] = useState<Shown>()
  const { may } = conversation
  const isMine = conversation.state === 'assigned' && names.isMe(conversation.operatorId)

  const deeds = useMemo(() => {
    const run = (...actions: OperatorAction[]) => void act(conversation, ...actions)
    const copy = () =>
      void navigator.clipboard.writeText(conversation.reference).then(() => toast({ text: words.app.copied }))
    const all: {
      id: string
      needs: Permission | undefined
      label: string
      icon: IconName
      keys?: string
      run(): void
    }[] = [
      { id: 'take', needs: 'take', label: words.action.take, icon: 'hand', keys: 't', run: () => run({ do: 'take' }) },
      {
        id: 'close',
        needs: 'close',
        label: words.action.close,
        icon: 'archive',
        keys: 'e',
        run: () => setShown('close'),
      },
      {
        id: 'reopen',
        needs: 'reopen',
        label: words.action.reopen,
        icon: 'undo',
        keys: 'e',
        run: () => run({ do: 'reopen' }),
      },
      {
        id: 'snooze',
        needs: 'snooze',
        label: words.action.snooze,
        icon: 'snooze',
        keys: 's',
        run: () => setShown('snooze'),
      },
      {
        id: 'assign',
        needs: 'assign',
        label: words.action.assign,
        icon: 'user',
        keys: 'a',
        run: () => setShown('assign'),
      },
      { id: 'move', needs: 'move', label: words.action.move, icon: 'move', keys: 'm', run: () => setShown('move') },
      {
        id: 'hand-back',
        needs: 'hand-back',
        label: words.action.handBack,
        icon: 'bot',
        keys: 'b',
        run: () => run({ do: 'hand-back' }),
      },
      { id: 'tag', needs: 'tag', label: words.action.tag, icon: 'tag', keys: 'l', run: () => setShown('tag') },
      {
        id: 'prioritise',
        needs: 'prioritise',
        label: words.action.priority,
        icon: 'flag',
        keys: 'p',
        run: () => setShown('prioritise'),
      },
      {
        id: 'topic',
        needs: 'tag',
        label: words.action.topic,
        icon: 'bookmark',
        keys: 'o',
        run: () => setShown('set-topic'),
      },
      {
        id: 'language',
        needs: 'tag',
        label: words.action.setLanguage,
        icon: 'globe',
        run: () => setShown('set-language'),
      },
      ...(video
        ? [
            {
              id: 'call',
              needs: 'call',
              label: words.action.call,
              icon: 'video',
              keys: 'v',
              run: () => run({ do: 'call' }),
            } as const,
          ]
        : []),
      { id: 'assist', needs: 'reply', label: words.assist.do, icon: 'form', keys: 'd', run: () => setShown('assist') },
      { id: 'merge', needs: 'merge', label: words.action.merge, icon: 'merge', run: () => setShown('merge') },
      { id: 'reference', needs: undefined, label: words.action.reference, icon: 'copy', keys: 'c', run: copy },
    ]
    return all.filter(({ id: deed, needs }) => (!needs || may.includes(needs)) && !(deed === 'take' && isMine))
  }, [act, conversation, may, isMine, video, words, toast])

  useCommands(
    useMemo<Command[]>(
      () =>
        deeds.map(({ id: deed, label, keys: key, run }) => ({
          id: deed,
          group: 'conversation',
          label,
          run,
          ...(key && { keys: key }),
        })),
      [deeds],
    ),
  )

  const items: MenuItem[] = deeds.map(({ id: deed, label, icon, keys: key, run }) => ({
    id: deed,
    label,
    icon,
    run,
    ...(key && { hint: key.toUpperCase() }),
  }))
  const find = (name: string) => deeds.find((deed) => deed.id === name)
  const main =
    conversation.state === 'closed'
      ? find('reopen')
      : isMine
        ? find('close')
        : find('take')
  const second = main?.id === 'take' ? undefined : find('snooze')
  const due = useDue(conversation)
  const state =
    conversation.state === 'assigned'
      ? isMine
        ? words.action.ownedByMe
        : words.action.ownedBy(names.operator(conversation.operatorId).split(' ')[0] ?? '')
      : conversation.state === 'waiting' && conversation.waitingSince
        ? words.list.waitingFor(clock.duration(conversation.waitingSince, now))
        : conversation.state === 'snoozed' && conversation.wakeAt
          ? words.list.wakes(clock.moment(conversation.wakeAt))
          : words.state[conversation.state]

  return (
    <>
      <span className="state-chip" data-state={conversation.state} data-late={due?.state === 'past'}>
        {state}
        {due?.state === 'past' && ` · ${words.list.late(clock.duration(due.at, now))}`}
        {due && due.state !== 'past' && <span className="chip-due"> · {words.list.dueIn(clock.moment(due.at))}</span>}
      </span>
      <span className="head-buttons">
        {second && (
          <Button look="quiet" icon={second.icon} onClick={second.run}>
            {second.label}
          </Button>
        )}
        {main && (
          <Button look={main.id === 'take' ? 'primary' : 'plain'} icon={main.icon} onClick={main.run}>
            {main.label}
          </Button>
        )}
      </span>
      <Menu label={words.app.more} items={items} trigger={<Icon name="more" />} />
      {shown === 'close' && <CloseDialog conversation={conversation} onClose={() => setShown(undefined)} />}
      {shown === 'assist' && <AssistDialog conversation={conversation} onClose={() => setShown(undefined)} />}
      {shown === 'merge' && (
        <MergeChooser conversation={conversation} onClose={() => setShown(undefined)} onOpen={onOpen} />
      )}
      {shown && shown !== 'close' && shown !== 'merge' && shown !== 'assist' && (
        <PropertyChooser property={shown} conversation={conversation} onClose={() => setShown(undefined)} />
      )}
    </>
  )
}
