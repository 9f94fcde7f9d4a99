/** Where replies and notes are written: what the channel can carry is seen before anything is sent. */

import {
  type DragEvent,
  type KeyboardEvent,
  type Ref,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react'
import { flushSync } from 'react-dom'
import type { ConversationDetail, OperatorAction } from '../../../src/operator-api.types.ts'
import { type Command, useCommands } from '../commands.ts'
import type { GivenBack, SentWith } from '../pending.ts'
import { preferencesOf, useSession } from '../session-data.tsx'
import { SnoozeChooser } from '../ui/snooze-chooser.tsx'
import { Icon } from '../ui/icon.tsx'
import type { MenuItem } from '../ui/menu.tsx'
import { useSpeech } from '../words.ts'
import { AttachmentChips } from './attachment-chips.tsx'
import { CarryLine } from './carry-line.tsx'
import { ChoicesEditor } from './choices-editor.tsx'
import { ComposerFoot } from './composer-foot.tsx'
import { CrossedNotice } from './crossed-notice.tsx'
import { PreviewPanel } from './preview-panel.tsx'
import { SubjectField } from './subject-field.tsx'
import { TargetSelect } from './target-select.tsx'
import { TemplateForm } from './template-form.tsx'
import { useAttachments } from './use-attachments.ts'
import { useDestination } from './use-destination.ts'
import { useDraft } from './use-draft.ts'
import { useInserts } from './use-inserts.ts'
import { useSend } from './use-send.ts'
import { WritingField } from './writing-field.tsx'

export interface ComposerDoor {
  write(kind: 'reply' | 'note'): void
  giveBack(given: GivenBack): void
}

export function Composer({
  conversation,
  ref,
  onNext,
}: {
  conversation: ConversationDetail
  ref: Ref<ComposerDoor>
  onNext(): void
}) {
  const { words } = useSpeech()
  const preferences = preferencesOf(useSession().operator)
  const mayReply = conversation.may.includes('reply')
  const [kind, setKind] = useState<'reply' | 'note'>(mayReply ? 'reply' : 'note')
  const draft = useDraft(conversation)
  const text = draft[kind]
  const to = useDestination(conversation)
  const { thread, channel } = to
  const capabilities = channel?.capabilities
  const [choices, setChoices] = useState<string[]>()
  const [subject, setSubject] = useState<string>()
  const [extra, setExtra] = useState<'preview' | 'snooze'>()
  const [isDropping, setDropping] = useState(false)
  const files = useAttachments(capabilities?.attachments)
  const field = useRef<HTMLTextAreaElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const inserts = useInserts({
    field,
    text,
    kind,
    conversation,
    onText: (next) => draft.set(kind, next),
    onFiles: files.addUploaded,
  })

  const isReply = kind === 'reply'
  const stop = isReply ? to.stop : undefined
  const onlyTemplate = isReply && to.onlyTemplate

  const write = (next: 'reply' | 'note') => {
    // At once: the letters of a fast hand come before the next frame.
    flushSync(() => setKind(next === 'reply' && !mayReply ? 'note' : next))
    field.current?.focus()
  }
  const putBack = (sent: SentWith) => {
    files.addUploaded(sent.attachments)
    if (sent.choices) setChoices(sent.choices)
    if (sent.subject !== undefined) setSubject(sent.subject)
  }
  const giveBack = (given: GivenBack) => {
    setKind(given.kind)
    const now = draft[given.kind].trim()
    // Beside other words it is a new text, and has a name of its own.
    if (now || !given.draft) draft.set(given.kind, now ? `${given.text}\n\n${draft[given.kind]}` : given.text)
    else draft.giveBack(given.kind, given.text, given.draft)
    putBack(given)
    window.requestAnimationFrame(() => field.current?.focus())
  }
  useImperativeHandle(ref, () => ({ write, giveBack }))

  const { send, crossed, clearCrossed } = useSend({
    conversation,
    draft,
    onSent: () => {
      files.clear()
      setChoices(undefined)
      setSubject(undefined)
      setExtra(undefined)
    },
    onBack: putBack,
  })
  const reply: OperatorAction = {
    do: 'reply',
    text: text.trim(),
    ...(to.threadId !== undefined && { threadId: to.threadId }),
    ...(files.ready.length > 0 && { attachments: files.ready }),
    ...(choices?.some(Boolean) && {
      choices: choices
        .filter((label) => label.trim())
        .map((label, index) => ({ id: `op${index + 1}`, label: label.trim() })),
    }),
    ...(subject?.trim() && { subject: subject.trim() }),
  }
  const isEmpty = !text.trim() && (!isReply || files.ready.length === 0)
  const canSend = !isEmpty && !stop && !onlyTemplate && !files.busy
  const go = (after: OperatorAction[] = [], force = false) => {
    if (!canSend) return
    const first: OperatorAction = isReply
      ? reply
      : { do: 'note', text: text.trim(), ...(inserts.mentions.length > 0 && { mentions: inserts.mentions }) }
    void send(kind, text.trim(), isReply ? files.ready : [], [first, ...after], force).then((sent) => {
      if (sent && after.some((one) => one.do === 'close')) onNext()
    })
    field.current?.focus()
  }
  const mayClose = conversation.may.includes('close')
  const more: MenuItem[] = []
  if (mayClose) {
    more.push({
      id: 'close',
      label: words.composer.sendClose,
      icon: 'archive',
      hint: 'Ctrl+Shift+Enter',
      run: () => go([{ do: 'close' }]),
    })
  }
  if (conversation.may.includes('snooze')) {
    more.push({ id: 'snooze', label: words.composer.sendSnooze, icon: 'snooze', run: () => setExtra('snooze') })
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || inserts.onKeyDown(event)) return
    const isSend =
      event.key === 'Enter' && (event.ctrlKey || event.metaKey || (preferences.enterSends && !event.shiftKey))
    if (isSend && event.shiftKey && mayClose && isReply) go([{ do: 'close' }])
    else if (isSend) go()
    else if (event.key === 'Escape') field.current?.blur()
    else return
    event.preventDefault()
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setDropping(false)
    if (isReply && !stop) files.add([...event.dataTransfer.files])
  }

  useCommands(
    useMemo<Command[]>(
      () => [
        { id: 'attach', group: 'write', label: words.composer.attach, run: () => picker.current?.click() },
        { id: 'preview', group: 'write', label: words.composer.preview, run: () => setExtra('preview') },
        {
          id: 'send-keys',
          group: 'write',
          label: words.composer.send,
          shown: words.composer.sendKeys,
          run: () => field.current?.focus(),
        },
        {
          id: 'send-close-keys',
          group: 'write',
          label: words.composer.sendClose,
          shown: 'Ctrl+Shift+Enter',
          run: () => field.current?.focus(),
        },
      ],
      [words],
    ),
  )

  return (
    <section
      className="composer"
      aria-label={words.composer.label}
      data-kind={kind}
      data-dropping={isDropping}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes('Files')) {
          event.preventDefault()
          setDropping(true)
        }
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={onDrop}
    >
      {crossed && (
        <CrossedNotice
          crossed={crossed}
          onSend={() => {
            go(crossed.after, true)
          }}
          onReview={() => {
            clearCrossed()
            field.current?.focus()
          }}
        />
      )}
      <div className="composer-head">
        <div className="composer-tabs" role="group" aria-label={words.composer.label}>
          <button type="button" aria-pressed={isReply} disabled={!mayReply} onClick={() => write('reply')}>
            {words.composer.reply}
          </button>
          <button type="button" aria-pressed={!isReply} onClick={() => write('note')}>
            <Icon name="note" size={16} />
            {words.composer.note}
          </button>
        </div>
        {isReply && conversation.threads.length > 0 && (
          <TargetSelect conversation={conversation} threadId={thread?.id ?? conversation.threadId} onChange={to.choose} />
        )}
      </div>
      {isReply && channel?.kind === 'email' && mayReply && (
        <SubjectField subject={subject} current={conversation.subject} onChange={setSubject} />
      )}
      {stop ? (
        <p className="composer-stop">
          <Icon name="alert" size={18} />
          {stop}
        </p>
      ) : onlyTemplate && thread ? (
        <TemplateForm
          channelId={thread.channelId}
          onSend={(template, said) =>
            void send('reply', said, [], [{ do: 'reply', text: said, threadId: thread.id, template }])
          }
        />
      ) : (
        <>
          <WritingField
            field={field}
            text={text}
            language={isReply ? conversation.language : undefined}
            inserts={inserts}
            onText={(next) => draft.set(kind, next)}
            onKeyDown={onKeyDown}
            onFiles={isReply ? files.add : undefined}
          />
          {isReply && <AttachmentChips files={files} />}
          {isReply && choices && <ChoicesEditor choices={choices} capabilities={capabilities} onChange={setChoices} />}
          {isReply && extra === 'preview' && channel && (
            <PreviewPanel channel={channel} reply={reply} onClose={() => setExtra(undefined)} />
          )}
          <CarryLine
            conversation={conversation}
            channel={isReply ? channel : undefined}
            thread={thread}
            text={text}
            reply={reply}
            draftState={draft.state}
            files={files}
            isBotActive={conversation.state === 'bot' && isReply}
          />
          <ComposerFoot
            inserts={inserts}
            canSend={canSend}
            onSend={() => go()}
            reply={
              isReply
                ? {
                    picker,
                    takesFiles: Boolean(capabilities?.attachments),
                    onFiles: files.add,
                    choices: { on: choices !== undefined, flip: () => setChoices(choices ? undefined : ['', '']) },
                    preview: {
                      on: extra === 'preview',
                      flip: () => setExtra(extra === 'preview' ? undefined : 'preview'),
                    },
                    more,
                  }
                : undefined
            }
          />
        </>
      )}
      {extra === 'snooze' && (
        <SnoozeChooser onClose={() => setExtra(undefined)} onChoose={(until) => go([{ do: 'snooze', until }])} />
      )}
      {isDropping && <p className="composer-drop">{words.composer.drop}</p>}
    </section>
  )
}
