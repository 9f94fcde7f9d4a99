/** What needs a person: messages that could not be read or delivered, conversations left alone, the configuration. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { Problem } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { get, post } from '../api.ts'
import { useNames, useSession } from '../session-data.tsx'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { useToast } from '../ui/toast.tsx'
import { useSpeech } from '../words.ts'

const order = ['config', 'channel', 'corrupt', 'unattended', 'delivery'] as const

export function ProblemsPage() {
  const { words, clock, language } = useSpeech()
  const client = useQueryClient()
  const toast = useToast()
  const names = useNames()
  const isAdmin = useSession().operator.role === 'admin'
  const say = words.settings.problem
  const problems = useQuery({
    queryKey: ['admin', 'problems'],
    queryFn: ({ signal }) => get<Problem[]>('/api/admin/problems', signal),
    refetchInterval: 30_000,
  })
  const replay = useMutation({
    mutationFn: (id: string) => post(`/api/admin/inbound/${encodeURIComponent(id)}/replay`),
    onSuccess: () => {
      toast({ text: say.replayed })
      void client.invalidateQueries({ queryKey: ['admin', 'problems'] })
    },
    onError: (problem) => toast({ text: plainly(problem, words), kind: 'bad' }),
  })
  if (problems.isPending) return <Loading />
  if (problems.error) return <Failed problem={problems.error} onRetry={() => void problems.refetch()} />
  if (problems.data.length === 0) return <Empty icon="check" title={say.none} text={say.noneHint} />
  return (
    <>
      <p className="intro">{say.intro}</p>
      {order.map((kind) => {
        const some = problems.data.filter((problem) => problem.kind === kind)
        if (some.length === 0) return null
        return (
          <section key={kind}>
            <h2>
              {say.kinds[kind]} <span className="count">{some.length}</span>
            </h2>
            <ul className="cards list">
              {some.map((problem) => (
                <li key={`${problem.kind}-${problem.id}`} className="card problem">
                  <Icon name="alert" />
                  <span className="problem-what">
                    {problem.title && <b>{problem.title}</b>}
                    <span className="problem-detail">{problem.kind === 'unattended' ? names.department(problem.detail)
                      : problem.gap ? words.settings.channel.gap(clock.moment(problem.gap.since), clock.moment(problem.gap.until))
                      : problem.reason ? problem.reason[language]
                      : reason(problem, words.delivery.reasons)}</span>
                    <small>{clock.moment(problem.at)}</small>
                  </span>
                  {problem.conversationId && (
                    <Link className="button plain" href={`/c/${encodeURIComponent(problem.conversationId)}?view=all`}>
                      {say.open}
                    </Link>
                  )}
                  {problem.replayable && isAdmin && (
                    <Button
                      icon="retry"
                      busy={replay.isPending && replay.variables === problem.id}
                      onClick={() => replay.mutate(problem.id)}
                    >
                      {say.replay}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          </section>
        )
      })}
    </>
  )
}

/** Deliveries carry the reason's name; everything else its words. */
const reason = ({ kind, detail }: Problem, reasons: Record<string, string>) =>
  kind === 'delivery' && Object.hasOwn(reasons, detail) ? reasons[detail] : detail
