/** Fills a form of the assistant's together with the citizen: which one, the answers, the citizen's word, the number. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ConversationDetail, FormOffer, FormStepView, GivenAnswers } from '../../../src/operator-api.types.ts'
import { get } from '../api.ts'
import { useNames } from '../session-data.tsx'
import { Button } from '../ui/button.tsx'
import { Chooser } from '../ui/chooser.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { useToast } from '../ui/toast.tsx'
import { useSpeech } from '../words.ts'
import { FormFields } from './form-fields.tsx'
import { HandIn } from './hand-in.tsx'

/** Where in the form we are. */
type Stage =
  | { at: 'choosing' }
  | { at: 'filling'; form: FormOffer; given: GivenAnswers }
  | { at: 'reading'; form: FormOffer; given: GivenAnswers; steps: FormStepView[] }
  | { at: 'done'; receipt: string }

export function AssistDialog({ conversation, onClose }: { conversation: ConversationDetail; onClose(): void }) {
  const { words, language } = useSpeech()
  const names = useNames()
  const [stage, setStage] = useState<Stage>({ at: 'choosing' })
  const forms = useQuery({
    queryKey: ['forms', conversation.id, language],
    queryFn: ({ signal }) =>
      get<FormOffer[]>(`/api/conversations/${encodeURIComponent(conversation.id)}/forms?language=${language}`, signal),
  })
  if (stage.at === 'choosing' && forms.data && forms.data.length > 0) {
    return (
      <Chooser
        title={words.assist.choose}
        options={forms.data.map((form) => ({
          id: form.id,
          label: form.title,
          icon: 'form',
          ...(form.department && { detail: names.department(form.department) || form.department }),
        }))}
        // It closes itself on a choice; here that leads on.
        keepOpen
        onChoose={({ id }) => {
          const form = forms.data.find((one) => one.id === id)
          if (form) setStage({ at: 'filling', form, given: {} })
        }}
        onClose={onClose}
      />
    )
  }
  const title = stage.at === 'filling' || stage.at === 'reading' ? stage.form.title : words.assist.title
  return (
    <Dialog key={stage.at} title={stage.at === 'done' ? words.assist.done : title} onClose={onClose}>
      {stage.at === 'choosing' &&
        (forms.error ? (
          <Failed problem={forms.error} onRetry={() => void forms.refetch()} />
        ) : forms.data ? (
          <Empty icon="form" title={words.assist.none} />
        ) : (
          <Loading />
        ))}
      {stage.at === 'filling' && (
        <FormFields
          conversation={conversation}
          form={stage.form}
          before={stage.given}
          onCancel={onClose}
          onReady={(given, steps) => setStage({ at: 'reading', form: stage.form, given, steps })}
        />
      )}
      {stage.at === 'reading' && (
        <HandIn
          conversation={conversation}
          form={stage.form}
          given={stage.given}
          steps={stage.steps}
          onBack={() => setStage({ at: 'filling', form: stage.form, given: stage.given })}
          onDone={(receipt) => setStage({ at: 'done', receipt })}
        />
      )}
      {stage.at === 'done' && <Receipt receipt={stage.receipt} onClose={onClose} />}
    </Dialog>
  )
}

function Receipt({ receipt, onClose }: { receipt: string; onClose(): void }) {
  const { words } = useSpeech()
  const toast = useToast()
  return (
    <div className="form">
      <p className="receipt" role="status">
        <Icon name="check" size={28} />
        <span>
          <small>{words.assist.number}</small>
          <b>{receipt}</b>
        </span>
      </p>
      <footer className="dialog-foot">
        <Button
          look="quiet"
          icon="copy"
          onClick={() => void navigator.clipboard.writeText(receipt).then(() => toast({ text: words.app.copied }))}
        >
          {words.app.copy}
        </Button>
        <Button look="primary" autoFocus onClick={onClose}>
          {words.app.close}
        </Button>
      </footer>
    </div>
  )
}
