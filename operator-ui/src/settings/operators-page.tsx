/** Who may sign in, as what, and for which departments. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { OperatorView } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { get, post, put } from '../api.ts'
import { useNames, useSession } from '../session-data.tsx'
import { useAsk } from '../ui/ask.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { Menu } from '../ui/menu.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { useToast } from '../ui/toast.tsx'
import { useWords } from '../words.ts'
import { OperatorForm } from './operator-form.tsx'

export function OperatorsPage() {
  const words = useWords()
  const names = useNames()
  const client = useQueryClient()
  const ask = useAsk()
  const toast = useToast()
  const me = useSession().operator
  const say = words.settings.operator
  const [edited, setEdited] = useState<OperatorView | 'new'>()
  const [link, setLink] = useState<string>()
  const operators = useQuery({
    queryKey: ['admin', 'operators'],
    queryFn: ({ signal }) => get<OperatorView[]>('/api/admin/operators', signal),
  })
  const refresh = () => {
    void client.invalidateQueries({ queryKey: ['admin', 'operators'] })
    void client.invalidateQueries({ queryKey: ['session'] })
  }
  const failed = (problem: unknown) => toast({ text: plainly(problem, words), kind: 'bad' })
  const reset = useMutation({
    mutationFn: (id: string) =>
      post<{ setPasswordUrl: string }>(`/api/admin/operators/${encodeURIComponent(id)}/reset`),
    onSuccess: ({ setPasswordUrl }) => setLink(setPasswordUrl),
    onError: failed,
  })
  const change = useMutation({
    mutationFn: ({ id, disabled }: { id: string; disabled: boolean }) =>
      put(`/api/admin/operators/${encodeURIComponent(id)}`, { disabled }),
    onSuccess: refresh,
    onError: failed,
  })
  const disable = async (operator: OperatorView) => {
    if (
      !operator.disabled &&
      !(await ask({ title: say.disable, text: say.disableConfirm(operator.name), yes: say.disable, danger: true }))
    )
      return
    change.mutate({ id: operator.id, disabled: !operator.disabled })
  }
  if (operators.isPending) return <Loading />
  if (operators.error) return <Failed problem={operators.error} onRetry={() => void operators.refetch()} />
  const isAdmin = me.role === 'admin'
  return (
    <>
      <p className="intro">{say.intro}</p>
      {isAdmin && (
        <Button look="primary" icon="plus" onClick={() => setEdited('new')}>
          {say.invite}
        </Button>
      )}
      <ul className="cards list">
        {operators.data.map((operator) => (
          <li key={operator.id} className="card operator" data-disabled={operator.disabled}>
            <span className="account-avatar" data-presence={operator.disabled ? 'away' : operator.presence}>
              <Avatar name={operator.name} id={operator.id} />
            </span>
            <span className="operator-who">
              <b>{operator.name}</b>
              <small>{operator.email}</small>
            </span>
            <span className="operator-what">
              <span className="tag">{say.roles[operator.role]}</span>
              {operator.disabled && <span className="tag bad">{say.disabled}</span>}
              {operator.departments.map((id) => (
                <span key={id} className="tag">
                  {names.department(id)}
                </span>
              ))}
            </span>
            {isAdmin && (
              <Menu
                label={say.edit(operator.name)}
                trigger={<Icon name="more" />}
                items={[
                  { id: 'edit', label: words.app.edit, icon: 'edit', run: () => setEdited(operator) },
                  { id: 'reset', label: say.reset, icon: 'sign', run: () => reset.mutate(operator.id) },
                  ...(operator.id === me.id
                    ? []
                    : [
                        {
                          id: 'disable',
                          label: operator.disabled ? say.enable : say.disable,
                          icon: 'close',
                          danger: !operator.disabled,
                          run: () => void disable(operator),
                        } as const,
                      ]),
                ]}
              />
            )}
          </li>
        ))}
      </ul>
      {edited && (
        <OperatorForm
          operator={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
          onSaved={(url) => {
            setEdited(undefined)
            refresh()
            setLink(url)
          }}
        />
      )}
      {link && (
        <Dialog title={say.reset} onClose={() => setLink(undefined)}>
          <p className="dialog-text">{say.linkReady}</p>
          <p className="invite-link">
            <input readOnly aria-label={say.reset} value={link} onFocus={(event) => event.target.select()} />
            <Button
              look="primary"
              onClick={() => void navigator.clipboard.writeText(link).then(() => toast({ text: words.app.copied }))}
            >
              {words.app.copy}
            </Button>
          </p>
        </Dialog>
      )}
    </>
  )
}
