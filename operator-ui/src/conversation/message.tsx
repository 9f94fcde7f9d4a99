/** One message: who, by which channel, when, what, and what became of it. Every word of it is text. */

import { memo, useState } from 'react'
import type { ConversationDetail, MessageView } from '../../../src/operator-api.types.ts'
import { called } from '../citizen/called.ts'
import type { GivenBack } from '../pending.ts'
import { useNames } from '../session-data.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { ChannelMark } from '../ui/channel-mark.tsx'
import { Icon } from '../ui/icon.tsx'
import { withoutControls } from '../ui/linkify.ts'
import { RichText } from '../ui/rich-text.tsx'
import { useSpeech } from '../words.ts'
import { Attachments } from './attachments.tsx'
import { Delivery } from './delivery.tsx'
import { senderNotes } from './distrust.ts'
import { MessageMenu } from './message-menu.tsx'
import { OriginalMail } from './original-mail.tsx'
import { Place } from './place.tsx'
import { Reactions } from './reactions.tsx'
import { SenderTrust } from './sender-trust.tsx'
import { useReact } from './use-react.ts'

export const Message = memo(function Message({
  message,
  conversation,
  isFollowing,
  find,
  onTakenBack,
  onOpen,
}: {
  message: MessageView
  conversation: ConversationDetail
  isFollowing: boolean
  find: string[] | undefined
  onTakenBack(given: GivenBack): void
  onOpen(id: string | undefined): void
}) {
  const { words, clock } = useSpeech()
  const names = useNames()
  const kind =
    names.channel(message.channelId)?.kind ??
    conversation.threads.find(({ id }) => id === message.threadId)?.channelKind ??
    ''
  const side = message.direction === 'in' ? 'in' : message.direction === 'note' ? 'note' : 'out'
  const thread = conversation.threads.find(({ id }) => id === message.threadId)
  const name = withoutControls(
    message.author === 'citizen'
      ? (thread?.name ?? called(conversation.citizen, words))
      : message.author === 'bot'
        ? words.thread.bot
        : message.author === 'system'
          ? words.thread.system
          : message.operatorId === null
            ? words.thread.ownPhone
            : names.operator(message.operatorId),
  )
  const react = useReact(message, conversation)
  const vendorLate =
    message.vendorAt !== null && Math.abs(Date.parse(message.vendorAt) - Date.parse(message.at)) > 60_000

  return (
    <article
      className="message"
      data-side={side}
      data-author={message.author}
      data-following={isFollowing}
      aria-label={words.thread.from(name, names.kind(kind))}
    >
      {!isFollowing && (
        <header className="message-head">
          {message.author === 'bot' ? (
            <span className="avatar bot" data-size="24" aria-hidden="true">
              <Icon name="bot" size={16} />
            </span>
          ) : (
            <Avatar
              name={message.author === 'citizen' ? conversation.citizen.name : name}
              id={message.operatorId ?? conversation.citizen.id}
              size={24}
            />
          )}
          <bdi className="message-name">{name}</bdi>
          {side === 'note' ? (
            <span className="message-note">
              <Icon name="note" size={14} />
              {words.thread.note}
            </span>
          ) : (
            <span className="message-channel">
              <ChannelMark kind={kind} size={12} />
              {names.kind(kind)}
            </span>
          )}
          {message.automatic && <span className="tag">{words.thread.automatic}</span>}
          {senderNotes(message.trust).map((note) => (
            <SenderTrust key={note.kind} {...note} />
          ))}
        </header>
      )}
      <div className="message-line">
        <div
          className="bubble"
          lang={message.direction === 'in' && conversation.language !== 'pt' ? conversation.language : undefined}
        >
          {message.inReplyTo && (
            <p className="message-reply">
              <Icon name="reply" size={14} />
              {words.thread.inReplyTo}
            </p>
          )}
          {message.subject && (
            <p className="message-subject">
              <b>{words.thread.subject}:</b> <bdi>{withoutControls(message.subject)}</bdi>
            </p>
          )}
          {message.deletedAt ? <Deleted message={message} /> : <Body message={message} find={find} sender={name} />}
          <Reactions reactions={message.reactions} react={react} />
        </div>
        <MessageMenu message={message} conversation={conversation} react={react} onOpen={onOpen} />
      </div>
      <footer className="message-foot">
        <time dateTime={message.vendorAt ?? message.at} title={clock.full(message.vendorAt ?? message.at)}>
          {clock.time(message.vendorAt ?? message.at)}
        </time>
        {vendorLate && (
          <span title={clock.full(message.at)}>
            {message.recovered
              ? words.thread.recovered
              : words.thread.vendorTime(clock.time(message.vendorAt ?? message.at))}
          </span>
        )}
        {message.editedAt && !message.deletedAt && <Revisions message={message} />}
        {message.delivery && <Delivery message={message} onTakenBack={onTakenBack} />}
      </footer>
    </article>
  )
})

function Body({ message, find, sender }: { message: MessageView; find: string[] | undefined; sender: string }) {
  const { words } = useSpeech()
  const [showsOriginal, setShowsOriginal] = useState(false)
  return (
    <>
      {message.template && (
        <p className="message-kind">
          <Icon name="checks" size={14} />
          {words.thread.template}: {message.template.name}
        </p>
      )}
      {message.chosen && (
        <p className="message-kind">
          <Icon name="check" size={14} />
          {words.thread.chosen}
        </p>
      )}
      {message.text && <RichText block text={message.text} find={find} />}
      {message.unsupported && (
        <p className="message-kind">
          <Icon name="question" size={14} />
          {words.thread.unsupported(words.thread.unsupportedKinds[message.unsupported] ?? withoutControls(message.unsupported))}
        </p>
      )}
      <Attachments attachments={message.attachments} sender={sender} />
      {message.location && <Place location={message.location} />}
      {message.contact && (
        <div className="contact-card">
          <Icon name="user" />
          <span>
            <bdi>{withoutControls(message.contact.name) || words.thread.contact}</bdi>
            {[...message.contact.phones, ...(message.contact.emails ?? [])].map((address) => (
              <small key={address}>
                <RichText text={address} />
              </small>
            ))}
          </span>
        </div>
      )}
      {message.choices.length > 0 && (
        <ul className="choices" aria-label={words.thread.choices}>
          {message.choices.map((choice) => (
            <li key={choice.id}>
              <bdi>{choice.label}</bdi>
            </li>
          ))}
        </ul>
      )}
      {message.quoted && (
        <details className="quoted" onToggle={keepInSight}>
          <summary>{words.thread.quoted}</summary>
          <RichText block text={message.quoted} />
        </details>
      )}
      {message.html && (
        <button type="button" className="text-button" onClick={() => setShowsOriginal(true)}>
          {words.thread.original}
        </button>
      )}
      {message.html && showsOriginal && <OriginalMail html={message.html} onClose={() => setShowsOriginal(false)} />}
    </>
  )
}

function Deleted({ message }: { message: MessageView }) {
  const { words } = useSpeech()
  return (
    <details className="deleted" onToggle={keepInSight}>
      <summary>
        <Icon name="trash" size={14} />
        {words.thread.deleted}
        {message.text && <b>{words.thread.deletedText}</b>}
      </summary>
      {message.text && <RichText block text={message.text} />}
    </details>
  )
}

function Revisions({ message }: { message: MessageView }) {
  const { words, clock } = useSpeech()
  if (message.revisions.length === 0) return <span>{words.thread.edited}</span>
  return (
    <details className="revisions" onToggle={keepInSight}>
      <summary>{words.thread.editedAt(clock.time(message.editedAt ?? message.at))}</summary>
      {message.revisions.map((revision) => (
        <div key={revision.at} className="revision">
          <small>
            {words.thread.earlierText} · {clock.time(revision.at)}
          </small>
          <RichText block text={revision.text} />
        </div>
      ))}
    </details>
  )
}

/** What is unfolded at the end of a thread grows upwards, for the end stays where it is: what was asked for must not leave by the top. */
function keepInSight({ currentTarget: details }: { currentTarget: HTMLDetailsElement }): void {
  // Rows are measured after this frame is laid out.
  if (details.open) requestAnimationFrame(() => requestAnimationFrame(() => details.scrollIntoView({ block: 'nearest' })))
}
