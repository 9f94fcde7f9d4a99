/** Who the citizen is, everything they asked before, and what the operator may do about it. */

import { Fragment, useState } from 'react'
import type { CitizenView, ConversationDetail } from '../../../src/operator-api.types.ts'
import { useDue } from '../due.ts'
import { useNames } from '../session-data.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { ChannelMark } from '../ui/channel-mark.tsx'
import { withoutControls } from '../ui/linkify.ts'
import { useToast } from '../ui/toast.tsx'
import { useSpeech } from '../words.ts'
import { AssistDialog } from '../assist/assist-dialog.tsx'
import { Attributes } from './attributes.tsx'
import { called } from './called.ts'
import { Identities } from './identities.tsx'
import { LinkDialog } from './link-dialog.tsx'
import { RegisterDialog } from './register-dialog.tsx'

export function CitizenPanel({ conversation, onOpen }: { conversation: ConversationDetail; onOpen(id: string): void }) {
  const { words, clock } = useSpeech()
  const names = useNames()
  const toast = useToast()
  const [dialog, setDialog] = useState<'register' | 'link' | 'assist'>()
  const { people, survey } = conversation
  const earlier = people.conversations.filter(({ id }) => id !== conversation.id)
  const due = useDue(conversation)
  const copy = () =>
    void navigator.clipboard.writeText(conversation.reference).then(() => toast({ text: words.app.copied }))
  const facts: [string, string | null][] = [
    [words.citizen.owner, conversation.operatorId ? names.operator(conversation.operatorId) : words.action.unassigned],
    [words.citizen.department, names.department(conversation.departmentId) || null],
    [words.citizen.topic, conversation.topic && names.topic(conversation.topic)],
    [words.filter.priority, words.priority[conversation.priority]],
    [words.citizen.language, words.languageName[conversation.language]],
    [words.citizen.opened, clock.moment(conversation.openedAt)],
    [words.citizen.due, due ? clock.moment(due.at) : null],
    [
      words.citizen.survey,
      survey?.score == null ? null : [words.citizen.rating(survey.score), survey.comment].filter(Boolean).join(': '),
    ],
  ]
  return (
    <div className="citizen">
      <header className="citizen-head">
        <Avatar name={people.name} id={people.id} size={44} />
        <div>
          <h2>
            <bdi>{called(people, words)}</bdi>
          </h2>
          {!people.name && <small>{words.citizen.unknown}</small>}
        </div>
        {conversation.may.includes('register') && (
          <IconButton icon="edit" label={words.citizen.register} onClick={() => setDialog('register')} />
        )}
      </header>
      <section>
        <h3>{words.citizen.identities}</h3>
        <Identities people={people} />
        {conversation.may.includes('link') && (
          <Button look="quiet" icon="link" onClick={() => setDialog('link')}>
            {words.citizen.link}
          </Button>
        )}
      </section>
      <section>
        <h3>{words.citizen.attributes}</h3>
        <Attributes people={people} />
        {conversation.may.includes('register') && (
          <Button look="quiet" icon="edit" onClick={() => setDialog('register')}>
            {words.citizen.register}
          </Button>
        )}
        {conversation.may.includes('reply') && (
          <Button look="quiet" icon="form" onClick={() => setDialog('assist')}>
            {words.assist.do}
          </Button>
        )}
      </section>
      <section>
        <h3>{words.citizen.about}</h3>
        <dl className="facts">
          <dt>
            {words.citizen.reference}
            <IconButton icon="copy" label={words.action.reference} onClick={copy} />
          </dt>
          <dd className="reference">{conversation.reference}</dd>
          {facts.map(
            ([name, value]) =>
              value && (
                <Fragment key={name}>
                  <dt>{name}</dt>
                  <dd dir="auto">{withoutControls(value)}</dd>
                </Fragment>
              ),
          )}
        </dl>
        {conversation.tags.length > 0 && (
          <ul className="tags" aria-label={words.citizen.tags}>
            {conversation.tags.map((tag) => (
              <li key={tag} className="tag">
                {withoutControls(tag)}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section>
        <h3>{words.citizen.conversations}</h3>
        {earlier.length === 0 ? (
          <p className="quiet">{words.citizen.noConversations}</p>
        ) : (
          <Earlier earlier={earlier} onOpen={onOpen} />
        )}
      </section>
      {dialog === 'register' && <RegisterDialog conversation={conversation} onClose={() => setDialog(undefined)} />}
      {dialog === 'assist' && <AssistDialog conversation={conversation} onClose={() => setDialog(undefined)} />}
      {dialog === 'link' && <LinkDialog conversation={conversation} onClose={() => setDialog(undefined)} />}
    </div>
  )
}

function Earlier({ earlier, onOpen }: { earlier: CitizenView['conversations']; onOpen(id: string): void }) {
  const { words, clock } = useSpeech()
  const names = useNames()
  return (
    <ul className="earlier">
      {earlier.map((one) => (
        <li key={one.id}>
          <button type="button" onClick={() => onOpen(one.id)}>
            <ChannelMark kind={one.channelKind} />
            <span>
              <b>
                <bdi>{one.topic ? names.topic(one.topic) : names.kind(one.channelKind)}</bdi>
              </b>
              <small>
                {one.reference} · {clock.short(one.openedAt)} · {words.state[one.state]}
                {one.score === null ? '' : ` · ${words.citizen.rating(one.score)}`}
              </small>
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
